#include "ai/local/extractive/lines.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>
#include <utility>

#include "ai/local/extractive/words.hpp"

namespace persona::ai::extractive {
namespace {

using namespace std::string_view_literals;

constexpr bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string single_spaced(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool no_break = text.substr(i, 2) == "\xC2\xA0";
        if (no_break) ++i;
        if (no_break || blank(text[i])) {
            if (!result.empty() && result.back() != ' ') result += ' ';
        } else {
            result += text[i];
        }
    }
    return std::string(trimmed(result));
}

// "1:02", "00:01:20", "00:01:20,500": its length, 0 for none.
std::size_t clock_size(std::string_view text) {
    std::size_t at = 0;
    int groups = 0;
    while (groups < 3) {
        std::size_t digits = 0;
        while (at + digits < text.size() && digit(text[at + digits])) ++digits;
        if (digits == 0 || digits > 2) return 0;
        at += digits;
        if (++groups == 3 || at >= text.size() || text[at] != ':') break;
        ++at;
    }
    if (groups < 2) return 0;
    if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && digit(text[at + 1])) {
        for (++at; at < text.size() && digit(text[at]);) ++at;
    }
    return at;
}

struct Stamp {
    std::string time;
    std::size_t size = 0;
    bool range = false;  // "from --> to", as captions have it
};

// A time in brackets, or one that a dash, a bracketless name or nothing follows. "10:30 мы выехали" is speech.
Stamp stamp_of(std::string_view line) {
    const bool bracket = line.starts_with('[') || line.starts_with('(');
    std::size_t at = bracket ? 1 : 0;
    const std::size_t size = clock_size(line.substr(at));
    if (size == 0) return {};
    Stamp stamp{.time = std::string(line.substr(at, size))};
    at += size;
    for (const std::string_view dash : {" --> "sv, " - "sv, " – "sv, "-"sv, "–"sv}) {
        if (!line.substr(at).starts_with(dash)) continue;
        const std::size_t second = clock_size(line.substr(at + dash.size()));
        if (second == 0) continue;
        at += dash.size() + second;
        stamp.range = true;
        break;
    }
    if (bracket && !(line.substr(at).starts_with(']') || line.substr(at).starts_with(')'))) return {};
    at += bracket ? 1 : 0;
    const bool marked = bracket || stamp.range || at == line.size() || line.substr(at).starts_with(" - ") || line.substr(at).starts_with(" – ") ||
                        line.substr(at).starts_with(" — ") || std::ranges::count(stamp.time, ':') == 2;
    if (!marked) return {};
    stamp.size = at;
    if (const auto fraction = stamp.time.find_first_of(".,"); fraction != std::string::npos) stamp.time.resize(fraction);
    return stamp;
}

std::string_view after_dashes(std::string_view text) {
    text = trimmed(text);
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view mark : {"- "sv, "– "sv, "— "sv, ": "sv}) {
            if (text.starts_with(mark)) text = trimmed(text.substr(mark.size())), again = true;
        }
    }
    return text;
}

// A bullet, or "1." / "2)": its length.
std::size_t item_size(std::string_view text) {
    for (const std::string_view mark : {"- "sv, "– "sv, "— "sv, "• "sv, "* "sv, "[ ] "sv, "☐ "sv, "🔹 "sv}) {
        if (text.starts_with(mark)) return mark.size();
    }
    std::size_t digits = 0;
    while (digits < text.size() && digit(text[digits])) ++digits;
    const bool numbered =
        digits > 0 && digits < 3 && digits + 1 < text.size() && (text[digits] == '.' || text[digits] == ')') && text[digits + 1] == ' ';
    return numbered ? digits + 2 : 0;
}

