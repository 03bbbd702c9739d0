// Bodies of YooKassa's answers and notifications: a payment alone is the same payment in a list, and an id never leaves its path.
#include <cstdint>
#include <string>

#include "base/assert.hpp"
#include "studio/payments/yookassa/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona;
    const std::string body(reinterpret_cast<const char*>(data), size);
    if (const auto hint = yookassa::read_notification(body)) PERSONA_ASSERT(yookassa::is_id(hint->object));
    if (const auto refund = yookassa::read_refund(body)) PERSONA_ASSERT(refund->amount.kopecks >= 0 && yookassa::is_id(refund->payment));
    (void)yookassa::read_error(body);
    const auto alone = yookassa::read_payment(body);
    if (!alone) return 0;
    PERSONA_ASSERT(yookassa::amount_of(yookassa::amount_text(alone->amount.kopecks)) == alone->amount.kopecks);
    const auto listed = yookassa::read_payments(R"({"type":"list","items":[)" + body + "]}");
    PERSONA_ASSERT(!listed || (listed->items.size() == 1 && listed->items.front().id == alone->id));
    return 0;
}
