// A server that behaves like YooKassa's API v3, as far as Persona asks: keys of idempotence, the states of payments and refunds, lists
// with cursors, and faults on demand. Written from its documentation and not from our client. Owned by a test.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <map>
#include <vector>

#include "async/within.hpp"
#include "http/server.hpp"

namespace persona::test {

namespace json = boost::json;

class YookassaServer {
public:
    enum class Fault {
        none,
        error,     // 500 and nothing done
        lost,      // done, then 500
        hang,      // done, and no answer ever
        busy,      // 429
        at_it,     // done, 202
        nonsense,  // done, an answer of another form
        refused,   // 400
        stranger,  // 401
    };
    struct Asked {
        std::string method, path, key, authorization;
        json::value body;
    };

    explicit YookassaServer(Executor executor) : server_(executor, {}, [this](http::Request request) { return serve(std::move(request)); }) {}

    std::deque<Fault> faults;  // of the calls to come, one each
    std::vector<Asked> asked;
    bool test_shop = false;
    std::size_t page = 2;  // items in a list's page

    std::string base() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v3"; }
    Task<void> stop() { co_await server_.stop(Deadline::after(0ms)); }

    // What people and YooKassa's own pages do.
    void pay(const std::string& id) { finish(payments_.at(id), payments_.at(id).at("capture").as_bool() ? "succeeded" : "waiting_for_capture"); }
    void abandon(const std::string& id) {
        finish(payments_.at(id), "canceled");
        payments_.at(id)["cancellation_details"] = json::object{{"party", "yoo_money"}, {"reason", "expired_on_confirmation"}};
    }
    // A payment that nobody ordered through us, paid.
    std::string foreign_payment(std::string_view value, json::object metadata, std::string_view currency = "RUB") {
        auto& made =
            add_payment({{"amount", json::object{{"value", value}, {"currency", currency}}}, {"capture", true}, {"metadata", std::move(metadata)}});
        finish(made, "succeeded");
        return id_of(made);
    }
    std::string refund_elsewhere(const std::string& payment, std::string_view value) {
        return id_of(add_refund({{"payment_id", payment}, {"amount", json::object{{"value", value}, {"currency", "RUB"}}}}));
    }
    json::object& payment(const std::string& id) { return payments_.at(id); }
    json::object& refund(const std::string& id) { return refunds_.at(id); }
    const std::vector<std::string>& payment_ids() const { return payment_order_; }
    std::size_t refund_count() const { return refund_order_.size(); }
    void forget_keys() { keys_.clear(); }  // as after 24 hours
    // The body of a notification about it, as it stands.
    std::string notification(const std::string& event, const std::string& id) {
        const bool refund = event.starts_with("refund.");
        return json::serialize(json::object{{"type", "notification"}, {"event", event}, {"object", refund ? refunds_.at(id) : payments_.at(id)}});
    }

private:
    struct Done {
        std::string body, path;
        unsigned status;
        std::string answer;
    };

