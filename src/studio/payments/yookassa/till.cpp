#include "studio/payments/yookassa/till.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/payments/payments.hpp"

namespace persona::yookassa {
namespace {

using payments::Order;
constexpr auto provider = payments::Provider::yookassa;

bool fits(const Order& order, const Payment& payment) {
    return order.provider == provider && order.price == payment.amount.kopecks && payment.amount.currency == currency(provider);
}

}  // namespace

payments::Told told(const Payment& payment) {
    return {.provider = provider,
            .id = payment.id,
            .charge = payment.id,
            .amount = payment.amount.kopecks,
            .currency = payment.amount.currency,
            .order = payment.order,
            .at = payment.created};
}

payments::Told told(const Refund& refund) {
    return {.provider = provider,
            .refund = true,
            .id = refund.id,
            .charge = refund.payment,
            .amount = refund.amount.kopecks,
            .currency = refund.amount.currency,
            .at = refund.created};
}

Task<postgres::Committed> Till::commit(postgres::Work work, Deadline deadline) {
    auto done = co_await pool_.commit(std::move(work), deadline);
    if (!done) throw Error("a rule refused what YooKassa says: " + done.error().code + " " + done.error().detail);
    co_return std::move(*done);
}

Task<Answer<std::string>> Till::offer(Order order, Deadline deadline) {
    const auto made = co_await client_.create(
        {order.id, order.price, terms_.capture, terms_.return_url, "Persona: " + (order.coins + order.bonus).text() + " 🪙"}, deadline);
    if (!made) co_return std::unexpected(made.error());
    postgres::Work work;
    payments::name_remote(work, order.id, made->id, made->url);
    co_await commit(std::move(work), deadline);
    if (made->status == Status::pending) co_return made->url;
    const auto settled = co_await settle(*made, deadline);
    if (!settled) co_return std::unexpected(settled.error());
    co_return "";
}

Task<Answer<Settled>> Till::look_at_payment(std::string id, Deadline deadline) {
    const auto payment = co_await client_.payment(id, deadline);
    if (payment) co_return co_await settle(*payment, deadline);
    if (payment.error().kind != Trouble::Kind::missing) co_return std::unexpected(payment.error());
    co_return co_await refuse("unheard", id, "told of a payment that YooKassa does not know", deadline);
}

Task<Answer<Settled>> Till::look_at_refund(std::string id, Deadline deadline) {
    const auto refund = co_await client_.refund(id, deadline);
    if (refund) co_return co_await settle(*refund, deadline);
    if (refund.error().kind != Trouble::Kind::missing) co_return std::unexpected(refund.error());
    co_return co_await refuse("unheard", id, "told of a refund that YooKassa does not know", deadline);
}

Task<Answer<Settled>> Till::settle(Payment payment, Deadline deadline) {
    switch (payment.status) {
        case Status::waiting_for_capture: co_return co_await take(std::move(payment), deadline);
        case Status::succeeded: co_return co_await credit(std::move(payment), deadline);
        case Status::canceled: co_return co_await give_up(std::move(payment), deadline);
        case Status::pending: break;
    }
    co_return Settled::waits;
}

Task<Settled> Till::settle(Refund refund, Deadline deadline) {
    if (refund.status != Status::succeeded) co_return Settled::waits;
    if (refund.amount.currency != currency(provider))
        co_return co_await refuse("mismatch", refund.id, "a refund in " + refund.amount.currency, deadline);
    co_return co_await payments::reverse_told(pool_, told(refund), deadline) ? Settled::reversed : Settled::again;
}

// The order that the payment names, where no other order knows this payment by its name.
Task<std::optional<Order>> Till::bought_by(const Payment& payment, Deadline deadline) {
    const std::string id = payment.id;
    const auto named = payment.order;
    const auto known = co_await payments::order_of_remote(pool_, provider, id, deadline);
    if (!named || (known && known->id != *named)) co_return std::nullopt;
    co_return known ? known : co_await payments::order(pool_, *named, deadline);
}

// Money that does not fit is not taken: YooKassa gives it back by itself when nobody takes it.
Task<Answer<Settled>> Till::take(Payment payment, Deadline deadline) {
    postgres::Work work;
    payments::note_event(work, provider, payment.id, "payment.waiting_for_capture");
    co_await commit(std::move(work), deadline);
    const auto bought = co_await bought_by(payment, deadline);
    if (!bought || !fits(*bought, payment))
        co_return co_await refuse("mismatch", payment.id, "waits for capture and fits no order: " + amount_text(payment.amount.kopecks), deadline);
    const auto taken = co_await client_.capture(payment.id, payment.amount, deadline);
    if (!taken) co_return std::unexpected(taken.error());
    if (taken->status == Status::waiting_for_capture) co_return Settled::waits;
    co_return co_await settle(*taken, deadline);
}

Task<Settled> Till::credit(Payment payment, Deadline deadline) {
    if (!payment.paid) co_return Settled::waits;
    if (payment.test && client_.config().live()) co_return co_await refuse("test", payment.id, "a test payment in a shop that is live", deadline);
    switch (co_await payments::credit_told(pool_, told(payment), payments::Second::credit, deadline)) {
        case payments::Credit::credited: co_return Settled::credited;
        case payments::Credit::again: co_return Settled::again;
        default: co_return Settled::refused;
    }
}

Task<Settled> Till::give_up(Payment payment, Deadline deadline) {
    const auto bought = co_await bought_by(payment, deadline);
    const bool ours = bought && (bought->remote_id.empty() || bought->remote_id == payment.id);
    postgres::Work work;
    payments::note_event(work, provider, payment.id, "payment.canceled");
    const auto place = ours ? std::optional(payments::cancel(work, bought->id)) : std::nullopt;
    const auto done = co_await commit(std::move(work), deadline);
    co_return !place || done[*place].value<bool>() ? Settled::cancelled : Settled::again;
}

Task<bool> Till::drop(Uuid order, Deadline deadline) {
    postgres::Work work;
    payments::cancel(work, order);
    co_return (co_await commit(std::move(work), deadline)).front().value<bool>();
}

Task<Settled> Till::refuse(std::string kind, std::string object, std::string detail, Deadline deadline) {
    log(Level::error, "payments", "YooKassa's word does not fit: nothing is credited", {{"kind", kind}, {"object", object}});
    postgres::Work work;
    payments::alert(work, kind, "yookassa:" + object, detail);
    co_await commit(std::move(work), deadline);
    co_return Settled::refused;
}

}  // namespace persona::yookassa
