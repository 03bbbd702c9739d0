#include "api/fal.hpp"

#include "ai/remote/fal/wire.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::api {
namespace {

constexpr std::size_t most_bytes = 1 << 20, longest_order = 64;
constexpr auto patience = 12s;  // fal.ai waits for 15
constexpr int most_told = 30;   // a minute: a stranger must not fill our database

http::Response later() {
    http::Response out = http::Response::empty(503);
    out.headers.add("Retry-After", "5");
    return out;
}

// What the header says is signed with the body, and one of the body's two ids: no other request can be meant.
std::optional<FalEvent> event_of(const http::Request& request, const ai::fal::Signature& signature) {
    const std::string_view order = request.query.value("order");
    const auto told = ai::fal::read_told(request.body);
    const bool sound_order = order.empty() || (order.size() <= longest_order && ai::fal::is_id(order));
    if (!told || !sound_order || (told->request != signature.request_id && told->gateway_request != signature.request_id)) return std::nullopt;
    return FalEvent{told->request, std::string(order), told->status, request.body};
}

std::string id_or_nothing(std::string_view text) { return ai::fal::is_id(text) ? std::string(text) : std::string(); }

}  // namespace

http::Route FalDoor::route() {
    return {"POST", "/fal/webhook", [this](http::Request request) { return notified(std::move(request)); }, most_bytes};
}

Task<http::Response> FalDoor::notified(http::Request request) {
    using ai::fal::Doubt;
    const std::string from = http::origin_address(request, proxies_), claimed = id_or_nothing(request.headers.value("X-Fal-Webhook-Request-Id"));
    const auto signature = co_await keys_.verify(request.headers, request.body, Deadline::after(patience));
    if (!signature && signature.error() == Doubt::keys_unavailable) co_return later();
    if (!signature) co_return co_await refuse(signature.error() == Doubt::malformed ? 400 : 403, name(signature.error()), from, claimed);
    auto event = event_of(request, *signature);
    if (!event) co_return co_await refuse(400, "malformed", from, claimed);
    try {
        co_return co_await hand_over(std::move(*event), from);
    } catch (const Unavailable& e) { log(Level::warn, "api", "a webhook of fal.ai is not taken now", {{"error", e.what()}}); }
    co_return later();
}

Task<http::Response> FalDoor::hand_over(FalEvent event, std::string address) {
    const std::string id = event.request_id;
    switch (co_await owner_.told(std::move(event))) {
        case FalVerdict::accepted: co_return http::Response::empty(200);
        case FalVerdict::unknown: co_return co_await refuse(404, "unknown", std::move(address), id);
        case FalVerdict::refused: break;
    }
    co_return co_await refuse(403, "refused", std::move(address), id);
}

Task<http::Response> FalDoor::refuse(unsigned status, std::string_view reason, std::string address, std::string request_id) {
    log(Level::warn, "api", "a webhook of fal.ai is refused", {{"reason", reason}, {"address", address}, {"request", request_id}});
    co_await tell(reason, std::move(address), std::move(request_id));
    co_return http::Response::empty(status);
}

Task<void> FalDoor::tell(std::string_view reason, std::string address, std::string request_id) {
    if (!may_tell()) co_return;
    try {
        co_await owner_.refused(reason, std::move(address), std::move(request_id));
    } catch (const Unavailable& e) { log(Level::warn, "api", "a refused webhook is not written down", {{"error", e.what()}}); }
}

bool FalDoor::may_tell() {
    if (!minute_ || minute_->passed()) {
        minute_ = Deadline::after(1min);
        told_ = 0;
    }
    return told_++ < most_told;
}

}  // namespace persona::api
