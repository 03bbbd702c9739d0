// What the role `api` serves beside health and Telegram's webhook: sessions, the cabinet's API, notifications of payments.
#pragma once

#include "api/cabinet.hpp"
#include "app/foundation.hpp"
#include "app/money.hpp"

namespace persona::app {

class Web {
public:
    // roubles: null where none are taken. Throws BadConfig.
    Web(Foundation& foundation, Roubles* roubles);
    // Lives as long as this.
    std::vector<http::Route> routes();

private:
    api::Reception reception_;
    api::Cabinet cabinet_;
    std::unique_ptr<api::YookassaDoor> door_;
};

}  // namespace persona::app
