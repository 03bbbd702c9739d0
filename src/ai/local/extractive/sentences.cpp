#include "ai/local/extractive/sentences.hpp"

#include "ai/local/extractive/words.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unordered_set>

namespace persona::ai::extractive {
namespace {

using icu::UnicodeString;

constexpr std::size_t longest_unpunctuated = 200;
constexpr std::size_t longest_punctuated = 600;

std::string utf8(const UnicodeString& text) {
    std::string result;
    text.toUTF8String(result);
    return result;
}

bool abbreviation(const std::string& folded_word) {
    static const std::unordered_set<std::string_view> known = {"г", "гг", "ул", "д", "кв", "стр", "им", "т", "тыс", "млн", "млрд", "руб", "коп", "др", "пр", "рис", "табл", "см", "ст", "п", "пп", "обл", "проф", "акад", "тов", "зам", "гл",
                                                               "mr", "mrs", "ms", "dr", "prof", "st", "no", "vs", "e.g", "i.e", "etc", "inc", "ltd", "jr", "sr", "approx", "fig"};
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

bool opens_clause(const std::string& folded_word) {
    static const std::unordered_set<std::string_view> words = {"и", "а", "но", "потом", "затем", "поэтому", "значит", "так", "теперь", "дальше", "еще", "также", "если", "потому", "надо", "нужно", "давайте", "следующий",
                                                              "and", "but", "so", "then", "now", "because", "also", "next", "well", "if", "okay", "we", "i"};
    return words.contains(folded_word);
}

// Where to cut a run of words that is too long: after a comma if it has any, before a word that opens a clause, else between words.
std::size_t cut_at(std::string_view text, const std::vector<Word>& words, std::size_t limit) {
    std::size_t word = 0;
    std::size_t comma = 0;
    std::size_t clause = 0;
    for (std::size_t i = 1; i < words.size() && words[i].begin <= limit; ++i) {
        word = words[i].begin;
        if (word < limit / 2) continue;
        if (words[i - 1].after == ',' || words[i - 1].after == '.') comma = word;
        if (opens_clause(words[i].folded)) clause = word;
    }
    const std::size_t cut = comma > 0 ? comma : clause > 0 ? clause : word;
    if (cut > 0) return cut;
    std::size_t hard = std::min(limit, text.size());  // one endless word
    while (hard > 1 && (static_cast<unsigned char>(text[hard]) & 0xC0) == 0x80) --hard;
    return hard;
}

void cut_long(std::string_view text, std::vector<std::string>& out) {
    while (true) {
        const bool punctuated = text.find_first_of(",;:") < text.size();
        // Limits are in characters; Cyrillic letters take two bytes.
        const std::size_t per_character = static_cast<unsigned char>(text.empty() ? 0 : text[0]) >= 0x80 ? 2 : 1;
        const std::size_t limit = (punctuated ? longest_punctuated : longest_unpunctuated) * per_character;
        if (text.size() <= limit) break;
        const std::size_t cut = cut_at(text, words_of(text.substr(0, std::min(text.size(), limit + 64))), limit);
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
