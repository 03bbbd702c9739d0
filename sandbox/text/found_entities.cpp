#include <algorithm>
#include <cctype>

#include "sandbox/text/formatted.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

bool word_char(unsigned char c) { return std::isalnum(c) || c == '_' || c >= 0x80; }
bool ascii_word(unsigned char c) { return std::isalnum(c) || c == '_'; }

// Bytes of the entity that starts at `at`, and its type; zero bytes: none starts here.
struct Found {
    std::size_t bytes = 0;
    const char* type = "";
};

std::size_t run(std::string_view text, std::size_t at, bool (*accept)(unsigned char)) {
    std::size_t end = at;
    while (end < text.size() && accept(static_cast<unsigned char>(text[end]))) ++end;
    return end - at;
}

Found command(std::string_view text, std::size_t at) {
    auto size = run(text, at + 1, ascii_word);
    if (size == 0 || size > 64) return {};
    std::size_t end = at + 1 + size;
    if (text.substr(end, 1) == "@") end += 1 + run(text, end + 1, ascii_word);
    // "</b>" is markup that somebody quotes, "/a/b" is a path.
    const bool enclosed =
        (at > 0 && std::string_view("<>").contains(text[at - 1])) || (end < text.size() && std::string_view("/<>").contains(text[end]));
    return enclosed ? Found{} : Found{end - at, "bot_command"};
}

Found mention(std::string_view text, std::size_t at) {
    const auto size = run(text, at + 1, ascii_word);
    return size >= 3 && size <= 32 ? Found{size + 1, "mention"} : Found{};
}

Found hashtag(std::string_view text, std::size_t at) {
    const auto size = run(text, at + 1, word_char);
    const bool only_digits = std::ranges::all_of(text.substr(at + 1, size), [](unsigned char c) { return std::isdigit(c); });
    return size > 0 && !only_digits ? Found{size + 1, "hashtag"} : Found{};
}

// http(s)://… up to a blank, without the punctuation that ends a sentence.
Found link(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) return {};
    auto end = std::min(rest.find_first_of(" \t\r\n<>\""), rest.size());
    while (end > 0 && std::string_view(".,;:!?)'").contains(rest[end - 1])) --end;
    return end > rest.find("//") + 2 ? Found{end, "url"} : Found{};
}

Found email(std::string_view text, std::size_t at) {
    const auto local = run(text, at, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-' || c == '+'; });
    if (local == 0 || text.substr(at + local, 1) != "@") return {};
    auto host = run(text, at + local + 1, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-'; });
    while (host > 0 && text[at + local + host] == '.') --host;
    return text.substr(at + local + 1, host).contains('.') ? Found{local + 1 + host, "email"} : Found{};
}

Found at_byte(std::string_view text, std::size_t at) {
    if (at > 0 && (word_char(static_cast<unsigned char>(text[at - 1])) || text[at - 1] == '/' || text[at - 1] == '@')) return {};
    switch (text[at]) {
        case '/': return command(text, at);
        case '@': return mention(text, at);
        case '#': return hashtag(text, at);
        default: {
            const auto found = link(text, at);
            return found.bytes ? found : email(text, at);
        }
    }
}

}  // namespace

void find_entities(Formatted& formatted) {
    const auto& text = formatted.text;
    if (text.find_first_of("/@#:") == std::string::npos) return;
    const auto taken = [&](std::size_t offset, std::size_t length) {
        return std::ranges::any_of(formatted.entities, [&](const Entity& e) {
            const bool closed = e.type == "code" || e.type == "pre" || e.type == "text_link";
            return closed && offset < e.offset + e.length && e.offset < offset + length;
        });
    };
    std::vector<Entity> found;
    for (std::size_t at = 0, units = 0; at < text.size();) {
        const auto here = at_byte(text, at);
        const auto bytes = std::max<std::size_t>(1, here.bytes);
        const auto length = utf16_length(std::string_view(text).substr(at, bytes));
        if (here.bytes > 0 && !taken(units, length)) found.push_back({units, length, here.type, ""});
        at += bytes;
        units += length;
    }
    std::ranges::move(found, std::back_inserter(formatted.entities));
    std::ranges::sort(formatted.entities,
                      [](const Entity& a, const Entity& b) { return a.offset != b.offset ? a.offset < b.offset : a.length > b.length; });
}

}  // namespace persona::sandbox
