#include "media/text_file_charset.hpp"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace persona::media {
namespace {

using Decoded = std::optional<icu::UnicodeString>;

// A detector needs no more than this to be sure.
constexpr std::size_t sample_bytes = 64 << 10;

icu::UnicodeString decode(ByteView bytes, const char* charset) {
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<int32_t>(bytes.size()), charset};
}

int count(const icu::UnicodeString& text, auto&& wanted) {
    int n = 0;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) n += wanted(text.char32At(i)) ? 1 : 0;
    return n;
}

Decoded by_mark(ByteView bytes) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t mark = 0;
    const char* charset =
        ucnv_detectUnicodeSignature(reinterpret_cast<const char*>(bytes.data()), static_cast<int32_t>(bytes.size()), &mark, &status);
    if (U_FAILURE(status) || charset == nullptr) return std::nullopt;
    return decode(bytes.subspan(static_cast<std::size_t>(mark)), charset);
}

constexpr bool usual(UChar32 c) {
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t' || (c >= 0xA0 && c < 0x180) || (c >= 0x400 && c < 0x530) ||
           (c >= 0x2010 && c < 0x2040) || c == 0x2116;
}

// Without a mark UTF-16 shows itself by bytes that other encodings do not use: 0x00 beside Latin letters, 0x04 beside Russian ones.
Decoded by_wide_pattern(ByteView bytes) {
    const auto odd = std::ranges::count_if(bytes, [](std::uint8_t b) { return b == 0x00 || b == 0x04; });
    if (bytes.size() % 2 != 0 || static_cast<std::size_t>(odd) * 4 < bytes.size()) return std::nullopt;
    for (const char* charset : {"UTF-16LE", "UTF-16BE"}) {
        icu::UnicodeString text = decode(bytes, charset);
        if (count(text, usual) * 20 >= text.countChar32() * 19) return text;
    }
    return std::nullopt;
}

// Sound UTF-8, or UTF-8 that somebody cut or patched. One-byte text hardly ever holds a sound sequence, so three to one is proof.
Decoded by_utf8(ByteView bytes) {
    icu::UnicodeString text;
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    int32_t broken = 0;
    UChar* buffer = text.getBuffer(static_cast<int32_t>(bytes.size()) + 1);
    if (buffer == nullptr) return std::nullopt;
    u_strFromUTF8WithSub(buffer, static_cast<int32_t>(bytes.size()) + 1, &length, reinterpret_cast<const char*>(bytes.data()),
                         static_cast<int32_t>(bytes.size()), 0xFFFD, &broken, &status);
    text.releaseBuffer(U_SUCCESS(status) ? length : 0);
    if (U_FAILURE(status)) return std::nullopt;
    if (broken > 0 && (count(text, [](UChar32 c) { return c >= 0x80; }) - broken) < broken * 3) return std::nullopt;
    if (broken > 0 && text.endsWith(UChar{0xFFFD})) text.truncate(text.length() - 1);
    return text;
}

// How often a letter is met in Russian, in three classes; everything else about a letter is told by its neighbours.
double letter_weight(UChar32 c) {
    constexpr std::u16string_view frequent = u"оеаинтсрвл";
    constexpr std::u16string_view usual_letters = u"кмдпуяыьгзбчй";
    constexpr std::u16string_view rare = u"хжшюцщэфъё";
    const auto lower = static_cast<char16_t>(u_tolower(c));
    if (frequent.contains(lower)) return 4;
    if (usual_letters.contains(lower)) return 2.5;
    return rare.contains(lower) ? 0.5 : -2;
}

constexpr bool cyrillic(UChar32 c) { return c >= 0x400 && c < 0x530; }
bool latin(UChar32 c) { return c < 0x250 && u_isalpha(c); }
constexpr bool typographic(UChar32 c) {
    return c == 0xA0 || c == 0xA7 || c == 0xA9 || c == 0xAB || c == 0xB0 || c == 0xBB || c == 0xB7 || c == 0x2116 || (c >= 0x2010 && c < 0x2040) ||
           c == 0x20AC || c == 0x2122;
}

double weight(UChar32 before, UChar32 c) {
    if (c < 0x80) return latin(c) && cyrillic(before) ? -4 : 0;
    if (cyrillic(c)) {
        const bool capital_inside = u_isupper(c) && u_islower(before) && cyrillic(before);
        return letter_weight(c) - (capital_inside ? 5 : 0) - (latin(before) ? 6 : 0);
    }
    if (u_isalpha(c)) return latin(before) && before < 0x80 ? 3 : -1;
    return typographic(c) ? 0 : -5;
}

double plausibility(const icu::UnicodeString& text) {
    double sum = 0;
    UChar32 before = ' ';
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        sum += weight(before, c);
        before = c;
    }
    return sum;
}

// ISO-8859-1 stands for its superset, as browsers read it.
constexpr std::array<std::pair<std::string_view, const char*>, 6> one_byte = {{{"windows-1251", "windows-1251"},
                                                                               {"KOI8-R", "KOI8-R"},
                                                                               {"IBM866", "IBM866"},
                                                                               {"ISO-8859-5", "ISO-8859-5"},
                                                                               {"ISO-8859-1", "windows-1252"},
                                                                               {"windows-1252", "windows-1252"}}};

// ICU counts three-letter groups: right on pages of text, a guess on a line.
constexpr int icu_is_sure = 60;

const char* icu_charset(ByteView sample) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
    ucsdet_setText(detector.get(), reinterpret_cast<const char*>(sample.data()), static_cast<int32_t>(sample.size()), &status);
    const UCharsetMatch* match = U_SUCCESS(status) ? ucsdet_detect(detector.get(), &status) : nullptr;
    if (U_FAILURE(status) || match == nullptr || ucsdet_getConfidence(match, &status) < icu_is_sure) return nullptr;
    const std::string_view name = ucsdet_getName(match, &status);
    const auto* known = std::ranges::find(one_byte, name, &std::pair<std::string_view, const char*>::first);
    return known == one_byte.end() ? nullptr : known->second;
}

const char* likeliest_charset(ByteView sample) {
    const char* best = nullptr;
    double most = -std::numeric_limits<double>::infinity();
    for (const auto& [name, charset] : one_byte) {
        const double score = plausibility(decode(sample, charset));
        if (score > most) std::tie(best, most) = std::pair(charset, score);
    }
    return best;
}

}  // namespace

std::optional<icu::UnicodeString> decode_any(ByteView file) {
    if (auto text = by_mark(file)) return text;
    if (auto text = by_wide_pattern(file)) return text;
    if (std::ranges::find(file, std::uint8_t{0}) != file.end()) return std::nullopt;
    if (auto text = by_utf8(file)) return text;
    const ByteView sample = file.first(std::min(file.size(), sample_bytes));
    const char* sure = icu_charset(sample);
    return decode(file, sure != nullptr ? sure : likeliest_charset(sample));
}

}  // namespace persona::media
