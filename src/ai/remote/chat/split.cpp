#include "ai/remote/chat/split.hpp"

#include <algorithm>

#include "media/text_split.hpp"

namespace persona::ai {
namespace {

// Lines with their ends; one that is too long in pieces.
std::vector<std::string> pieces_of(std::string_view text, std::size_t most_tokens) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string_view line = text.substr(at, end - at);
        at = end;
        if (estimated_tokens(line) <= most_tokens) {
            out.emplace_back(line);
            continue;
        }
        // A UTF-16 unit is half a token at most.
        for (std::string& piece : media::split_text(line, std::max<std::size_t>(2, most_tokens * 2 - 2))) out.push_back(std::move(piece));
    }
    return out;
}

}  // namespace

std::size_t estimated_tokens(std::string_view utf8) {
    std::size_t ascii = 0, other = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            ++ascii;
        else if ((byte & 0xC0) != 0x80)
            other += byte >= 0xF0 ? 2 : 1;
    }
    return (ascii + 3) / 4 + (other + 1) / 2;
}

std::vector<std::string> parts_of(std::string_view text, std::size_t most_tokens) {
    const std::size_t all = estimated_tokens(text);
    const std::size_t count = std::max<std::size_t>(1, (all + most_tokens - 1) / most_tokens);
    const std::size_t fair = std::min(most_tokens, all / count + all / count / 10 + 1);  // a tenth of slack, so that no crumb is left over
    std::vector<std::string> parts;
    std::size_t filled = 0;
    for (std::string& piece : pieces_of(text, fair)) {
        const std::size_t size = estimated_tokens(piece);
        if (parts.empty() || filled + size > fair) {
            parts.emplace_back();
            filled = 0;
        }
        parts.back() += piece;
        filled += size;
    }
    return parts;
}

}  // namespace persona::ai
