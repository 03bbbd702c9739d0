// Updates of any content: whatever comes in the body of a webhook is an update or nothing, and the same in an answer to getUpdates.
#include "telegram/update.hpp"

#include <string>

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona;
    const std::string body(reinterpret_cast<const char*>(data), size);
    const auto alone = telegram::parse_update(body);
    if (!alone) return 0;
    const auto listed = telegram::parse_updates(R"({"ok":true,"result":[)" + body + "]}");
    PERSONA_ASSERT(!listed || (listed->size() == 1 && listed->front().id == alone->id));
    return 0;
}
