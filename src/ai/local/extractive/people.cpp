#include "ai/local/extractive/people.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace persona::ai::extractive {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view russian_names =
    "александр алексей анатолий андрей антон аркадий арсений артем артур богдан борис вадим валентин валерий василий виктор виталий владимир "
    "владислав вячеслав геннадий георгий герман глеб григорий даниил данил денис дмитрий "
    "евгений егор иван игорь илья кирилл константин леонид максим матвей михаил никита николай олег павел петр родион руслан святослав семен сергей "
    "станислав степан тимофей тимур федор филипп эдуард юрий яков ярослав ринат рустам "
    "александра алена алина алиса алла анастасия ангелина анна антонина валентина валерия вероника виктория галина дарья диана ева евгения екатерина "
    "елена елизавета жанна зинаида зоя инна ирина карина кира кристина ксения лариса лидия "
    "лилия людмила маргарита марина мария милана наталья наталия нина оксана олеся ольга полина раиса регина светлана снежана софия софья таисия "
    "тамара татьяна ульяна юлия яна эльвира "
    "саша маша лена катя дима сережа паша оля таня наташа юля настя миша коля вова петя ваня женя ира аня даша ксюша толя леша гриша витя гена стас "
    "макс вика лиза аркаша леня валера юра";
// Words of the language too: only with a capital.
constexpr std::string_view russian_also_words = "вера надежда любовь роман слава лев майя марк света рома костя соня рита лера тим ян роза";
constexpr std::string_view english_names =
    "james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony steven paul andrew joshua kenneth "
    "kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan "
    "stephen larry justin scott brandon benjamin samuel gregory alexander patrick jack dennis jerry tyler aaron jose adam nathan henry peter kyle "
    "ethan jeremy walter christian keith roger noah sean austin martin tom tim sam ben dan mike "
    "dave steve chris alex nick joe jim bob greg jeff andy tony mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy "
    "betty margaret sandra ashley kimberly emily donna michelle carol amanda melissa deborah "
    "stephanie rebecca laura sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine rachel "
    "carolyn janet maria heather diane julie olivia joyce victoria kelly christina lauren sophia "
    "elena priya kate julia alice claire megan hannah lucy sophie oliver liam victor igor ivan olga anita raj wei chen fatima omar ahmed carlos "
    "diego luis";
constexpr std::string_view english_also_words =
    "mark will grace hope may june april rose frank bill rob grant dawn joy faith art jay pat sue ray drew chase max ruth";

void each_word(std::string_view list, auto&& act) {
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(' ', at), list.size());
        act(list.substr(at, end - at));
        at = end + 1;
    }
}

// Endings of Russian names and surnames by the nominative's; the first row that fits is used.
struct Declension {
    std::string_view nominative;
    std::array<std::string_view, 6> others;
};
constexpr std::array<Declension, 12> declensions = {{
    {"ский", {"ского", "скому", "ским", "ском"}},
    {"ская", {"ской", "скую"}},
    {"ова", {"овой", "ову"}},
    {"ева", {"евой", "еву"}},
    {"ина", {"иной", "ину", "ины", "ине"}},
    {"ия", {"ии", "ию", "ией"}},
    {"ий", {"ия", "ию", "ием", "ии"}},
    {"а", {"ы", "и", "е", "у", "ой", "ей"}},
    {"я", {"и", "е", "ю", "ей"}},
    {"й", {"я", "ю", "ем", "е"}},
    {"ь", {"я", "ю", "ем", "е"}},
    {"", {"а", "у", "ом", "е", "ым"}},
}};
// Names whose stem changes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> changing = {{{"павел", "павл"}, {"лев", "льв"}}};

std::vector<std::string> russian_forms(std::string_view name) {
    std::vector<std::string> forms = {std::string(name)};
    for (const auto& [nominative, stem] : changing) {
        if (name != nominative) continue;
        for (const std::string_view ending : {"а"sv, "у"sv, "ом"sv, "е"sv}) forms.push_back(std::string(stem).append(ending));
        return forms;
    }
    const auto row = std::ranges::find_if(declensions, [&](const Declension& d) { return name.ends_with(d.nominative); });
    const std::string_view stem = name.substr(0, name.size() - row->nominative.size());
    for (const std::string_view ending : row->others) {
        if (!ending.empty()) forms.push_back(std::string(stem).append(ending));
    }
    return forms;
}

std::vector<std::string> forms_of(std::string_view name, Language language) {
    if (language == Language::ru) return russian_forms(name);
    return {std::string(name), std::string(name) + "'s", std::string(name) + "'ll"};
}

std::string capitalised(std::string_view word) {
    std::string result;
    icu::UnicodeString text = icu::UnicodeString::fromUTF8({word.data(), static_cast<int32_t>(word.size())});
    text.replace(0, 1, text.tempSubString(0, 1).toUpper()).toUTF8String(result);
    return result;
}

bool patronymic(std::string_view folded) {
    constexpr std::array endings = {"ович"sv, "евич"sv, "ьич"sv,  "овна"sv,  "евна"sv,  "ична"sv,  "овне"sv,  "евне"sv, "ичне"sv,
                                    "овну"sv, "евну"sv, "ичну"sv, "овича"sv, "евича"sv, "овичу"sv, "евичу"sv, "овны"sv, "евны"sv};
    return std::ranges::any_of(endings, [&](std::string_view e) { return folded.ends_with(e); });
}

// Words that labels have beside the name: "Speaker 1", "Анна (юрист)" keeps only Анна.
bool of_a_label(std::string_view folded) {
    return folded == "спикер" || folded == "speaker" || folded == "участник" || folded == "говорящий" || folded == "голос" || folded == "voice" ||
           folded == "mr" || folded == "mrs" || folded == "dr";
}

}  // namespace

People::People(const Transcript& transcript) : language_(transcript.language), cased_(transcript.cased) {
    for (const std::string& label : transcript.speakers) add_speaker(label);
    const bool russian = language_ == Language::ru;
    each_word(russian ? russian_names : english_names, [&](std::string_view name) { add(name, {capitalised(name)}); });
    each_word(russian ? russian_also_words : english_also_words, [&](std::string_view name) { add(name, {capitalised(name), true}); });
}

void People::add(std::string_view folded_name, const Known& known) {
    for (std::string& form : forms_of(folded_name, language_)) by_form_.try_emplace(std::move(form), known);
}

// Each word of a label calls its speaker, unless two speakers share it ("Анна Ким", "Анна Ли"): then the first one spoken wins.
void People::add_speaker(const std::string& label) {
    const std::string name = label.substr(0, label.find(" ("));
    for (const Word& word : words_of(name)) {
        if (of_a_label(word.folded) || patronymic(word.folded) || word.folded.size() < 3 ||
            std::isdigit(static_cast<unsigned char>(word.folded[0])) != 0)
            continue;
        add(word.folded, {name, false, true});
    }
}

Person People::at(std::span<const Word> words, std::size_t at) const {
    const auto found = by_form_.find(words[at].folded);
    if (found == by_form_.end() || stop_word(language_, words[at].folded)) return {};
    const Known& known = found->second;
    if (cased_ ? !words[at].capital : known.also_word) return {};
    std::size_t size = 1;
    while (at + size < words.size() && size < 3 && words[at + size - 1].after == ' ') {
        const Word& next = words[at + size];
        const auto same = by_form_.find(next.folded);
        const bool of_same_speaker = known.speaker && same != by_form_.end() && same->second.name == known.name && (next.capital || !cased_);
        if (!patronymic(next.folded) && !of_same_speaker) break;
        ++size;
    }
    return {known.name, size};
}

}  // namespace persona::ai::extractive
