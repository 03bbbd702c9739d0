// Classes of words that patterns name: dates, numbers and forms of verbs, told by endings and closed lists.
#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "ai/local/extractive/phrase.hpp"

namespace persona::ai::extractive {
namespace {

using namespace std::string_view_literals;
using Words = std::unordered_set<std::string_view>;

bool begins(const Word& word, std::span<const std::string_view> beginnings) {
    return std::ranges::any_of(beginnings, [&](std::string_view b) { return word.folded.starts_with(b); });
}
bool ends(const Word& word, std::span<const std::string_view> endings) {
    return std::ranges::any_of(endings, [&](std::string_view e) { return word.folded.ends_with(e) && word.folded.size() > e.size(); });
}

// The number a word starts with, and what follows it.
struct Number {
    int value = -1;
    std::string_view rest;
};
Number number(std::string_view text) {
    Number n;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n.value);
    if (error != std::errc{}) return {};
    n.rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return n;
}

bool month(const Word& word) {
    static constexpr std::array beginnings = {"январ"sv, "феврал"sv, "апрел"sv, "август"sv, "сентябр"sv, "октябр"sv, "ноябр"sv, "декабр"sv};
    static const Words exact = {"марта", "март", "марту", "марте",  "май",       "мая",     "маю",      "мае",      "июнь",  "июня",
                                "июню",  "июне", "июль",  "июля",   "июлю",      "июле",    "january",  "february", "march", "april",
                                "may",   "june", "july",  "august", "september", "october", "november", "december", "jan",   "feb",
                                "mar",   "apr",  "jun",   "jul",    "aug",       "sep",     "sept",     "oct",      "nov",   "dec"};
    return begins(word, beginnings) || exact.contains(word.folded);
}

bool weekday(const Word& word) {
    static constexpr std::array beginnings = {"понедельник"sv, "вторник"sv,   "четверг"sv,  "пятниц"sv, "суббот"sv,   "воскресень"sv, "monday"sv,
                                              "tuesday"sv,     "wednesday"sv, "thursday"sv, "friday"sv, "saturday"sv, "sunday"sv};
    static const Words exact = {"среда", "среду", "среды", "среде"};
    return begins(word, beginnings) || exact.contains(word.folded);
}

bool day(const Word& word) {
    static constexpr std::array suffixes = {""sv, "-го"sv, "-е"sv, "-му"sv, "-ое"sv, "st"sv, "nd"sv, "rd"sv, "th"sv};
    static constexpr std::array ordinals = {"перв"sv,        "втор"sv,        "треть"sv,     "четверт"sv,    "пят"sv,        "шест"sv,
                                            "седьм"sv,       "восьм"sv,       "девят"sv,     "десят"sv,      "одиннадцат"sv, "двенадцат"sv,
                                            "тринадцат"sv,   "четырнадцат"sv, "пятнадцат"sv, "шестнадцат"sv, "семнадцат"sv,  "восемнадцат"sv,
                                            "девятнадцат"sv, "двадцат"sv,     "тридцат"sv};
    static constexpr std::array ordinal_endings = {"ого"sv, "его"sv, "ому"sv, "ему"sv, "ое"sv, "ье"sv};
    static const Words english = {"first",         "second",       "third",         "fourth",       "fifth",      "sixth",       "seventh",
                                  "eighth",        "ninth",        "tenth",         "eleventh",     "twelfth",    "thirteenth",  "fourteenth",
                                  "fifteenth",     "sixteenth",    "seventeenth",   "eighteenth",   "nineteenth", "twentieth",   "twenty-first",
                                  "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "thirtieth",  "thirty-first"};
    const Number n = number(word.folded);
    if (n.value >= 0) return n.value >= 1 && n.value <= 31 && std::ranges::find(suffixes, n.rest) != suffixes.end();
    return (begins(word, ordinals) && ends(word, ordinal_endings)) || english.contains(word.folded);
}

bool tens(const Word& word) { return word.folded == "двадцать" || word.folded == "тридцать" || word.folded == "twenty" || word.folded == "thirty"; }

bool year(const Word& word) {
    const Number n = number(word.folded);
    return n.value >= 1990 && n.value < 2200 && n.rest.empty();
}

// 15.03, 15.03.2026, 3/15, 2026-03-15
bool date(const Word& word) {
    const Number first = number(word.folded);
    if (first.value < 1 || first.rest.size() < 2 || !(first.rest[0] == '.' || first.rest[0] == '/' || first.rest[0] == '-')) return false;
    const Number second = number(first.rest.substr(1));
    if (first.value > 31)
        return year({.folded = std::to_string(first.value)}) && second.value >= 1 && second.value <= 12 && second.rest.size() >= 2 &&
               first.rest[0] == '-';
    const bool in_range = second.value >= 1 && second.value <= (first.rest[0] == '/' ? 31 : 12);
    const bool two_digits = first.rest[0] == '/' || (first.rest[0] == '.' && first.rest.size() >= 3 &&
                                                     (second.rest.empty() ? first.rest[1] == '0' || first.rest[1] == '1' : true));
    return in_range && two_digits && (second.rest.empty() || second.rest[0] == first.rest[0]);
}

// 15:00, 9:30
bool time(const Word& word) {
    const Number hours = number(word.folded);
    return hours.value >= 0 && hours.value < 24 && hours.rest.size() == 3 && hours.rest[0] == ':';
}

bool count(const Word& word) {
    static const Words words = {"один",  "одну",  "одного", "два",  "две",    "двух",   "три",    "трех",   "четыре",  "четырех", "пять", "пяти",
                                "шесть", "шести", "семь",   "семи", "восемь", "девять", "десять", "десяти", "полтора", "пару",    "one",  "two",
                                "three", "four",  "five",   "six",  "seven",  "eight",  "nine",   "ten",    "a",       "couple",  "few"};
    const Number n = number(word.folded);
    return (n.value >= 0 && n.rest.empty()) || words.contains(word.folded);
}

bool infinitive(const Word& word) {
    static constexpr std::array endings = {"ать"sv, "ять"sv,  "ить"sv,  "еть"sv,  "уть"sv, "ыть"sv,  "оть"sv,  "сть"sv, "зть"sv,
                                           "йти"sv, "ести"sv, "езти"sv, "асти"sv, "чь"sv,  "ться"sv, "тись"sv, "чься"sv};
    static constexpr std::array nouns = {"ость"sv, "есть"sv, "часть"sv, "ласть"sv, "дцать"sv, "новости"sv, "ности"sv, "асти"sv};
    static const Words exceptions = {"пять",    "девять", "десять", "опять",    "память", "печать", "кровать", "тетрадь", "сеть",
                                     "нефть",   "смерть", "треть",  "четверть", "речь",   "ночь",   "дочь",    "мать",    "площадь",
                                     "очередь", "путь",   "суть",   "чуть",     "будь",   "нить",   "прочь",   "сплошь",  "страсть",
                                     "власть",  "шерсть", "честь",  "месть",    "весть",  "хоть",   "плоть",   "вести"};
    if (exceptions.contains(word.folded) || word.folded.size() < 8) return false;  // 8 bytes: four Russian letters
    if (word.folded == "провести" || word.folded == "внести" || word.folded == "перенести" || word.folded == "учесть") return true;
    return ends(word, endings) && !ends(word, nouns);
}

// Perfective verbs of tasks by their stems; with the endings of the future they promise, with those of the imperative they ask.
bool task_verb(std::string_view stem_and_more) {
    static constexpr std::array stems = {
        "подготов"sv, "отправ"sv,   "сдела"sv,  "провер"sv, "напиш"sv,     "пришл"sv,      "собер"sv,     "соглас"sv,    "организу"sv,  "уточн"sv,
        "закро"sv,    "выложи"sv,   "выложу"sv, "обнов"sv,  "состав"sv,    "переда"sv,     "провед"sv,    "настро"sv,    "исправ"sv,    "найд"sv,
        "позвон"sv,   "закаж"sv,    "куп"sv,    "оформ"sv,  "опубликую"sv, "опубликует"sv, "опубликуй"sv, "предостав"sv, "разработа"sv, "заверш"sv,
        "обеспеч"sv,  "назнач"sv,   "созвон"sv, "свяж"sv,   "подпиш"sv,    "запу"sv,       "внес"sv,      "добав"sv,     "посчита"sv,   "рассчита"sv,
        "изуч"sv,     "посмотр"sv,  "занес"sv,  "поправ"sv, "подключ"sv,   "перенес"sv,    "удал"sv,      "запрос"sv,    "запрош"sv,    "поговор"sv,
        "обсуд"sv,    "распиш"sv,   "опиш"sv,   "покаж"sv,  "доработа"sv,  "перепиш"sv,    "подбер"sv,    "выбер"sv,     "разошл"sv,    "возьм"sv,
        "доложи"sv,   "доложу"sv,   "сообщ"sv,  "узна"sv,   "заполн"sv,    "дад"sv,        "дам"sv,       "дай"sv,       "скин"sv,      "поставл"sv,
        "постав"sv,   "дозвон"sv,   "выясн"sv,  "займ"sv,   "приготов"sv,  "договор"sv,    "заключ"sv,    "оплат"sv,     "оплач"sv,     "зарегистр"sv,
        "поруч"sv,    "протест"sv,  "включ"sv,  "заказ"sv,  "привез"sv,    "забер"sv,      "предупре"sv,  "свер"sv,      "загруз"sv,    "загруж"sv,
        "установ"sv,  "представ"sv, "верн"sv,   "попрош"sv, "попрос"sv};
    return std::ranges::any_of(stems, [&](std::string_view s) { return stem_and_more.starts_with(s); });
}
bool promise(const Word& word) {
    static constexpr std::array endings = {"ю"sv, "у"sv, "юсь"sv, "усь"sv, "дам"sv};
    return task_verb(word.folded) && (ends(word, endings) || word.folded == "дам");
}
bool future(const Word& word) {
    static constexpr std::array endings = {"ит"sv, "ет"sv, "ят"sv, "ат"sv, "ют"sv, "ут"sv, "ится"sv, "ется"sv, "даст"sv, "дадут"sv};
    static constexpr std::array nouns = {"отчет"sv, "расчет"sv, "договорит"sv};
    return task_verb(word.folded) && ends(word, endings) && !begins(word, nouns);
}
bool imperative(const Word& word) {
    static constexpr std::array plural = {"йте"sv, "ите"sv, "ьте"sv, "йтесь"sv, "итесь"sv, "ьтесь"sv};
    static constexpr std::array singular = {"ь"sv, "й"sv, "и"sv, "ись"sv, "йся"sv};
    static constexpr std::array others = {"ть"sv, "ий"sv, "ый"sv, "ой"sv, "ли"sv};
    return task_verb(word.folded) && (ends(word, plural) || (ends(word, singular) && !ends(word, others)));
}

bool any(const Word& word) { return !word.folded.empty(); }
// Not an adverb or a state: what may follow "Anna will".
bool act(const Word& word) {
    static const Words states = {"be",     "not",  "have",  "see",  "never", "always",     "also",     "probably", "likely",
                                 "then",   "cost", "take",  "need", "want",  "know",       "become",   "help",     "work",
                                 "happen", "get",  "go",    "say",  "think", "understand", "remember", "agree",    "rather",
                                 "like",   "love", "start", "come", "still", "just",       "pay",      "let"};
    return !states.contains(word.folded) && !word.folded.empty() && static_cast<unsigned char>(word.folded[0]) < 0x80;
}

constexpr std::array<std::pair<std::string_view, WordClass>, 14> classes = {{{"month", month},
                                                                             {"weekday", weekday},
                                                                             {"day", day},
                                                                             {"tens", tens},
                                                                             {"year", year},
                                                                             {"date", date},
                                                                             {"time", time},
                                                                             {"count", count},
                                                                             {"infinitive", infinitive},
                                                                             {"promise", promise},
                                                                             {"future", future},
                                                                             {"imperative", imperative},
                                                                             {"any", any},
                                                                             {"act", act}}};

}  // namespace

WordClass word_class(std::string_view name) {
    const auto* found = std::ranges::find(classes, name, &std::pair<std::string_view, WordClass>::first);
    return found == classes.end() ? nullptr : found->second;
}

}  // namespace persona::ai::extractive
