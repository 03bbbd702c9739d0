#include "studio/transcripts/name.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "media/text_split.hpp"

namespace persona::transcripts {
namespace {

// Controls, lone surrogates, and the marks that turn the direction of what stands after them.
bool no_part_of_a_name(UChar32 c) {
    if (c < 0) return true;
    return u_charType(c) == U_CONTROL_CHAR || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

// Blanks as single ones, none at the ends; what is no part of a name as a blank, and whether there was any.
std::pair<std::string, bool> tidy(std::string_view text) {
    std::string out;
    bool blank = false, faulty = false;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
        const std::int32_t begin = at;
        UChar32 c = 0;
        U8_NEXT(text.data(), at, static_cast<std::int32_t>(text.size()), c);
        const bool refused = no_part_of_a_name(c);
        faulty = faulty || (refused && c != '\n' && c != '\t' && c != '\r');
        if (refused || u_isUWhiteSpace(c)) {
            blank = !out.empty();
            continue;
        }
        if (std::exchange(blank, false)) out += ' ';
        out += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
    return {out, faulty};
}

bool too_long(std::string_view name, std::size_t most = most_name_graphemes) {
    return name.size() > most_name_bytes || media::grapheme_count(name) > most;
}

}  // namespace

std::expected<std::string, NameFault> name_of(std::string_view text, std::size_t most) {
    auto [name, faulty] = tidy(text);
    if (faulty) return std::unexpected(NameFault::control);
    if (name.empty()) return std::unexpected(NameFault::empty);
    if (too_long(name, most)) return std::unexpected(NameFault::long_);
    return std::move(name);
}

std::string name_of_file(std::string_view file_name) {
    std::string name = tidy(file_name.substr(0, 4 * most_name_bytes)).first;
    while (too_long(name)) {
        const auto parts = media::split_text(name, std::max<std::size_t>(2, media::utf16_units(name) - 1));
        name = parts.empty() ? std::string() : tidy(parts.front()).first;
    }
    return name;
}

}  // namespace persona::transcripts
