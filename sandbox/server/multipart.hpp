// multipart/form-data (RFC 7578) of a whole body: fields and file parts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/model/world.hpp"

namespace persona::sandbox {

struct Multipart {
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<Upload> files;
};

// content_type: the header with its boundary. Nothing where the body is not well-formed.
std::optional<Multipart> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace persona::sandbox
