#include "studio/payments/yookassa/statement.hpp"

#include "base/error.hpp"
#include "studio/payments/yookassa/till.hpp"

namespace persona::yookassa {
namespace {

using payments::Told;

template <class T>
T need(Answer<T> answer) {
    if (!answer) throw Unavailable("YooKassa does not answer: " + answer.error().text());
    return std::move(*answer);
}

// A test payment of a live shop moved no money: without its order it fits nothing.
Told told_here(const Payment& payment, bool live) {
    Told out = told(payment);
    if (payment.test && live) out.order.reset();
    return out;
}
Told told_here(const Refund& refund, bool) { return told(refund); }

template <class T>
std::vector<Told> succeeded(const Page<T>& page, bool live) {
    std::vector<Told> out;
    for (const T& one : page.items)
        if (one.status == Status::succeeded) out.push_back(told_here(one, live));
    return out;
}

}  // namespace

Task<std::optional<std::vector<Told>>> Statement::next(Deadline deadline) {
    if (end_) co_return std::nullopt;
    std::vector<Told> out;
    const bool live = client_.config().live();
    if (refunds_) {
        auto page = need(co_await client_.refunds(window_, cursor_, deadline));
        out = succeeded(page, live);
        cursor_ = std::move(page.next);
        end_ = cursor_.empty();
    } else {
        auto page = need(co_await client_.payments(window_, cursor_, deadline));
        out = succeeded(page, live);
        cursor_ = std::move(page.next);
        refunds_ = cursor_.empty();
    }
    co_return out;
}

Task<std::vector<std::string>> Statement::strangers(std::vector<std::string> ids, bool refunds, Deadline deadline) {
    const auto state = [](const auto& answer) -> std::optional<Status> {
        if (answer) return answer->status;
        if (answer.error().kind == Trouble::Kind::missing || answer.error().kind == Trouble::Kind::refused) return std::nullopt;
        throw Unavailable("YooKassa does not answer: " + answer.error().text());
    };
    std::vector<std::string> out;
    for (const std::string& id : ids) {
        if (!is_id(id)) {
            out.push_back(id);
            continue;
        }
        const auto found = refunds ? state(co_await client_.refund(id, deadline)) : state(co_await client_.payment(id, deadline));
        if (found != Status::succeeded) out.push_back(id);
    }
    co_return out;
}

}  // namespace persona::yookassa
