// Coins for money. An order is what a person was offered, a charge what a provider took for it, a reversal what went back. Every event
// of a provider may come any number of times, late and in any order: it acts once. Rules stand in migrations/0017_payments.sql.
// Appenders add a call to a Work and give its place in Committed, where its value is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"

namespace persona::payments {

enum class Provider {
    stars,     // Telegram Stars, "XTR"; a refund has the id of its charge
    yookassa,  // roubles, "RUB"; a charge is a payment's id
};
std::string_view word(Provider provider);
std::optional<Provider> provider_of(std::string_view word);
std::string_view currency(Provider provider);

struct Price {
    std::int64_t amount = 0;  // of the currency's smallest unit: Stars, kopecks
    friend bool operator==(const Price&, const Price&) = default;
};

struct Order {
    enum class State { open, paid, cancelled, expired };
    Uuid id;  // made before the provider hears of it
    UserId user;
    Provider provider = Provider::stars;
    Coins coins, bonus;              // the bonus by a promo code that waits
    std::int64_t price = 0;          // as Price::amount
    std::optional<Uuid> promo = {};  // the waiting use of a code (promo.hpp) that made bonus or price
    State state = State::open;
    bool late = false;  // nobody paid in time
    std::string remote_id = {}, remote_url = {};
    TelegramId owner{};       // of the user; read only
    bool banned = false;      // likewise
    bool promo_waits = true;  // the code was not spent by another order; likewise
};

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

struct Charge {
    Provider provider;
    std::string id;
    Uuid order;
    std::optional<UserId> payer;  // nothing: a stranger to us
    std::int64_t amount;
    std::string currency;
    bool tell = true;  // by a notice; false where the caller says it in the same Work
};
enum class Second { credit, refund };  // a second payment of one order
std::size_t credit(postgres::Work& work, const Charge& charge, Second second);

enum class Credit {
    credited,
    again,           // was told before
    to_be_returned,  // a second payment: ask the provider to give it back; no coins
    mismatch,        // another's order, or another price: nothing is credited, an operator is alerted (P7)
    unknown,         // no such order; likewise
};
Credit credit_of(std::string_view value);

// `amount` of a charge went back, as the provider's refund `refund` says. Value: "t" when that is new.
std::size_t reverse(postgres::Work& work, Provider provider, std::string_view refund, std::string_view charge, std::int64_t amount, bool tell);
// Any other event of a provider. Value: "t" for the first of its kind.
std::size_t note_event(postgres::Work& work, Provider provider, std::string_view object, std::string_view event);
// For an operator; told once for each key.
std::size_t alert(postgres::Work& work, std::string_view kind, std::string_view key, std::string_view detail);

struct Known {  // a charge that we credited
    std::string id;
    Uuid order;
    TelegramId payer;
    std::int64_t amount;
    Coins coins, bonus, taken;
    std::int64_t returned = 0;  // of amount, by reversals
    Time at;
};
Task<std::optional<Known>> charge(postgres::Pool& pool, Provider provider, std::string id, Deadline deadline);
// Of [from, to), in the order of their ids, at most `most`; after: the last id of the page before.
Task<std::vector<Known>> charges(postgres::Pool& pool, Provider provider, Time from, Time to, std::string after, int most, Deadline deadline);

struct Alert {
    std::int64_t id;
    std::string kind, key, detail;
    Time at;
};
// Unresolved, oldest first.
Task<std::vector<Alert>> alerts(postgres::Pool& pool, int most, Deadline deadline);
std::size_t resolve(postgres::Work& work, std::int64_t alert);

}  // namespace persona::payments
