#include "studio/payments/give_back.hpp"

#include "studio/payments/payments.hpp"

namespace persona::payments {

Task<GivenBack> give_back(postgres::Pool& pool, Provider provider, std::string id, AskBack ask, Deadline deadline) {
    using enum GivenBack::Outcome;
    const auto known = co_await charge(pool, provider, id, deadline);
    if (!known) co_return GivenBack{unknown};
    const std::int64_t left = known->amount - known->returned;
    if (left <= 0) co_return GivenBack{before};
    const auto refund = co_await ask(*known, left, deadline);
    if (!refund) co_return GivenBack{refused, left, refund.error()};
    if (!*refund) co_return GivenBack{pending, left};
    co_await reverse_told(pool, **refund, deadline);  // or whoever heard of it in between
    co_return GivenBack{done, (*refund)->amount};
}

}  // namespace persona::payments