    static std::string id_of(const json::object& object) { return std::string(object.at("id").as_string()); }
    static void finish(json::object& payment, std::string_view status) {
        payment["status"] = status;
        payment["paid"] = status == "succeeded" || status == "waiting_for_capture";
        payment.erase("confirmation");
    }
    std::string next_id() { return "2d8f" + std::to_string(10'000 + ++made_) + "-000f-5000-8000-18db351245c7"; }
    // Later for each, so that lists have an order.
    std::string next_time() { return to_iso(wall_now() - 1min + std::chrono::milliseconds(made_)); }

    json::object& add_payment(json::object wanted) {
        const std::string id = next_id();
        wanted["id"] = id;
        wanted["status"] = "pending";
        wanted["paid"] = false;
        wanted["test"] = test_shop;
        wanted["created_at"] = next_time();
        wanted["confirmation"] = json::object{{"type", "redirect"}, {"confirmation_url", "https://yoomoney.example/checkout?orderId=" + id}};
        payment_order_.push_back(id);
        return payments_[id] = std::move(wanted);
    }
    json::object& add_refund(json::object wanted) {
        const std::string id = next_id();
        wanted["id"] = id;
        wanted["status"] = "succeeded";
        wanted["created_at"] = next_time();
        refund_order_.push_back(id);
        return refunds_[id] = std::move(wanted);
    }

    static http::Response error(unsigned status, std::string_view code, std::string_view parameter = "") {
        json::object body{{"type", "error"}, {"id", "e1"}, {"code", code}, {"description", "Something about your secret order"}};
        if (!parameter.empty()) body["parameter"] = parameter;
        return http::Response::json(json::serialize(body), status);
    }
    static http::Response found(const std::map<std::string, json::object>& all, const std::string& id) {
        const auto at = all.find(id);
        return at == all.end() ? error(404, "not_found") : http::Response::json(json::serialize(at->second));
    }

    http::Response list(const std::map<std::string, json::object>& all, std::vector<std::string> order, const http::Form& query) const {
        std::ranges::reverse(order);
        std::erase_if(order, [&](const std::string& id) {
            const std::string_view at = all.at(id).at("created_at").as_string();
            return at < query.value("created_at.gte") || at >= query.value("created_at.lt");
        });
        const std::size_t from = query.contains("cursor") ? std::stoul(std::string(query.value("cursor"))) : 0;
        json::object out{{"type", "list"}, {"items", json::array{}}};
        for (std::size_t i = from; i < order.size() && i < from + page; ++i) out["items"].as_array().push_back(all.at(order[i]));
        if (from + page < order.size()) out["next_cursor"] = std::to_string(from + page);
        return http::Response::json(json::serialize(out));
    }

    http::Response read(const http::Request& request) const {
        const bool payments = request.path[1] == "payments";
        const auto& all = payments ? payments_ : refunds_;
        if (request.path.size() == 2) return list(all, payments ? payment_order_ : refund_order_, request.query);
        return found(all, request.path[2]);
    }

    static std::int64_t cents(const json::object& object) {
        std::string text(object.at("amount").at("value").as_string());
        text.erase(text.find('.'), 1);
        return std::stoll(text);
    }
    std::int64_t refunded(const std::string& payment) const {
        std::int64_t sum = 0;
        for (const auto& [id, one] : refunds_)
            if (one.at("payment_id").as_string() == payment) sum += cents(one);
        return sum;
    }

    http::Response write(const std::vector<std::string>& path, const json::object& body) {
        if (path.size() == 2 && path[1] == "payments") return http::Response::json(json::serialize(add_payment(body)));
        if (path.size() == 2 && path[1] == "refunds") {
            const std::string payment(body.at("payment_id").as_string());
            if (!payments_.contains(payment)) return error(404, "not_found", "payment_id");
            if (payments_.at(payment).at("status") != "succeeded") return error(400, "invalid_request", "payment_id");
            if (refunded(payment) + cents(body) > cents(payments_.at(payment))) return error(400, "invalid_request", "amount");
            return http::Response::json(json::serialize(add_refund(body)));
        }
        if (path.size() != 4 || !payments_.contains(path[2])) return error(404, "not_found");
        json::object& payment = payments_.at(path[2]);
        if (payment.at("status") != "waiting_for_capture") return error(400, "invalid_request", "payment_id");
        finish(payment, path[3] == "capture" ? "succeeded" : "canceled");
        return http::Response::json(json::serialize(payment));
    }

    // The first result for a key that comes again; a key with another body is an error.
    http::Response once(const http::Request& request) {
        const std::string key(request.headers.value("Idempotence-Key"));
        if (key.empty() || key.size() > 64) return error(400, "invalid_request", "Idempotence-Key");
        const auto known = keys_.find(key);
        if (known != keys_.end()) {
            if (known->second.body != request.body || known->second.path != request.target) return error(400, "invalid_request", "Idempotence-Key");
            return http::Response::json(known->second.answer, known->second.status);
        }
        const http::Response out = write(request.path, json::parse(request.body).as_object());
        keys_[key] = {request.body, request.target, out.status, std::get<std::string>(out.body)};
        return http::Response::json(std::get<std::string>(out.body), out.status);
    }

    Task<http::Response> serve(http::Request request) {
        const bool post = request.method == "POST";
        asked.push_back({request.method, request.target, std::string(request.headers.value("Idempotence-Key")),
                         std::string(request.headers.value("Authorization")), request.body.empty() ? json::value() : json::parse(request.body)});
        std::optional<Fault> fault;
        if (!faults.empty()) fault = faults.front(), faults.pop_front();
        if (fault == Fault::error) co_return error(500, "internal_server_error");
        if (fault == Fault::busy) co_return error(429, "too_many_requests");
        if (fault == Fault::refused) co_return error(400, "invalid_request", "amount");
        if (fault == Fault::stranger) co_return error(401, "invalid_credentials");
        if (request.path.size() < 2 || request.path[0] != "v3") co_return error(404, "not_found");
        http::Response out = post ? once(request) : read(request);
        if (fault == Fault::hang) co_await pause(std::chrono::hours(1));
        if (fault == Fault::lost) co_return error(500, "internal_server_error");
        if (fault == Fault::at_it) co_return http::Response::json(R"({"type":"processing","retry_after":1})", 202);
        if (fault == Fault::nonsense) co_return http::Response::json(R"({"id":"?"})");
        co_return out;
    }

    std::map<std::string, json::object> payments_, refunds_;
    std::vector<std::string> payment_order_, refund_order_;  // oldest first
    std::map<std::string, Done> keys_;
    int made_ = 0;
    http::Server server_;
};

}  // namespace persona::test
