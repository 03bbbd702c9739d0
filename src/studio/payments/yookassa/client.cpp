#include "studio/payments/yookassa/client.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "http/url.hpp"

namespace persona::yookassa {
namespace {

constexpr std::string_view page_size = "100";
// The capture of a payment may be asked for again by any process, and is then the same act.
constexpr Uuid space{{0x4d, 0x1b, 0x6e, 0x02, 0x5c, 0x3a, 0x5f, 0x7e, 0x9a, 0x41, 0x77, 0x0c, 0xd2, 0x95, 0x38, 0xe1}};

std::string capture_key(std::string_view payment) { return Uuid::v5(space, fmt::format("capture:{}", payment)).text(); }

std::string base64(std::string_view text) {
    std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // its terminating NUL
    return out;
}

Trouble::Kind kind_of(unsigned status) {
    switch (status) {
        case 401:
        case 403: return Trouble::Kind::unauthorized;
        case 404: return Trouble::Kind::missing;
        case 408:
        case 409:
        case 429: return Trouble::Kind::later;
        default: return status / 100 == 4 ? Trouble::Kind::refused : Trouble::Kind::later;
    }
}

Trouble trouble_of(const http::Reply& reply) {
    const Refused said = read_error(reply.body);
    return {kind_of(reply.status), reply.status, said.code + (said.parameter.empty() ? "" : " (" + said.parameter + ")")};
}

std::string query_of(const Window& window, const std::string& cursor) {
    http::Form form;
    form.add("created_at.gte", to_iso(window.from));
    form.add("created_at.lt", to_iso(window.to));
    form.add("limit", std::string(page_size));
    if (!cursor.empty()) form.add("cursor", cursor);
    return form.encoded();
}

Circuit::Point now() { return std::chrono::steady_clock::now(); }

}  // namespace

std::string base_of(std::string url) {
    url = http::without_end_slash(std::move(url));
    if (!url.starts_with("https://") && !http::is_loopback(url)) throw BadConfig("YOOKASSA_URL must be https, or http on this machine");
    return http::origin_of(url) == url ? url + "/v3" : url;
}

std::string Trouble::text() const { return status == 0 ? detail : fmt::format("{}{}{}", status, detail.empty() ? "" : " ", detail); }

Task<Answer<std::string>> Client::once(const Request& request, Deadline deadline) {
    http::Call call{.method = request.method, .url = config_.base + request.path, .body = request.body, .idempotent = true};
    call.headers.add("Authorization", "Basic " + base64(config_.shop + ":" + config_.key.reveal()));
    if (!request.key.empty()) {
        call.headers.add("Idempotence-Key", request.key);
        call.headers.add("Content-Type", "application/json");
    }
    auto reply = co_await http_.send(std::move(call), deadline.within(config_.try_time));
    if (!reply) co_return std::unexpected(Trouble{.detail = reply.error().detail});
    if (reply->status == 202) co_return std::unexpected(Trouble{Trouble::Kind::later, 202, "it is still at it"});  // the same key gives the result
    if (reply->status / 100 != 2) co_return std::unexpected(trouble_of(*reply));
    co_return std::move(reply->body);
}

Task<Answer<std::string>> Client::persist(Request request, Deadline deadline) {
    Backoff backoff(config_.first_wait, config_.most_wait);
    for (int left = config_.tries;;) {
        if (!circuit_.allows(now())) co_return std::unexpected(Trouble{.detail = "YooKassa is left alone for a while"});
        auto answer = co_await once(request, deadline);
        if (answer) {
            circuit_.succeeded();
            co_return answer;
        }
        note(request, answer.error());
        const Millis wait = backoff.next();
        if (answer.error().kind != Trouble::Kind::later || --left <= 0 || wait >= deadline.left()) co_return answer;
        co_await pause(wait);
    }
}

// A server that says "slower", "still at it" or refuses one call is alive; a wrong key does not heal within seconds.
void Client::note(const Request& request, const Trouble& trouble) {
    log(Level::warn, "payments", "YooKassa did not do it", {{"method", request.method}, {"error", trouble.text()}});
    if (trouble.kind == Trouble::Kind::unauthorized) return circuit_.broke(now());
    if (trouble.kind == Trouble::Kind::later && trouble.status != 429 && trouble.status != 202) return circuit_.failed(now());
    circuit_.succeeded();
}

template <class T>
Task<Answer<T>> Client::ask(Request request, std::optional<T> (*read)(std::string_view), Deadline deadline) {
    const auto body = co_await persist(std::move(request), deadline);
    if (!body) co_return std::unexpected(body.error());
    auto value = read(*body);
    if (!value) co_return std::unexpected(Trouble{Trouble::Kind::later, 200, "an answer of another form"});
    co_return std::move(*value);
}

Task<Answer<Payment>> Client::create(NewPayment payment, Deadline deadline) {
    return ask({"POST", "/payments", body_of(payment), payment.order.text()}, read_payment, deadline);
}
Task<Answer<Payment>> Client::payment(std::string id, Deadline deadline) { return ask({"GET", "/payments/" + id, "", ""}, read_payment, deadline); }

Task<Answer<Payment>> Client::capture(std::string id, Money amount, Deadline deadline) {
    return ask({"POST", "/payments/" + id + "/capture", capture_body(amount), capture_key(id)}, read_payment, deadline);
}

Task<Answer<Refund>> Client::refund(std::string payment, Money amount, Uuid key, Deadline deadline) {
    return ask({"POST", "/refunds", refund_body(payment, amount), key.text()}, read_refund, deadline);
}
Task<Answer<Refund>> Client::refund(std::string id, Deadline deadline) { return ask({"GET", "/refunds/" + id, "", ""}, read_refund, deadline); }

Task<Answer<Page<Payment>>> Client::payments(Window window, std::string cursor, Deadline deadline) {
    return ask({"GET", "/payments?" + query_of(window, cursor), "", ""}, read_payments, deadline);
}
Task<Answer<Page<Refund>>> Client::refunds(Window window, std::string cursor, Deadline deadline) {
    return ask({"GET", "/refunds?" + query_of(window, cursor), "", ""}, read_refunds, deadline);
}

}  // namespace persona::yookassa
