// Any head must get an answer of the table without reading beyond it.
#include "media/content_type.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const persona::ByteView head(data, size);
    if (persona::media::traits(persona::media::content_type(head)).name.empty()) __builtin_trap();
    return 0;
}
