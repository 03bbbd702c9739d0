// Uploaded text files: whatever the bytes, the result is a refusal or clean UTF-8, and splitting it keeps Telegram's limit.
#include "media/text_file.hpp"

#include <unicode/unistr.h>

#include "base/assert.hpp"
#include "media/text_split.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona;
    const auto text = media::text_of_file({data, size});
    if (!text) return 0;
    PERSONA_ASSERT(!text->empty());
    for (const char c : *text) PERSONA_ASSERT(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
    for (const auto& part : media::split_text(*text, 32)) PERSONA_ASSERT(media::utf16_units(part) <= 32);
    return 0;
}
