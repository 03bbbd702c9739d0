#include "media/text_split.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>

#include "base/assert.hpp"
#include "base/error.hpp"

namespace persona::media {
namespace {

using icu::UnicodeString;

UnicodeString wide(std::string_view utf8) { return UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())}); }

std::string narrow(const UnicodeString& text) {
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

std::unique_ptr<icu::BreakIterator> opened(icu::BreakIterator* iterator, UErrorCode status) {
    std::unique_ptr<icu::BreakIterator> owned(iterator);
    if (U_FAILURE(status)) throw Error("ICU has no break rules: is its data package installed?");
    return owned;
}

struct Breaks {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> characters = opened(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status), status);
    std::unique_ptr<icu::BreakIterator> sentences = opened(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status), status);
};

// Each gives the length of the part that ends best within the first `limit` units of the window, 0 for none.
// The window reaches a little further than the limit, so that its end is not taken for a boundary.
int32_t after_paragraph(const UnicodeString& window, int32_t limit, Breaks&) {
    const int32_t at = window.lastIndexOf(UnicodeString(u"\n\n"), 0, limit);
    return at < 0 ? 0 : at + 2;
}

int32_t after_line(const UnicodeString& window, int32_t limit, Breaks&) { return window.lastIndexOf(u'\n', 0, limit) + 1; }

int32_t before(icu::BreakIterator& breaks, const UnicodeString& window, int32_t limit) {
    breaks.setText(window);
    const int32_t at = breaks.preceding(limit + 1);
    return at == icu::BreakIterator::DONE ? 0 : at;
}

int32_t after_sentence(const UnicodeString& window, int32_t limit, Breaks& breaks) { return before(*breaks.sentences, window, limit); }

int32_t after_word(const UnicodeString& window, int32_t limit, Breaks& breaks) {
    for (int32_t at = limit; at > 0; --at) {
        if (u_isUWhiteSpace(window[at - 1]) && before(*breaks.characters, window, at) == at) return at;
    }
    return 0;
}

int32_t after_character(const UnicodeString& window, int32_t limit, Breaks& breaks) { return before(*breaks.characters, window, limit); }

int32_t anywhere(const UnicodeString& window, int32_t limit, Breaks&) { return window.getChar32Start(limit); }

struct Cut {
    int32_t (*find)(const UnicodeString&, int32_t, Breaks&);
    int32_t least_share;  // a part shorter than limit / least_share would look like a scrap: try the next kind
};
constexpr std::array cuts = {Cut{after_paragraph, 2},       Cut{after_line, 2},    Cut{after_sentence, 3}, Cut{after_word, 4},
                             Cut{after_character, 1 << 20}, Cut{anywhere, 1 << 20}};

int32_t part_length(const UnicodeString& window, int32_t limit, Breaks& breaks) {
    for (const Cut& cut : cuts) {
        const int32_t length = cut.find(window, limit, breaks);
        if (length > 0 && length <= limit && length >= limit / cut.least_share) return length;
    }
    return limit;
}

bool blank(const UnicodeString& text) {
    for (int32_t i = 0; i < text.length(); ++i) {
        if (!u_isUWhiteSpace(text[i])) return false;
    }
    return true;
}

}  // namespace

std::vector<std::string> split_text(std::string_view utf8, std::size_t units) {
    PERSONA_ASSERT(units >= 2 && units <= (1U << 20));
    constexpr int32_t look_ahead = 64;
    const UnicodeString text = wide(utf8);
    const auto limit = static_cast<int32_t>(units);
    std::vector<std::string> parts;
    Breaks breaks;
    for (int32_t at = 0; at < text.length();) {
        const int32_t left = text.length() - at;
        const int32_t length = left <= limit ? left : part_length(text.tempSubString(at, std::min(left, limit + look_ahead)), limit, breaks);
        const UnicodeString part = text.tempSubString(at, length);
        if (!blank(part)) parts.push_back(narrow(part));
        at += length;
    }
    return parts;
}

std::size_t utf16_units(std::string_view utf8) { return static_cast<std::size_t>(wide(utf8).length()); }

std::size_t grapheme_count(std::string_view utf8) {
    const UnicodeString text = wide(utf8);
    UErrorCode status = U_ZERO_ERROR;
    const auto characters = opened(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status), status);
    characters->setText(text);
    std::size_t n = 0;
    while (characters->next() != icu::BreakIterator::DONE) ++n;
    return n;
}

}  // namespace persona::media
