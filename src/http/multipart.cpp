#include "http/multipart.hpp"

#include <algorithm>
#include <utility>

#include "http/headers.hpp"
#include "http/url.hpp"

namespace persona::http {
namespace {

constexpr std::size_t max_part_head = 8 << 10;
constexpr std::size_t max_boundary = 70;  // RFC 2046 §5.1.1

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// Takes a quoted string, its quotes included, off the front. '\' stands before a quote or itself only: old browsers send Windows paths.
std::string take_quoted(std::string_view& text) {
    std::string out;
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        if (text.front() == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\')) text.remove_prefix(1);
        out += text.front();
        text.remove_prefix(1);
    }
    if (!text.empty()) text.remove_prefix(1);
    return out;
}

// "form-data; name=\"a\"; filename=\"b\"" by its parameters; names in lower case.
class Parameters {
public:
    explicit Parameters(std::string_view field) : rest_(field) {
        value_ = trimmed(take_until(';'));
        while (!rest_.empty()) next();
    }
    std::string_view value() const { return value_; }
    std::optional<std::string> find(std::string_view name) const {
        for (const auto& [key, text] : found_)
            if (equal_ignoring_case(key, name)) return text;
        return std::nullopt;
    }

private:
    std::string_view take_until(char end) {
        const auto at = std::min(rest_.find(end), rest_.size());
        const auto out = rest_.substr(0, at);
        rest_.remove_prefix(std::min(at + 1, rest_.size()));
        return out;
    }
    void next() {
        const auto equals = rest_.find('='), end = std::min(rest_.find(';'), rest_.size());
        if (equals == rest_.npos || equals > end) {
            take_until(';');
            return;
        }
        const std::string key(trimmed(take_until('=')));
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
        if (rest_.starts_with('"')) {
            std::string quoted = take_quoted(rest_);
            take_until(';');
            found_.emplace_back(key, std::move(quoted));
        } else {
            found_.emplace_back(key, std::string(trimmed(take_until(';'))));
        }
    }

    std::string_view rest_, value_;
    std::vector<std::pair<std::string, std::string>> found_;
};

// Browsers write '"', CR and LF in names as %22, %0D and %0A and leave every other '%' alone (WHATWG HTML, multipart encoding).
std::string unescaped(std::string text) {
    for (const auto& [coded, plain] : {std::pair("%22", '"'), std::pair("%0D", '\r'), std::pair("%0A", '\n')})
        for (auto at = text.find(coded); at != text.npos; at = text.find(coded, at + 1)) text.replace(at, 3, 1, plain);
    return text;
}

std::optional<std::string> file_name_of(const Parameters& disposition) {
    if (auto name = disposition.find("filename")) return unescaped(std::move(*name));
    // RFC 7578 forbids this form, and some libraries send it for names beyond ASCII.
    if (const auto name = disposition.find("filename*")) {
        const auto quote = name->rfind('\'');
        return percent_decode(std::string_view(*name).substr(quote == name->npos ? 0 : quote + 1));
    }
    return std::nullopt;
}

std::optional<FormPart> part_of(std::string_view head, std::string_view body) {
    FormPart part{.body = body};
    bool named = false;
    while (!head.empty()) {
        const auto end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        const auto colon = line.find(':');
        if (colon == line.npos) return std::nullopt;
        const auto name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
        if (equal_ignoring_case(name, "Content-Type")) part.type = value;
        if (!equal_ignoring_case(name, "Content-Disposition")) continue;
        const Parameters disposition(value);
        auto field = disposition.find("name");
        if (!field || !equal_ignoring_case(disposition.value(), "form-data")) return std::nullopt;
        part.name = unescaped(std::move(*field));
        part.file_name = file_name_of(disposition);
        named = true;
    }
    return named ? std::optional(std::move(part)) : std::nullopt;
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
    const Parameters type(content_type);
    auto boundary = type.find("boundary");
    if (!equal_ignoring_case(type.value(), "multipart/form-data") || !boundary || boundary->empty() || boundary->size() > max_boundary)
        return std::nullopt;
    return boundary;
}

std::expected<std::vector<FormPart>, std::string> parse_multipart(std::string_view body, std::string_view boundary, std::size_t max_parts) {
    const std::string mark = std::string("\r\n--").append(boundary);
    const auto first = std::string_view(mark).substr(2);  // the first one may stand at the very start
    auto at = body.starts_with(first) ? first.size() : body.find(mark);
    if (at == body.npos) return std::unexpected("no boundary");
    if (!body.starts_with(first)) at += mark.size();
    std::vector<FormPart> parts;
    while (true) {
        auto rest = body.substr(at);
        if (rest.starts_with("--")) return parts;
        const auto blanks = std::min(rest.find_first_not_of(" \t"), rest.size());  // RFC 2046 allows them after a boundary
        rest.remove_prefix(blanks);
        if (!rest.starts_with("\r\n")) return std::unexpected("a boundary does not end its line");
        if (parts.size() == max_parts) return std::unexpected("too many parts");
        const auto head_end = rest.substr(0, max_part_head).find("\r\n\r\n");
        if (head_end == rest.npos) return std::unexpected("a part has no end of its head");
        const auto content = rest.substr(head_end + 4);
        const auto end = content.find(mark);
        if (end == content.npos) return std::unexpected("the closing boundary is missing");
        auto part = part_of(head_end == 0 ? std::string_view() : rest.substr(2, head_end - 2), content.substr(0, end));
        if (!part) return std::unexpected("a part has no name");
        parts.push_back(std::move(*part));
        at = static_cast<std::size_t>(content.data() - body.data()) + end + mark.size();
    }
}

}  // namespace persona::http
