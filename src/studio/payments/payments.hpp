// Coins for money. An order is what a person was offered, a charge what a provider took for it, a reversal what went back. Every event
// of a provider may come any number of times, late and in any order: it acts once. Rules stand in migrations/0017_payments.sql.
// Appenders add a call to a Work and give its place in Committed, where its value is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/pool.hpp"
#include "studio/payments/order.hpp"

namespace persona::payments {

// An offer that is good for `minutes`. Repeating it with the same id does nothing.
std::size_t place(postgres::Work& work, const Order& order, int minutes);
// What the provider calls it and where it is paid.
std::size_t name_remote(postgres::Work& work, Uuid order, std::string_view remote_id, std::string_view remote_url);
// An open or late order that will not be paid. Value: whether this call did it.
std::size_t cancel(postgres::Work& work, Uuid order);
Task<std::optional<Order>> order(postgres::Pool& pool, Uuid id, Deadline deadline);
Task<std::optional<Order>> order_of_remote(postgres::Pool& pool, Provider provider, std::string remote_id, Deadline deadline);
// Those of a provider that were named to it, are not decided and younger than `age`; oldest first.
Task<std::vector<Order>> undecided(postgres::Pool& pool, Provider provider, std::chrono::seconds age, int most, Deadline deadline);
// Marks what nobody paid in time.
Task<std::int64_t> expire(postgres::Pool& pool, Deadline deadline);

std::size_t credit(postgres::Work& work, const Charge& charge, Second second);
// `amount` of a charge went back, as the provider's refund `refund` says. Value: "t" when that is new.
std::size_t reverse(postgres::Work& work, Provider provider, std::string_view refund, std::string_view charge, std::int64_t amount, bool tell);
// Any other event of a provider. Value: "t" for the first of its kind.
std::size_t note_event(postgres::Work& work, Provider provider, std::string_view object, std::string_view event);
// For an operator; told once for each key.
std::size_t alert(postgres::Work& work, std::string_view kind, std::string_view key, std::string_view detail);

// Second payments that the operator's rule gives back and that did not go back yet: whoever asks the provider for it, and reverses.
Task<std::vector<Known>> to_return(postgres::Pool& pool, Provider provider, int most, Deadline deadline);
Task<std::optional<Known>> charge(postgres::Pool& pool, Provider provider, std::string id, Deadline deadline);

struct Alert {
    std::int64_t id;
    std::string kind, key, detail;
    Time at;
};
// Unresolved, oldest first.
Task<std::vector<Alert>> alerts(postgres::Pool& pool, int most, Deadline deadline);
std::size_t resolve(postgres::Work& work, std::int64_t alert);

}  // namespace persona::payments
