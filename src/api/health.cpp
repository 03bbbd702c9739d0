#include "api/health.hpp"

#include <boost/json.hpp>

#include "base/error.hpp"
#include "postgres/migrations.hpp"

namespace persona::api {
namespace {

constexpr postgres::Query schema_query{"health.schema", "SELECT count(*) FROM schema_migrations"};
constexpr auto patience = 2s;

// "ok", or what is wrong in words that tell an outsider nothing.
Task<std::string> database(postgres::Pool& pool) {
    try {
        const auto known = static_cast<std::int64_t>(postgres::embedded_migrations().size());
        const auto rows = co_await pool.read(Deadline::after(patience), schema_query);
        co_return rows.value<std::int64_t>() >= known ? "ok" : "schema is behind";
    } catch (const Error&) { co_return "unreachable"; }
}

Task<http::Response> ready(HealthChecks checks) {
    const std::string postgres = co_await database(checks.pool);
    const bool redis = checks.redis_connected();
    const bool ok = postgres == "ok";
    const boost::json::object body{{"status", !ok     ? "unavailable"
                                              : redis ? "ready"
                                                      : "degraded"},
                                   {"postgres", postgres},
                                   {"redis", redis ? "ok" : "unreachable"}};
    co_return http::Response::json(boost::json::serialize(body), ok ? 200 : 503);
}

}  // namespace

std::vector<http::Route> health_routes(HealthChecks checks) {
    return {{"GET", "/healthz", [](http::Request) -> Task<http::Response> { co_return http::Response::text(200, "alive\n"); }},
            {"GET", "/readyz", [checks](http::Request) { return ready(checks); }}};
}

}  // namespace persona::api
