// A client of the test server that is quick to try again.
#pragma once

#include "studio/payments/yookassa/client.hpp"
#include "support/yookassa_server.hpp"

namespace persona::yookassa {

inline Config test_config(const test::YookassaServer& server) {
    return {.base = server.base(),
            .shop = "100500",
            .key = Secret("test_secret_key"),
            .tries = 3,
            .first_wait = 1ms,
            .most_wait = 2ms,
            .try_time = 200ms,
            .circuit = {.failures = 50}};
}

}  // namespace persona::yookassa
