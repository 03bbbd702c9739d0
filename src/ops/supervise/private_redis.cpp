#include "ops/supervise/private_redis.hpp"

#include "base/error.hpp"
#include "ops/supervise/orphans.hpp"

namespace persona::ops {
namespace {
namespace fs = std::filesystem;
const fs::path program = "/usr/bin/redis-server";
constexpr Millis orphan_patience{5'000};
}  // namespace

fs::path PrivateRedis::socket(const fs::path& data) { return socket_folder(data) / "redis.sock"; }

Task<void> PrivateRedis::prepare() {
    if (!fs::exists(program)) throw BadConfig("Redis is not installed: apt-get install redis-server, or set REDIS_URL");
    fs::create_directories(folder());
    give_to(data_.account(), folder());
    // Debian's program is redis-check-rdb by its file name: it looks at the name that it was called by.
    co_await end_programs_in(folder(), data_.owner(), fs::canonical(program).filename(), orphan_patience);
    make_socket_folder(data_);
}

ChildSpec PrivateRedis::child() const {
    // Full memory must never refuse a write: everything in it can be had again, so the least used goes.
    return {
        .name = "redis",
        .launch = {.command = {program, "--port", "0", "--unixsocket", socket(data_.path()), "--unixsocketperm", "700", "--save", "", "--appendonly",
                               "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru", "--supervised", "systemd", "--dir", folder()},
                   .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"},
                   .account = data_.account(),
                   .log = data_.logs() / "redis.log"},
        .says_ready = true,
        .patience = Millis(5'000)};
}

}  // namespace persona::ops
