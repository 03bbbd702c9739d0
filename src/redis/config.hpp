// REDIS_URL as the operator writes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace persona::redis {

struct Endpoint {
    std::string host;  // empty where there is a socket
    std::uint16_t port = 6379;
    std::string socket;  // path of a unix socket
};

struct Config {
    Endpoint endpoint;
    std::string user;  // empty: Redis' "default"
    Secret password;   // empty: none
    int database = 0;

    // redis://[[user]:password@]host[:port][/database], unix:///path[?db=n] and redis+unix:///path[?db=n]; user and password
    // percent-encoded. rediss, redis+sentinel and redis+cluster are understood and refused. Throws BadConfig without the URL's text.
    static Config from_url(std::string_view url);
};

}  // namespace persona::redis
