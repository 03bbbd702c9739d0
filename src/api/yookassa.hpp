// POST /yookassa/webhook: YooKassa tells that something happened. It signs nothing, so the address must be one of its own, and nothing of
// the body is believed but the id, which is asked for again. Owned by main; one thread.
#pragma once

#include "http/addresses.hpp"
#include "http/router.hpp"
#include "studio/payments/yookassa/till.hpp"

namespace persona::api {

// Where YooKassa's notifications come from, by its own list (yookassa.ru/developers/using-api/webhooks).
inline constexpr std::string_view yookassa_networks =
    "77.75.153.0/25, 77.75.154.128/25, 77.75.156.11, 77.75.156.35, 185.71.76.0/27, 185.71.77.0/27, "
    "2a02:5180:0:1509::/64, 2a02:5180:0:1533::/64, 2a02:5180:0:2655::/64, 2a02:5180:0:2669::/64";

struct YookassaSenders {
    http::Networks trusted;  // YOOKASSA_TRUSTED
    http::Networks proxies;  // PERSONA_TRUSTED_PROXIES
};

class YookassaDoor {
public:
    YookassaDoor(postgres::Pool& pool, yookassa::Till& till, YookassaSenders senders) : pool_(pool), till_(till), senders_(std::move(senders)) {}

    // 200: done, or nothing to do. 503: our database or YooKassa does not answer; it will tell again. 403: another address. 400: no notification.
    http::Route route();

private:
    Task<http::Response> notified(http::Request request);
    Task<http::Response> look(yookassa::Notification hint);
    Task<void> alert_stranger();

    postgres::Pool& pool_;
    yookassa::Till& till_;
    YookassaSenders senders_;
    std::optional<Deadline> quiet_;  // until then no further stranger is told of
};

}  // namespace persona::api
