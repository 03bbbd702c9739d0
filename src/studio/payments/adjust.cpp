#include "studio/payments/adjust.hpp"

#include "studio/audit/audit.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::payments {
namespace {

constexpr std::size_t most_reason = 500;
constexpr Uuid event_space{{0x8a, 0x1d, 0x5e, 0x0c, 0x27, 0x4b, 0x4f, 0x39, 0x9b, 0x61, 0x0e, 0x77, 0xd2, 0x58, 0xc3, 0x14}};  // made once

}  // namespace

bool is_reason(std::string_view text) { return text.size() <= most_reason && text.find_first_not_of(" \t\r\n") != text.npos; }

std::optional<std::size_t> adjust(postgres::Work& work, const Adjustment& adjustment, const vault::Key& system) {
    if (!is_reason(adjustment.reason)) return std::nullopt;
    const auto place = wallet::post(work, adjustment.user, adjustment.amount, wallet::Kind::adjustment, "adjustment:" + adjustment.key,
                                    "adjustment:" + adjustment.actor, adjustment.reason);
    audit::record(work,
                  {.actor = adjustment.actor,
                   .action = "wallet.adjust",
                   .subject = "user:" + std::to_string(adjustment.user.value),
                   .origin = adjustment.origin,
                   .after = {{"amount", adjustment.amount.text()}, {"reason", adjustment.reason}, {"key", adjustment.key}},
                   .event = Uuid::v5(event_space, adjustment.key)},
                  system);
    return place;
}

}  // namespace persona::payments
