// /healthz: this process is alive. /readyz: it can do its work, that is PostgreSQL answers and its schema is ours; without Redis
// it is slower but ready ("degraded").
#pragma once

#include <functional>
#include <vector>

#include "http/router.hpp"
#include "postgres/pool.hpp"

namespace persona::api {

struct HealthChecks {
    postgres::Pool& pool;
    std::function<bool()> redis_connected;
};

std::vector<http::Route> health_routes(HealthChecks checks);

}  // namespace persona::api
