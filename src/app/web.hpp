// What the role `api` serves beside health and Telegram's webhook: sessions, the cabinet's API, notifications of payments and of portraits.
#pragma once

#include "api/cabinet.hpp"
#include "app/darkroom.hpp"
#include "app/foundation.hpp"
#include "app/money.hpp"

namespace persona::app {

class Web {
public:
    // roubles: null where none are taken. ring_jobs: called when a provider told an end that a job waits for. Throws BadConfig.
    Web(Foundation& foundation, Roubles* roubles, Executor executor, std::function<void()> ring_jobs);
    // Lives as long as this.
    std::vector<http::Route> routes();

private:
    api::Reception reception_;
    api::Cabinet cabinet_;
    std::unique_ptr<api::YookassaDoor> door_;
    std::unique_ptr<FalWebhook> fal_;
};

}  // namespace persona::app
