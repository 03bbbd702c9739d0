#include "ai/local/extractive/dialogue.hpp"

#include <algorithm>

#include "ai/local/extractive/findings.hpp"
#include "ai/local/extractive/passages.hpp"
#include "ai/local/extractive/phrase.hpp"

namespace persona::ai {
namespace {

using namespace extractive;

constexpr std::size_t most_lines = 5;
constexpr std::size_t most_items = 15;

struct Words {
    std::array<const char*, 2> notes;  // in the order of Mode
    const char* owner;
    const char* due;
};
constexpr std::array all_words = {
    Words{{"Базовый режим: вот что в транскрипте подходит к вопросу, слово в слово.",
           "Языковая модель сейчас не отвечает. Базовый режим: вот что в транскрипте подходит к вопросу, слово в слово."},
          "ответственный",
          "срок"},
    Words{{"Basic mode: this is what in the transcript fits the question, word for word.",
           "The language model does not answer now. Basic mode: this is what in the transcript fits the question, word for word."},
          "owner",
          "due"},
};

using Lines = std::vector<std::string>;

template <class Item>
Lines listed(const std::vector<Item>& items, const Words& words) {
    Lines out;
    for (const Item& item : items) {
        std::string line = item.text, details;
        for (const auto& [key, value] : {std::pair{words.owner, item.owner}, std::pair{words.due, item.due}})
            if (!value.empty()) details += (details.empty() ? "" : ", ") + std::string(key) + ": " + value;
        out.push_back(details.empty() ? line : line + " (" + details + ")");
    }
    return out;
}

// Questions about a whole kind of things, known by their words.
struct Kind {
    std::vector<Phrase> asked;
    Lines (*answer)(const Findings&, const Words&);
};
const std::vector<Kind>& kinds() {
    constexpr std::string_view tasks[] = {"задач*", "поручен*", "поручил*", "сделать", "task|tasks|todo", "action item|items"};
    constexpr std::string_view terms[] = {"срок*", "дедлайн*", "deadline*", "due"};
    constexpr std::string_view decisions[] = {"решил*", "решен*", "постановил*", "decide|decided|decision|decisions|agreed"};
    constexpr std::string_view open[] = {"открыт* вопрос*", "нерешен*", "open question|questions"};
    static const auto* all = new std::vector<Kind>{
        {phrases(open), [](const Findings& f, const Words&) { return f.questions; }},
        {phrases(terms), [](const Findings& f, const Words& w) { return listed(f.deadlines, w); }},
        {phrases(tasks), [](const Findings& f, const Words& w) { return listed(f.tasks, w); }},
        {phrases(decisions), [](const Findings& f, const Words& w) { return listed(f.decisions, w); }},
    };
    return *all;
}

Lines of_a_kind(const Transcript& transcript, std::string_view question, const Words& words) {
    const auto asked = words_of(question);
    constexpr std::size_t general = 5;  // words; a longer question is about something in particular
    if (asked.size() > general) return {};
    for (const Kind& kind : kinds())
        if (contains(kind.asked, asked)) return kind.answer(findings_of(transcript), words);
    return {};
}

Lines fitting(const Transcript& transcript, std::string_view question) {
    Lines out;
    for (const std::size_t i : passages(transcript, question, most_lines)) {
        const Sentence& sentence = transcript.sentences[i];
        out.push_back(place_of(transcript.remarks[sentence.remark]) + sentence.text);
    }
    return out;
}

}  // namespace

std::optional<std::string> find_answer(std::string_view text, std::string_view question, Language language, Mode mode) {
    const Words& words = all_words[static_cast<std::size_t>(language)];
    const Transcript transcript = transcript_of(text);
    Lines lines = of_a_kind(transcript, question, words);
    if (lines.empty()) lines = fitting(transcript, question);
    if (lines.empty()) return std::nullopt;
    std::string out = std::string(words.notes[static_cast<std::size_t>(mode)]) + "\n";
    for (std::size_t i = 0; i < std::min(lines.size(), most_items); ++i) out += "\n• " + lines[i];
    return out;
}

Task<std::expected<Reply, DialogueError>> ExtractiveDialogue::answer(DialogueQuestion question, Heard, Deadline) const {
    auto text = co_await pool_.run([&] { return find_answer(question.transcript, question.text, question.language, mode_); });
    if (!text) co_return std::unexpected(DialogueError::nothing_found);
    co_return Reply{std::move(*text), mode_};
}

}  // namespace persona::ai
