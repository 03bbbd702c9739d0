// The first line is the boundary, the rest the body. Every part must lie inside the body.
#include "http/multipart.hpp"

#include <algorithm>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto line = std::min(input.find('\n'), input.size());
    const auto body = input.substr(std::min(line + 1, input.size()));
    persona::http::boundary_of(input.substr(0, line));
    const auto parts = persona::http::parse_multipart(body, input.substr(0, line), 10);
    if (!parts) return 0;
    if (parts->size() > 10) __builtin_trap();
    for (const auto& part : *parts)
        if (part.body.data() < body.data() || part.body.data() + part.body.size() > body.data() + body.size()) __builtin_trap();
    return 0;
}
