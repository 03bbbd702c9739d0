// A request that is complete is the same whole and byte by byte. When a head that is not complete is refused may differ:
// Beast looks at it only where new bytes came.
#include <cstdint>
#include <string>

#include "http/request_reader.hpp"

namespace {

using persona::http::RequestReader;

std::string outcome(std::string_view input, std::size_t step) {
    RequestReader reader;
    std::string waiting;
    bool limited = false;
    for (std::size_t at = 0; at < input.size() && reader.state() != RequestReader::State::failed; at += step) {
        waiting += input.substr(at, step);
        std::size_t used = 1;
        while (used > 0 && !waiting.empty() && (reader.state() == RequestReader::State::head || reader.state() == RequestReader::State::body)) {
            used = reader.feed(waiting);
            waiting.erase(0, used);
            if (reader.state() == RequestReader::State::body && !limited) {
                limited = true;
                reader.limit_body(100);
            }
        }
    }
    if (reader.state() == RequestReader::State::complete) return reader.request().target + "\n" + reader.request().body;
    return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (size < 4096 && outcome(input, 1) != outcome(input, size + 1)) __builtin_trap();
    return 0;
}
