// The same replies come out however the bytes are split, and memory stays within the limits.
#include "redis/resp.hpp"

#include <cstdint>

#include "base/error.hpp"

namespace {

std::size_t weight(const persona::redis::Value& value) {
    std::size_t sum = 1 + value.text.size();
    for (const auto& item : value.items) sum += weight(item);
    return sum;
}

// Replies and their sizes, up to the first error.
std::pair<std::size_t, std::size_t> outcome(std::string_view input, std::size_t step) {
    persona::redis::Parser parser({.depth = 8, .items = 1000, .bytes = 1 << 16});
    std::pair<std::size_t, std::size_t> seen;
    try {
        for (std::size_t at = 0; at < input.size(); at += step) {
            parser.feed(input.substr(at, step));
            while (const auto value = parser.next()) {
                ++seen.first;
                seen.second += weight(*value);
            }
        }
    } catch (const persona::Error&) {}
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (outcome(input, 1) != outcome(input, size + 1)) __builtin_trap();
    return 0;
}
