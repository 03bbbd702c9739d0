// A response that is complete is the same whole and byte by byte; see http_request.cpp.
#include <cstdint>
#include <string>

#include "http/response_reader.hpp"

namespace {

using persona::http::ResponseReader;

std::string outcome(std::string_view input, std::size_t step) {
    persona::http::Call call{.max_response = 100};
    ResponseReader reader(call);
    std::string waiting;
    for (std::size_t at = 0; at < input.size() && reader.state() == ResponseReader::State::reading; at += step) {
        waiting += input.substr(at, step);
        waiting.erase(0, reader.feed(waiting));
    }
    reader.end_of_stream();
    return reader.state() == ResponseReader::State::complete ? std::to_string(reader.reply().status) + reader.reply().body : "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (size < 4096 && outcome(input, 1) != outcome(input, size + 1)) __builtin_trap();
    return 0;
}
