#include "media/text_file.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "media/text_file_charset.hpp"

namespace persona::media {
namespace {

using namespace std::string_view_literals;

// Formats that could pass for text byte by byte, or whose first bytes settle it at once.
constexpr std::array binary_starts = {"%PDF-"sv,
                                      "PK\x03\x04"sv,
                                      "\x89PNG"sv,
                                      "GIF8"sv,
                                      "\xFF\xD8\xFF"sv,
                                      "OggS"sv,
                                      "ID3"sv,
                                      "fLaC"sv,
                                      "{\\rtf"sv,
                                      "Rar!\x1A"sv,
                                      "7z\xBC\xAF"sv,
                                      "\x1F\x8B"sv,
                                      "\xD0\xCF\x11\xE0"sv,
                                      "\x7F"
                                      "ELF"sv,
                                      "%!PS"sv};

bool starts_binary(std::string_view file) {
    return std::ranges::any_of(binary_starts, [&](std::string_view start) { return file.starts_with(start); });
}

constexpr bool ends_line(UChar32 c) { return c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029; }
// ESC and Ctrl-Z close old DOS files; backspace comes from terminal captures.
constexpr bool harmless_control(UChar32 c) { return ends_line(c) || c == '\t' || c == 0x08 || c == 0x1A || c == 0x1B || c == 0x7F; }
bool control(UChar32 c) { return u_charType(c) == U_CONTROL_CHAR; }  // u_iscntrl would take the joiners inside emoji along
bool dropped(UChar32 c) { return (control(c) && c != '\t') || c == 0xFEFF || U_IS_UNICODE_NONCHAR(c); }

struct Cleaned {
    icu::UnicodeString text;
    int controls = 0;  // characters that no text editor writes
    int kept = 0;
    bool blank = true;
};

Cleaned clean(const icu::UnicodeString& raw) {
    Cleaned result;
    for (int32_t i = 0; i < raw.length(); i = raw.moveIndex32(i, 1)) {
        const UChar32 c = raw.char32At(i);
        if (c == '\r' && i + 1 < raw.length() && raw[i + 1] == '\n') continue;
        if (control(c) && !harmless_control(c)) ++result.controls;
        if (!ends_line(c) && dropped(c)) continue;
        result.text.append(ends_line(c) ? UChar32{'\n'} : c);
        ++result.kept;
        result.blank = result.blank && (u_isUWhiteSpace(c) || ends_line(c) || c == 0xFFFD || c == 0x200B);
    }
    return result;
}

std::string nfc_utf8(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    const icu::UnicodeString normal = U_SUCCESS(status) ? nfc->normalize(text, status) : text;
    std::string utf8;
    (U_SUCCESS(status) ? normal : text).toUTF8String(utf8);
    return utf8;
}

}  // namespace

std::expected<std::string, TextFileError> text_of_file(ByteView file, std::size_t limit) {
    if (file.empty()) return std::unexpected(TextFileError::empty);
    if (file.size() > limit) return std::unexpected(TextFileError::too_large);
    if (starts_binary(as_text(file))) return std::unexpected(TextFileError::binary);
    const auto raw = decode_any(file);
    if (!raw) return std::unexpected(TextFileError::binary);
    const Cleaned cleaned = clean(*raw);
    // One stray control character is a slip, one in twenty is a file format.
    if (cleaned.controls > 0 && (cleaned.blank || cleaned.controls * 20 > cleaned.kept)) return std::unexpected(TextFileError::binary);
    if (cleaned.blank) return std::unexpected(TextFileError::empty);
    return nfc_utf8(cleaned.text);
}

}  // namespace persona::media
