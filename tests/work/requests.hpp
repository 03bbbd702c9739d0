// A provider that ends its work later than it answers, as its webhook tells it.
#pragma once

#include "darkroom.hpp"

namespace persona::bot {

inline Task<portraits::Told> hear(Studio& studio, Uuid job, std::string body, std::string status = "OK", std::string request = "request-1") {
    const auto verdict =
        co_await portraits::tell(studio.pool, studio.vault, "Photographer", std::move(request), job, std::move(status), std::move(body), soon());
    studio.shop.wake_jobs();
    co_return verdict.told;
}

// "ended, late 2": of the only request.
inline Task<std::string> request_books(Studio& studio) {
    static constexpr postgres::Query query{"test.requests",
                                           "SELECT coalesce(string_agg(state || ', late ' || late, '; '), 'none') FROM portrait_requests"};
    return studio.ask(query);
}

}  // namespace persona::bot
