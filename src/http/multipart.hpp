// multipart/form-data as RFC 7578 and browsers write it: a pure parser over a body that is in memory already.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::http {

struct FormPart {
    std::string name;
    std::optional<std::string> file_name;  // nothing: a plain field. As the peer says: never a path of ours
    std::string type;                      // Content-Type as the peer says, or empty
    std::string_view body;                 // points into the parsed text
};

// The boundary of a Content-Type field; nothing where it is not multipart/form-data or has no boundary of 1 to 70 characters.
std::optional<std::string> boundary_of(std::string_view content_type);

// The parts in their order. The error says what is wrong and holds nothing of the body. A text before the first boundary and
// after the last is skipped; a body without its closing boundary is refused: it was cut.
std::expected<std::vector<FormPart>, std::string> parse_multipart(std::string_view body, std::string_view boundary, std::size_t max_parts = 256);

}  // namespace persona::http
