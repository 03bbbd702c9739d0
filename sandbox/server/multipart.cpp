#include "sandbox/server/multipart.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "http/headers.hpp"
#include "http/url.hpp"

namespace persona::sandbox {
namespace {

std::string boundary_of(std::string_view content_type) {
    const auto at = content_type.find("boundary=");
    if (at == std::string_view::npos) return {};
    auto value = content_type.substr(at + 9);
    if (value.starts_with('"')) return std::string(value.substr(1, std::min(value.find('"', 1), value.size()) - 1));
    return std::string(value.substr(0, value.find_first_of("; ")));
}

// Browsers escape these three and nothing else (WHATWG HTML, multipart form data); a lone '%' means itself.
std::string unescaped(std::string value) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes = {{{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
    for (const auto& [code, character] : escapes)
        for (auto at = value.find(code); at != std::string::npos; at = value.find(code, at + 1)) value.replace(at, code.size(), 1, character);
    return value;
}

// name="…" of a Content-Disposition; some clients write a quote as \".
std::optional<std::string> parameter(std::string_view disposition, std::string_view name) {
    const std::string start = std::string(name) + "=\"";
    for (auto at = disposition.find(start); at != std::string_view::npos; at = disposition.find(start, at + 1)) {
        if (at > 0 && disposition[at - 1] != ' ' && disposition[at - 1] != ';') continue;
        std::string value;
        for (auto i = at + start.size(); i < disposition.size() && disposition[i] != '"'; ++i) {
            if (disposition[i] == '\\' && i + 1 < disposition.size() && (disposition[i + 1] == '"' || disposition[i + 1] == '\\')) ++i;
            value += disposition[i];
        }
        return unescaped(std::move(value));
    }
    return std::nullopt;
}

// filename*=UTF-8''%D0%B0.txt (RFC 5987), which some clients send for names outside ASCII.
std::optional<std::string> file_name(std::string_view disposition) {
    constexpr std::string_view start = "filename*=UTF-8''";
    const auto at = std::ranges::search(disposition, start, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    if (at.begin() != disposition.end()) {
        const auto rest = disposition.substr(static_cast<std::size_t>(at.end() - disposition.begin()));
        return http::percent_decode(rest.substr(0, rest.find_first_of("; \r")));
    }
    if (auto plain = parameter(disposition, "filename")) return plain;
    // Unquoted, as RFC 2183 allows: filename=a.txt
    const auto bare = disposition.find("filename=");
    if (bare == std::string_view::npos) return std::nullopt;
    const auto rest = disposition.substr(bare + 9);
    return std::string(rest.substr(0, rest.find_first_of("; \r")));
}

void add_part(std::string_view head, std::string_view content, Multipart& out) {
    std::string_view disposition, type;
    while (!head.empty()) {
        const auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        const auto colon = std::min(line.find(':'), line.size());
        auto value = line.substr(std::min(colon + 1, line.size()));
        while (value.starts_with(' ')) value.remove_prefix(1);
        if (http::equal_ignoring_case(line.substr(0, colon), "Content-Disposition")) disposition = value;
        if (http::equal_ignoring_case(line.substr(0, colon), "Content-Type")) type = value;
    }
    const auto name = parameter(disposition, "name").value_or("");
    if (auto file = file_name(disposition))
        out.files.push_back({name, std::move(*file), std::string(type.substr(0, type.find(';'))), std::string(content)});
    else
        out.fields.emplace_back(name, content);
}

}  // namespace

std::optional<Multipart> parse_multipart(std::string_view content_type, std::string_view body) {
    const auto boundary = boundary_of(content_type);
    if (boundary.empty()) return std::nullopt;
    const std::string delimiter = "\r\n--" + boundary;
    Multipart out;
    // The first delimiter has no line break before it.
    if (!body.starts_with(std::string_view(delimiter).substr(2))) return std::nullopt;
    body.remove_prefix(delimiter.size() - 2);
    while (!body.starts_with("--")) {
        const auto head_end = body.find("\r\n\r\n");
        const auto end = head_end == std::string_view::npos ? head_end : body.find(delimiter, head_end + 2);
        if (end == std::string_view::npos || !body.starts_with("\r\n")) return std::nullopt;
        // An empty part: the blank line's break is the delimiter's too.
        const auto start = std::min(head_end + 4, end);
        add_part(body.substr(2, head_end - 2), body.substr(start, end - start), out);
        body.remove_prefix(end + delimiter.size());
    }
    return out;
}

}  // namespace persona::sandbox
