#include "http/headers.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace persona::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

constexpr std::string_view breaks_a_line("\r\n\0", 3);

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

Headers::Headers(std::initializer_list<Entry> fields) {
    for (const auto& [name, value] : fields) add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
    if (name.empty() || name.find_first_of(breaks_a_line) != name.npos || value.find_first_of(breaks_a_line) != value.npos)
        throw Error("a header field holds a line break or has no name");
    spans_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value.size())});
    text_.append(name).append(value);
}

void Headers::set(std::string_view name, std::string_view value) {
    const std::string kept_name(name), kept_value(value);  // the arguments may point into text_
    std::erase_if(spans_, [&](const Span& span) { return equal_ignoring_case(std::string_view(text_).substr(span.at, span.name), kept_name); });
    add(kept_name, kept_value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const auto& [key, value] : *this)
        if (equal_ignoring_case(key, name)) return value;
    return std::nullopt;
}

bool Headers::lists(std::string_view name, std::string_view token) const {
    for (auto [key, rest] : *this) {
        if (!equal_ignoring_case(key, name)) continue;
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (equal_ignoring_case(trimmed(rest.substr(0, comma)), token)) return true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

void Headers::clear() {
    text_.clear();
    spans_.clear();
}

Headers::Entry Headers::at(std::size_t index) const {
    const Span& span = spans_[index];
    const std::string_view text(text_);
    return {text.substr(span.at, span.name), text.substr(span.at + span.name, span.value)};
}

}  // namespace persona::http
