#include "api/cabinet.hpp"

#include <boost/json.hpp>

#include "api/answers.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/number.hpp"
#include "studio/payments/payments.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::api {
namespace {

namespace json = boost::json;
using payments::Order;

constexpr std::size_t most_bytes = 4 << 10;
constexpr auto patience = 25s;
constexpr int usual_page = 10, most_page = 100;
constexpr std::array<std::string_view, 4> states{"open", "paid", "cancelled", "expired"};

std::string_view state_of(const Order& order) {
    const bool late = order.state == Order::State::open && order.late;
    return late ? states[3] : states[static_cast<std::size_t>(order.state)];
}

json::object shown(const Order& order) {
    return {{"order", order.id.text()},
            {"state", state_of(order)},
            {"coins", order.coins.text()},
            {"bonus", order.bonus.text()},
            {"price", yookassa::amount_text(order.price)},
            {"currency", payments::currency(order.provider)},
            {"url", order.remote_url.empty() ? json::value() : json::value(order.remote_url)}};
}

json::object shown(const wallet::Entry& entry) {
    return {{"id", entry.id},
            {"amount", entry.amount.text()},
            {"kind", wallet::word(entry.kind)},
            {"description", entry.description},
            {"balance_after", entry.balance_after.text()},
            {"at", to_iso(entry.at)}};
}

// A number of a query, at least 0; `otherwise` where it is absent.
std::optional<std::int64_t> number_in(const http::Request& request, std::string_view name, std::int64_t otherwise) {
    const auto text = request.query.find(name);
    if (!text) return otherwise;
    const auto value = whole_number(*text);
    return value && *value >= 0 ? value : std::nullopt;
}

http::Response later(std::string_view code, std::string_view message) {
    http::Response out = refusal(503, code, message);
    out.headers.add("Retry-After", "5");
    return out;
}

}  // namespace

std::vector<http::Route> Cabinet::routes() {
    const auto route = [this](const char* method, const char* pattern, Act act) {
        return http::Route{method, pattern, [this, act](http::Request request) { return let_in(std::move(request), act); }, most_bytes};
    };
    return {route("GET", "/api/v1/me", &Cabinet::me), route("POST", "/api/v1/orders", &Cabinet::buy),
            route("GET", "/api/v1/orders/{id}", &Cabinet::order), route("GET", "/api/v1/transactions", &Cabinet::transactions)};
}

Task<http::Response> Cabinet::let_in(http::Request request, Act act) {
    const auto deadline = Deadline::after(patience);
    try {
        auto visitor = co_await reception_.visitor(request, deadline);
        if (!visitor) co_return refusal(401, "no_session", "open a session first: POST /api/v1/session");
        if (visitor->banned) co_return refusal(403, "banned", "this account is closed by the operator");
        co_return co_await (this->*act)(std::move(request), std::move(*visitor), deadline);
    } catch (const Unavailable& e) { log(Level::warn, "api", "the cabinet is not served now", {{"error", e.what()}}); }
    co_return later("unavailable", "try again in a moment");
}

Task<http::Response> Cabinet::me(http::Request, Visitor visitor, Deadline deadline) {
    const auto balance = co_await wallet::balance(pool_, visitor.id, deadline);
    const json::object user{{"id", visitor.id.value},
                            {"telegram_id", visitor.telegram.value},
                            {"first_name", visitor.first_name},
                            {"username", visitor.username},
                            {"language", visitor.language}};
    co_return answer({{"user", user}, {"coins", balance.coins.text()}, {"held", balance.held.text()}, {"available", balance.available().text()}});
}

Task<http::Response> Cabinet::buy(http::Request request, Visitor visitor, Deadline deadline) {
    if (!till_) co_return refusal(503, "not_sold", "this studio takes no roubles");
    const auto body = object_in(request);
    const auto text = body ? text_in(*body, "coins") : std::nullopt;
    const auto coins = text ? Coins::parse(*text) : std::nullopt;
    if (!coins) co_return refusal(400, "bad_request", "the body must be {\"coins\": \"250.00\"}, at most two decimals");
    const auto order = co_await yookassa::place(pool_, visitor.id, *coins, sale_, deadline);
    if (order) co_return co_await offer(*order, deadline);
    if (order.error() == yookassa::NotPlaced::too_often) co_return refusal(429, "too_often", "too many orders within an hour");
    co_return refusal(400, "bad_amount", "from " + sale_.least.text() + " to " + sale_.most.text() + " coins at once");
}

// 201 with the address where it is paid. 202 without one where YooKassa's answer did not come: the same order is offered again, and
// GET /api/v1/orders/{id} will know the address.
Task<http::Response> Cabinet::offer(payments::Order order, Deadline deadline) {
    const auto url = co_await till_->offer(order, deadline);
    if (url) {
        order.remote_url = *url;
        co_return answer(shown(order), 201);
    }
    log(Level::warn, "api", "an order is not offered", {{"order", order.id.text()}, {"error", url.error().text()}});
    if (url.error().kind == yookassa::Trouble::Kind::later) co_return answer(shown(order), 202);
    postgres::Work work;
    payments::cancel(work, order.id);
    (void)co_await pool_.commit(std::move(work), deadline);
    co_return later("not_sold_now", "the payment service refuses the order");
}

Task<http::Response> Cabinet::order(http::Request request, Visitor visitor, Deadline deadline) {
    const auto id = Uuid::parse(request.part("id"));
    const auto order = id ? co_await payments::order(pool_, *id, deadline) : std::nullopt;
    if (!order || order->user != visitor.id) co_return refusal(404, "no_order", "you have no such order");
    co_return answer(shown(*order));
}

Task<http::Response> Cabinet::transactions(http::Request request, Visitor visitor, Deadline deadline) {
    const auto before = number_in(request, "before", 0), limit = number_in(request, "limit", usual_page);
    if (!before || !limit || *limit < 1 || *limit > most_page) co_return refusal(400, "bad_request", "before: an id; limit: 1 to 100");
    const auto most = static_cast<std::size_t>(*limit);
    const auto entries = co_await wallet::entries(pool_, visitor.id, *before, static_cast<int>(most) + 1, deadline);
    json::array list;
    for (std::size_t i = 0; i < std::min(most, entries.size()); ++i) list.push_back(shown(entries[i]));
    const json::value next = entries.size() > most ? json::value(entries[most - 1].id) : json::value();
    co_return answer({{"transactions", std::move(list)}, {"next", next}});
}

}  // namespace persona::api
