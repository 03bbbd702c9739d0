#include "ai/local/extractive/sentences.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <unordered_set>

#include "ai/local/extractive/words.hpp"
#include "base/error.hpp"

namespace persona::ai::extractive {
namespace {

using icu::UnicodeString;

constexpr std::size_t longest_unpunctuated = 160;
constexpr std::size_t longest_punctuated = 600;

std::string utf8(const UnicodeString& text) {
    std::string result;
    text.toUTF8String(result);
    return result;
}

bool abbreviation(const std::string& folded_word) {
    static const std::unordered_set<std::string_view> known = {"г",    "гг",   "ул",  "д",   "кв",  "стр",  "им",  "т",  "тыс", "млн",    "млрд",
                                                               "руб",  "коп",  "др",  "пр",  "рис", "табл", "см",  "ст", "п",   "пп",     "обл",
                                                               "проф", "акад", "тов", "зам", "гл",  "mr",   "mrs", "ms", "dr",  "prof",   "st",
                                                               "no",   "vs",   "e.g", "i.e", "etc", "inc",  "ltd", "jr", "sr",  "approx", "fig"};
    return known.contains(folded_word);
}

// "…на ул." or "А. С." goes on in the next piece.
bool unfinished(std::string_view piece) {
    if (!piece.ends_with('.')) return false;
    const auto words = words_of(piece.substr(piece.size() - std::min<std::size_t>(piece.size(), 24)));
    if (words.empty()) return false;
    const Word& last = words.back();
    const bool initial = last.capital && (last.folded.size() == 1 || (last.folded.size() == 2 && static_cast<unsigned char>(last.folded[0]) >= 0x80));
    return initial || abbreviation(last.folded);
}

using Table = std::unordered_set<std::string_view>;

// Words that open a new thought in speech, and words that open a clause at least.
const Table& openers() {
    static const Table words = {"решили",  "договорились", "утверждаем", "поручаю",   "поручаем", "переходим", "давайте", "итак",
                                "хорошо",  "отлично",      "следующий",  "следующая", "ладно",    "коллеги",   "спасибо", "потом",
                                "затем",   "дальше",       "значит",     "поэтому",   "теперь",   "нужно",     "надо",    "okay",
                                "ok",      "so",           "then",       "next",      "well",     "now",       "let's",   "thanks",
                                "alright", "also",         "finally",    "anyway",    "we",       "i'll",      "we'll",   "please"};
    return words;
}
const Table& clause_openers() {
    static const Table words = {"а",   "но", "если", "потому",  "когда", "чтобы", "который", "которая", "которые", "мы", "я",   "они", "он",  "она",
                                "это", "у",  "but",  "because", "if",    "when",  "which",   "i",       "they",    "he", "she", "it",  "that"};
    return words;
}
// A word that ties what follows to what stands before: no cut in front of it ("the list | by Friday").
bool ties(const Word& word) {
    static const Table words = {"до", "к",  "ко", "по", "с",  "со", "в",  "во", "на", "за",  "от",   "из", "о",      "об",    "для",  "без",
                                "не", "ли", "же", "бы", "to", "of", "in", "on", "at", "for", "with", "by", "before", "until", "from", "not"};
    return words.contains(word.folded);
}
// A word that leans on the next one: no cut after it.
bool leans(const Word& word) {
    static const Table words = {"до",   "к",  "ко",  "по",  "с",    "со",       "в",        "во",   "на",  "за",  "от",  "из",   "у",
                                "о",    "об", "не",  "и",   "а",    "но",       "что",      "для",  "при", "без", "под", "над",  "мы",
                                "я",    "он", "она", "они", "это",  "двадцать", "тридцать", "если", "to",  "of",  "the", "a",    "an",
                                "in",   "on", "at",  "for", "with", "by",       "and",      "but",  "or",  "not", "is",  "are",  "was",
                                "will", "we", "i",   "he",  "she",  "they",     "it",       "that", "if",  "my",  "our", "your", "so"};
    return words.contains(word.folded) || (word.folded[0] >= '0' && word.folded[0] <= '9');
}

// Where to cut a run of words that is too long: after a comma if it has any, else before a word that opens a thought or a clause,
// else between two words.
std::size_t cut_at(const std::vector<Word>& words, std::size_t limit) {
    std::size_t any = 0;
    std::size_t word = 0;
    std::size_t comma = 0;
    std::size_t opener = 0;
    std::size_t clause = 0;
    std::size_t conjunction = 0;
    for (std::size_t i = 1; i < words.size() && words[i].begin <= limit; ++i) {
        any = words[i].begin;
        if (any < limit / 3 || leans(words[i - 1])) continue;
        if (!ties(words[i])) word = any;
        if (words[i].folded == "и" || words[i].folded == "and") conjunction = any;
        if (words[i - 1].after == ',' || words[i - 1].after == '.') comma = any;
        if (openers().contains(words[i].folded)) opener = any;
        if (clause_openers().contains(words[i].folded)) clause = any;
    }
    for (const std::size_t cut : {comma, opener, clause, conjunction, word, any}) {
        if (cut > 0) return cut;
    }
    return 0;
}

// Within one endless word, between two characters.
std::size_t hard_cut(std::string_view text, std::size_t limit) {
    while (limit > 1 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    return limit;
}

void cut_long(std::string_view text, std::vector<std::string>& out) {
    while (true) {
        // Limits are in characters; Cyrillic letters take two bytes.
        const std::size_t per_character = static_cast<unsigned char>(text.empty() ? 0 : text[0]) >= 0x80 ? 2 : 1;
        const bool punctuated = text.substr(0, 2 * longest_unpunctuated * per_character).find_first_of(",;:") != std::string_view::npos;
        const std::size_t limit = (punctuated ? longest_punctuated : longest_unpunctuated) * per_character;
        if (text.size() <= limit) break;
        const std::string_view window = text.substr(0, limit + longest_unpunctuated);
        const std::size_t found = cut_at(words_of(window), limit);
        const std::size_t cut = found > 0 ? found : hard_cut(text, limit);
        std::string_view piece = text.substr(0, cut);
        while (piece.ends_with(' ')) piece.remove_suffix(1);
        if (!piece.empty()) out.emplace_back(piece);
        text.remove_prefix(cut);
        while (text.starts_with(' ')) text.remove_prefix(1);
    }
    if (!text.empty()) out.emplace_back(text);
}

}  // namespace

struct SentenceBreaker::Rules {
    std::unique_ptr<icu::BreakIterator> iterator;
};

SentenceBreaker::SentenceBreaker(Language language) : rules_(std::make_unique<Rules>()) {
    UErrorCode status = U_ZERO_ERROR;
    rules_->iterator.reset(icu::BreakIterator::createSentenceInstance(icu::Locale(language == Language::ru ? "ru" : "en"), status));
    if (U_FAILURE(status)) throw Error("ICU has no break rules: is its data package installed?");
}

SentenceBreaker::~SentenceBreaker() = default;

std::vector<std::string> SentenceBreaker::sentences(std::string_view text) {
    const UnicodeString wide = UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    rules_->iterator->setText(wide);
    std::vector<std::string> result;
    std::string open;
    for (int32_t begin = 0, end = rules_->iterator->next(); end != icu::BreakIterator::DONE; begin = end, end = rules_->iterator->next()) {
        UnicodeString piece = wide.tempSubStringBetween(begin, end);
        piece.trim();
        if (piece.isEmpty()) continue;
        open += (open.empty() ? "" : " ") + utf8(piece);
        if (unfinished(open) && open.size() < longest_punctuated) continue;
        cut_long(open, result);
        open.clear();
    }
    if (!open.empty()) cut_long(open, result);
    return result;
}

}  // namespace persona::ai::extractive
