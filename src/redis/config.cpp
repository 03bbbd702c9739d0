#include "redis/config.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "http/url.hpp"

namespace persona::redis {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw BadConfig("REDIS_URL: " + why); }

template <class T>
T number_of(std::string_view text, const char* what, T largest) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > largest)
        refuse(std::string("the ") + what + " is not a number in its range");
    return value;
}

int database_of(std::string_view text) { return static_cast<int>(number_of<unsigned>(text, "database", 1'000'000)); }

void take_login(Config& config, std::string_view login) {
    const auto colon = login.find(':');
    if (colon == login.npos) refuse("a password stands behind a colon, as in redis://:password@host");
    config.user = http::percent_decode(login.substr(0, colon));
    config.password = Secret(http::percent_decode(login.substr(colon + 1)));
}

void take_host(Endpoint& endpoint, std::string_view host) {
    const auto bracket = host.starts_with('[') ? host.find(']') : 0;
    if (bracket == host.npos) refuse("an address lacks its closing bracket");
    const auto colon = host.find(':', bracket);
    endpoint.host = bracket ? host.substr(1, bracket - 1) : host.substr(0, colon);
    if (colon != host.npos) endpoint.port = number_of<std::uint16_t>(host.substr(colon + 1), "port", 65535);
    if (endpoint.host.empty() || endpoint.port == 0) refuse("the host or the port is missing");
}

Config from_socket(std::string_view path) {
    Config config;
    const auto question = std::min(path.find('?'), path.size());
    config.endpoint.socket = http::percent_decode(path.substr(0, question));
    if (!config.endpoint.socket.starts_with('/')) refuse("a socket needs an absolute path, as unix:///run/redis.sock");
    const auto query = http::Form::parse(path.substr(std::min(question + 1, path.size())));
    if (const auto db = query.find("db")) config.database = database_of(*db);
    return config;
}

Config from_host(std::string_view rest) {
    Config config;
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    const auto path = rest.substr(std::min(slash + 1, rest.size()));
    if (const auto at = authority.rfind('@'); at != authority.npos) {
        take_login(config, authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    take_host(config.endpoint, authority);
    if (!path.empty()) config.database = database_of(path);
    return config;
}

struct Scheme {
    std::string_view name;
    Config (*read)(std::string_view);
};
constexpr Scheme schemes[] = {
    {"redis", from_host},
    {"unix", from_socket},
    {"redis+unix", from_socket},
    {"rediss", [](std::string_view) -> Config { refuse("TLS to Redis (rediss) is not supported by this version"); }},
    {"redis+sentinel", [](std::string_view) -> Config { refuse("Redis Sentinel is not supported by this version"); }},
    {"redis+cluster", [](std::string_view) -> Config { refuse("Redis Cluster is not supported by this version"); }},
};

}  // namespace

Config Config::from_url(std::string_view url) {
    const auto end = url.find("://");
    if (end == url.npos) refuse("a URL is needed, as redis://127.0.0.1:6379/0");
    const auto* scheme = std::ranges::find(schemes, url.substr(0, end), &Scheme::name);
    if (scheme == std::end(schemes)) refuse("the scheme is none of redis, rediss, unix, redis+unix, redis+sentinel, redis+cluster");
    return scheme->read(url.substr(end + 3));
}

}  // namespace persona::redis
