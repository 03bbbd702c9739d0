#include "api/session.hpp"

#include <boost/json.hpp>

#include "api/answers.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/number.hpp"

namespace persona::api {
namespace {

constexpr std::string_view cookie_name = "persona_session";
constexpr std::chrono::seconds pass_life = std::chrono::hours(1);
constexpr std::size_t most_bytes = 16 << 10;
constexpr auto patience = 10s;

struct Why {
    std::string_view code, message;
};
// In the order of InitFault.
constexpr Why faults[] = {{"bad_init_data", "init_data is not what a Mini App has"},
                          {"forged_init_data", "init_data is not signed for this bot"},
                          {"old_init_data", "init_data is over a day old: open the Mini App again"},
                          {"future_init_data", "init_data is of the future: look at the clocks"}};

std::optional<std::int64_t> number_of(std::string_view text) {
    const auto value = whole_number(text);
    return value && *value > 0 ? value : std::nullopt;
}

// The first of that name: a browser sends one.
std::string_view cookie_of(const http::Request& request) {
    std::string_view left = request.headers.value("Cookie");
    while (!left.empty()) {
        std::string_view one = left.substr(0, left.find(';'));
        left.remove_prefix(std::min(one.size() + 1, left.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        if (one.starts_with(cookie_name) && one.substr(cookie_name.size()).starts_with('=')) return one.substr(cookie_name.size() + 1);
    }
    return {};
}

std::int64_t seconds_of(Time time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

}  // namespace

std::string Passes::sign(std::string_view text) const { return to_hex(hmac_sha256(key_.bytes(), as_bytes(text))); }

std::string Passes::issue(UserId user, Time now) const {
    const std::string text = fmt::format("{}.{}", user.value, seconds_of(now + pass_life));
    return text + "." + sign(text);
}

std::optional<UserId> Passes::read(std::string_view value, Time now) const {
    const std::size_t last = value.rfind('.'), first = value.find('.');
    if (last == std::string_view::npos || first == last) return std::nullopt;
    const std::string_view text = value.substr(0, last);
    if (!equal_constant_time(as_bytes(value.substr(last + 1)), as_bytes(sign(text)))) return std::nullopt;
    const auto user = number_of(text.substr(0, first)), until = number_of(text.substr(first + 1));
    return user && until && seconds_of(now) < *until ? std::optional(UserId(*user)) : std::nullopt;
}

http::Route Reception::route() {
    return {"POST", "/api/v1/session", [this](http::Request request) { return open(std::move(request)); }, most_bytes};
}

Task<http::Response> Reception::open(http::Request request) {
    const auto deadline = Deadline::after(patience);
    const auto body = object_in(request);
    const auto given = body ? text_in(*body, "init_data") : std::nullopt;
    if (!given) co_return refusal(400, "bad_request", "the body must be {\"init_data\": \"…\"}");
    const auto data = telegram::open_init_data(*given, token_, clock_());
    if (!data) {
        const Why& why = faults[static_cast<std::size_t>(data.error())];
        co_return refusal(data.error() == telegram::InitFault::malformed ? 400 : 401, why.code, why.message);
    }
    try {
        const auto visitor = co_await met(data->user, deadline);
        if (visitor.banned) co_return refusal(403, "banned", "this account is closed by the operator");
        http::Response out = answer({{"user", visitor.id.value}, {"expires_in", pass_life.count()}});
        out.headers.add("Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=None; Partitioned", cookie_name,
                                                  passes_.issue(visitor.id, clock_()), pass_life.count()));
        co_return out;
    } catch (const Unavailable& e) { log(Level::warn, "api", "a session is not opened now", {{"error", e.what()}}); }
    http::Response later = refusal(503, "unavailable", "try again in a moment");
    later.headers.add("Retry-After", "5");
    co_return later;
}

Task<accounts::Visitor> Reception::met(telegram::Person person, Deadline deadline) {
    const TelegramId id = person.id;
    if (auto known = co_await accounts::visitor(pool_, id, deadline)) co_return std::move(*known);
    co_await register_(std::move(person), deadline);
    auto fresh = co_await accounts::visitor(pool_, id, deadline);
    if (!fresh) throw Error("a person who was registered is not there");
    co_return std::move(*fresh);
}

Task<std::optional<accounts::Visitor>> Reception::visitor(const http::Request& request, Deadline deadline) {
    const auto user = passes_.read(cookie_of(request), clock_());
    if (!user) co_return std::nullopt;
    co_return co_await accounts::visitor(pool_, *user, deadline);
}

}  // namespace persona::api
