#include "studio/payments/told.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/payments/payments.hpp"

namespace persona::payments {
namespace {

// Whose payment it is, as far as we know; nothing where what it says does not go together.
Task<std::optional<UserId>> payer_of(postgres::Pool& pool, Told told, Deadline deadline) {
    if (!told.order) co_return std::nullopt;
    const auto named = co_await order(pool, *told.order, deadline);
    if (!named || (told.payer && *told.payer != named->owner)) co_return std::nullopt;
    const auto known = co_await order_of_remote(pool, told.provider, told.id, deadline);
    if (known && known->id != named->id) co_return std::nullopt;
    co_return named->user;
}

Task<postgres::Committed> commit(postgres::Pool& pool, postgres::Work work, Deadline deadline) {
    auto done = co_await pool.commit(std::move(work), deadline);
    if (!done) throw Error("a rule refused what a provider says: " + done.error().code + " " + done.error().detail);
    co_return std::move(*done);
}

}  // namespace

Task<Credit> credit_told(postgres::Pool& pool, Told told, Second second, Deadline deadline) {
    const auto payer = co_await payer_of(pool, told, deadline);
    postgres::Work work;
    credit(work,
           {.provider = told.provider,
            .id = told.id,
            .order = told.order.value_or(Uuid()),
            .payer = payer,
            .amount = told.amount,
            .currency = told.currency},
           second);
    const auto outcome = credit_of((co_await commit(pool, std::move(work), deadline)).front().value<std::string>());
    if (outcome == Credit::mismatch || outcome == Credit::unknown)
        log(Level::error, "payments", "a payment fits no order: nothing is credited", {{"provider", word(told.provider)}, {"payment", told.id}});
    co_return outcome;
}

Task<bool> reverse_told(postgres::Pool& pool, Told told, Deadline deadline) {
    postgres::Work work;
    reverse(work, told.provider, told.id, told.charge, told.amount, true);
    co_return (co_await commit(pool, std::move(work), deadline)).front().value<bool>();
}

}  // namespace persona::payments
