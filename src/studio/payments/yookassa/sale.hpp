// Any number of coins for roubles: what they cost this person, and the order for them.
#pragma once

#include <expected>

#include "postgres/pool.hpp"
#include "studio/payments/order.hpp"
#include "studio/payments/promo_code.hpp"

namespace persona::yookassa {

struct Sale {
    Coins coin_price = Coins::hundredths(1'00);  // COIN_PRICE: roubles
    int order_minutes = 60;
    Coins least = Coins::hundredths(50'00), most = Coins::hundredths(100'000'00);
    int most_an_hour = 30;  // orders of one person
};

// Kopecks, rounded up: a coin is never sold for less than its price.
std::int64_t price_of(Coins coins, Coins coin_price);
// As the order will say it; the code that waits, if any, makes it cheaper or larger. id: made here.
payments::Order order_for(UserId user, Coins coins, const std::optional<promo::Waiting>& code, const Sale& sale);

enum class NotPlaced {
    amount,  // fewer or more coins than may be bought at once
    too_often,
};
Task<std::expected<payments::Order, NotPlaced>> place(postgres::Pool& pool, UserId user, Coins coins, Sale sale, Deadline deadline);

}  // namespace persona::yookassa
