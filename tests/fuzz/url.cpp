// Decoding never grows, and what was encoded comes back byte for byte.
#include "http/url.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona::http;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (percent_decode(input).size() > size || percent_decode(percent_encode(input)) != input) __builtin_trap();
    const Form form = Form::parse(input);
    const Form again = Form::parse(form.encoded());
    if (again.encoded() != form.encoded()) __builtin_trap();
    path_segments(input);
    origin_of(input);
    return 0;
}
