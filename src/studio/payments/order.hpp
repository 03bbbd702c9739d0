// Orders and charges as values: what a flow decides on and what the rules in migrations/0017_payments.sql answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::payments {

enum class Provider {
    stars,     // Telegram Stars, "XTR"; a refund has the id of its charge
    yookassa,  // roubles, "RUB"; a charge is a payment's id
};
std::string_view word(Provider provider);
std::optional<Provider> provider_of(std::string_view word);
std::string_view currency(Provider provider);

struct Order {
    enum class State { open, paid, cancelled, expired };
    Uuid id;  // made before the provider hears of it
    UserId user;
    Provider provider = Provider::stars;
    Coins coins, bonus;              // the bonus by a promo code that waits
    std::int64_t price = 0;          // of the currency's smallest unit: Stars, kopecks
    std::optional<Uuid> promo = {};  // the waiting use of a code (promo.hpp) that made bonus or price
    State state = State::open;
    bool late = false;  // nobody paid in time
    std::string remote_id = {}, remote_url = {};
    std::string resume = {};  // what the credit leads back to: data of a button; given, not read
    TelegramId owner{};       // of the user; read only
    bool banned = false;      // likewise
    bool promo_waits = true;  // the code was not spent by another order; likewise
};

struct Charge {
    Provider provider;
    std::string id;
    Uuid order;
    std::optional<UserId> payer;  // nothing: a stranger to us
    std::int64_t amount;
    std::string currency;
    bool tell = true;  // by a notice
};
enum class Second { credit, refund };  // a second payment of one order

enum class Credit {
    credited,
    again,           // was told before
    to_be_returned,  // a second payment, to be given back; no coins
    mismatch,        // another's order, or another price: nothing is credited, an operator is alerted (P7)
    unknown,         // no such order; likewise
};
Credit credit_of(std::string_view value);

// A charge that was credited.
struct Known {
    std::string id;
    Uuid order;
    TelegramId payer;
    std::int64_t amount;
    Coins coins, bonus, taken;
    std::int64_t returned = 0;  // of amount, by reversals
    Time at;
};

}  // namespace persona::payments