// Words that stand before a colon and are nobody's name.
bool label(std::string_view folded_word) {
    static const std::unordered_set<std::string_view> labels = {
        "итого",        "важно",         "внимание",    "примечание", "тема",      "дата",      "время",     "место",        "повестка",
        "решение",      "решения",       "решили",      "задача",     "задачи",    "вопрос",    "вопросы",   "участники",    "присутствовали",
        "срок",         "сроки",         "итог",        "итоги",      "вывод",     "выводы",    "далее",     "кстати",       "например",
        "договорились", "ответственный", "адрес",       "телефон",    "пункт",     "первое",    "второе",    "третье",       "протокол",
        "встреча",      "ответ",         "постановили", "решено",     "принято",   "утвердили", "слушали",   "выступили",    "голосовали",
        "нужно",        "надо",          "план",        "планы",      "цель",      "resolved",  "agreed",    "decided",      "approved",
        "goal",         "plan",          "note",        "notes",      "important", "topic",     "date",      "time",         "place",
        "agenda",       "decision",      "decisions",   "task",       "tasks",     "question",  "questions", "participants", "attendees",
        "deadline",     "deadlines",     "summary",     "conclusion", "action",    "actions",   "ps",        "example",      "remember",
        "answer",       "address",       "phone",       "first",      "second",    "third",     "meeting",   "subject",      "owner",
        "due",          "todo",          "http",        "https"};
    return labels.contains(folded_word);
}

// "Anna:", "Ольга Сергеевна (юрист):", "Speaker 1:": the name's bytes, 0 for none.
std::size_t speaker_size(std::string_view line) {
    constexpr std::size_t longest = 80;
    const std::size_t colon = line.substr(0, longest).find(':');
    if (colon == std::string_view::npos || colon == 0 || (colon + 1 < line.size() && !blank(line[colon + 1]))) return 0;
    const std::string_view name = line.substr(0, colon);
    if (name.find_first_of(".,;!?\"") != std::string_view::npos && !name.ends_with('.') && name.find(". ") == std::string_view::npos) return 0;
    const auto words = words_of(name);
    if (words.empty() || words.size() > 5 || label(words[0].folded)) return 0;
    const auto fits = [](const Word& word) { return word.capital || digit(word.folded[0]); };
    return words[0].capital && (fits(words[words.size() - 1]) || name.ends_with(')')) && (words.size() < 2 || fits(words[1]) || name.contains('('))
               ? colon
               : 0;
}

bool counter(std::string_view line) { return !line.empty() && line.size() < 7 && std::ranges::all_of(line, digit); }

// Marks of recognisers for what is no speech.
bool sound_mark(std::string_view line) {
    static constexpr std::array marks = {"[BLANK_AUDIO]"sv, "[MUSIC]"sv,  "[Music]"sv, "[музыка]"sv, "[Музыка]"sv,
                                         "[silence]"sv,     "[тишина]"sv, "WEBVTT"sv,  "♪"sv};
    return std::ranges::find(marks, line) != marks.end();
}

TranscriptLine line_of(std::string_view raw, std::string& pending_time) {
    TranscriptLine line;
    std::string_view rest = raw;
    if (const std::size_t bullet = item_size(rest)) {
        rest = trimmed(rest.substr(bullet));
        line.item = true;
    }
    if (const Stamp stamp = stamp_of(rest); stamp.size > 0) {
        line.time = stamp.time;
        rest = after_dashes(rest.substr(stamp.size));
    } else {
        line.time = std::exchange(pending_time, {});
    }
    if (const std::size_t name = speaker_size(rest)) {
        line.speaker = single_spaced(rest.substr(0, name));
        rest = trimmed(rest.substr(name + 1));
    }
    line.text = single_spaced(rest);
    return line;
}

// A name said once before a colon may be a heading. In a dialogue, names come back or open most lines.
void drop_chance_speakers(std::vector<TranscriptLine>& lines) {
    std::map<std::string, std::size_t> times;
    std::size_t named = 0;
    for (const auto& line : lines) {
        if (line.speaker.empty()) continue;
        ++times[line.speaker];
        ++named;
    }
    for (auto& line : lines) {
        if (line.speaker.empty() || times[line.speaker] > 1 || named * 2 > lines.size()) continue;
        line.text = line.speaker + ": " + line.text;
        line.speaker.clear();
    }
}

}  // namespace

std::vector<TranscriptLine> lines_of(std::string_view text) {
    std::vector<TranscriptLine> lines;
    std::string pending_time;
    bool after_blank = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view raw = trimmed(text.substr(at, end - at));
        at = end + 1;
        if (raw.empty()) {
            after_blank = true;
            continue;
        }
        if (counter(raw) || sound_mark(raw)) continue;
        TranscriptLine line = line_of(raw, pending_time);
        if (line.text.empty() && line.speaker.empty()) {
            pending_time = line.time;
            continue;
        }
        line.after_blank = std::exchange(after_blank, false);
        lines.push_back(std::move(line));
    }
    drop_chance_speakers(lines);
    return lines;
}

}  // namespace persona::ai::extractive
