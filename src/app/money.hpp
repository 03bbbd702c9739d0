// Money from outside, as the settings have it: who takes roubles, at which price, and what looks after both providers while nobody asks.
#pragma once

#include "api/yookassa.hpp"
#include "app/settings_table.hpp"
#include "studio/payments/reconcile.hpp"
#include "studio/payments/yookassa/sale.hpp"
#include "studio/payments/yookassa/till.hpp"
#include "telegram/api.hpp"

namespace persona::app {

struct Roubles {
    Roubles(http::Client& http, postgres::Pool& pool, yookassa::Config config, yookassa::Terms terms)
        : client(http, std::move(config)), till(pool, client, std::move(terms)) {}

    yookassa::Client client;
    yookassa::Till till;
};
// Null where YOOKASSA_SHOP_ID is not set. Throws BadConfig naming what is wrong.
std::unique_ptr<Roubles> roubles(const Settings& settings, http::Client& http, postgres::Pool& pool);
yookassa::Sale rouble_sale(const Settings& settings);
// Throws BadConfig naming YOOKASSA_TRUSTED or PERSONA_TRUSTED_PROXIES.
api::YookassaSenders yookassa_senders(const Settings& settings);

payments::Second second_stars(const Settings& settings);

payments::OpenStatement statement_of(telegram::Api& api);
payments::OpenStatement statement_of(yookassa::Client& client);

// Until cancelled: late orders end, undecided ones are asked for (P9), and once a day both providers' lists are compared with ours. One
// process of all does it, by a lease. roubles: may be null. second: of two payments of one invoice in Stars.
Task<void> mind_money(postgres::Pool& pool, telegram::Api& api, Roubles* roubles, payments::Second second);

}  // namespace persona::app
