#include "studio/payments/give_back.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/error.hpp"
#include "studio/audit/audit.hpp"
#include "studio/payments/payments.hpp"

namespace persona::payments {
namespace {

constexpr Uuid event_space{{0x1c, 0x7d, 0x94, 0x5a, 0xe0, 0x3f, 0x5b, 0x28, 0x86, 0xbd, 0x59, 0x02, 0xc7, 0x4e, 0xa1, 0x30}};

Task<void> record(postgres::Pool& pool, std::string subject, std::int64_t left, Wish wish, Deadline deadline) {
    postgres::Work work;
    audit::record(work,
                  {.actor = wish.actor,
                   .action = "payments.refund",
                   .subject = subject,
                   .origin = wish.origin,
                   .after = {{"amount", left}},
                   .event = Uuid::v5(event_space, fmt::format("{}:{}", subject, left))},
                  wish.system);
    if (const auto done = co_await pool.commit(std::move(work), deadline); !done) throw Error("the audit log refuses: " + done.error().code);
}

}  // namespace

Task<GivenBack> give_back(postgres::Pool& pool, Provider provider, std::string id, AskBack ask, Wish wish, Deadline deadline) {
    using enum GivenBack::Outcome;
    const auto known = co_await charge(pool, provider, id, deadline);
    if (!known) co_return GivenBack{unknown};
    const std::int64_t left = known->amount - known->returned;
    if (left <= 0) co_return GivenBack{before};
    co_await record(pool, fmt::format("charge:{}:{}", word(provider), id), left, wish, deadline);
    const auto refund = co_await ask(*known, left, deadline);
    if (!refund) co_return GivenBack{refused, left, refund.error()};
    if (!*refund) co_return GivenBack{pending, left};
    co_await reverse_told(pool, **refund, deadline);  // or whoever heard of it in between
    co_return GivenBack{done, (*refund)->amount};
}

}  // namespace persona::payments
