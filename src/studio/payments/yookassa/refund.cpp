#include "studio/payments/yookassa/refund.hpp"

#include "studio/payments/yookassa/till.hpp"

namespace persona::yookassa {
namespace {

constexpr Uuid space{{0x9e, 0x52, 0x0f, 0x3b, 0x81, 0xc4, 0x5d, 0x16, 0xb7, 0x2a, 0x40, 0xe8, 0x6c, 0x13, 0xfa, 0x95}};

// A second refund of the same charge is of what is left then: another amount is another key.
Uuid key_of(const payments::Known& charge, std::int64_t left) { return Uuid::v5(space, charge.id + ":" + std::to_string(left)); }

Task<std::expected<std::optional<payments::Told>, std::string>> ask(Client& client, payments::Known charge, std::int64_t left, Deadline deadline) {
    const auto refund = co_await client.refund(charge.id, {left, "RUB"}, key_of(charge, left), deadline);
    if (!refund) co_return std::unexpected("YooKassa: " + refund.error().text());
    if (refund->status == Status::canceled) co_return std::unexpected("YooKassa has cancelled the refund");
    if (refund->status != Status::succeeded) co_return std::nullopt;
    co_return told(*refund);
}

}  // namespace

payments::AskBack ask_back(Client& client) {
    return [&client](payments::Known charge, std::int64_t left, Deadline deadline) { return ask(client, std::move(charge), left, deadline); };
}

}  // namespace persona::yookassa
