#include "http/url.hpp"

#include <algorithm>

#include "http/addresses.hpp"

namespace persona::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool coded = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        if (coded) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
        }
    }
    return out;
}

// Calls `each` with every part between separators.
template <class F>
void split(std::string_view text, char separator, F each) {
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) each(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::string percent_decode(std::string_view text) { return decode(text, false); }

std::string percent_encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

Form Form::parse(std::string_view text) {
    Form form;
    split(text, '&', [&](std::string_view part) {
        const auto equals = std::min(part.find('='), part.size());
        form.add(decode(part.substr(0, equals), true), decode(part.substr(std::min(equals + 1, part.size())), true));
    });
    return form;
}

std::optional<std::string_view> Form::find(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (key == name) return value;
    return std::nullopt;
}

std::string Form::encoded() const {
    std::string out;
    for (const auto& [name, value] : fields_) {
        if (!out.empty()) out += '&';
        out += percent_encode(name);
        out += '=';
        out += percent_encode(value);
    }
    return out;
}

std::vector<std::string> path_segments(std::string_view path) {
    std::vector<std::string> segments;
    split(path, '/', [&](std::string_view part) { segments.push_back(decode(part, false)); });
    return segments;
}

std::string origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == url.npos) return "[no origin]";
    const auto from = scheme + 3;
    const auto authority = url.substr(from, std::min(url.find_first_of("/?#", from), url.size()) - from);
    const auto user = authority.rfind('@');
    return std::string(url.substr(0, from)).append(user == authority.npos ? authority : authority.substr(user + 1));
}

std::string without_end_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

bool is_loopback(std::string_view url) {
    static const Networks own = *Networks::parse("127.0.0.0/8, ::1");
    constexpr std::string_view scheme = "http://";
    const std::string origin = origin_of(url);
    if (!origin.starts_with(scheme)) return false;
    std::string_view host = std::string_view(origin).substr(scheme.size());
    const bool bracketed = host.starts_with('[');
    const auto end = std::min(host.find(bracketed ? "]" : ":"), host.size());
    if (bracketed && (end == host.size() || !(end + 1 == host.size() || host[end + 1] == ':'))) return false;
    host = host.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
    return host == "localhost" || own.contains(host);
}

}  // namespace persona::http
