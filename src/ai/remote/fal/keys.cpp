#include "ai/remote/fal/keys.hpp"

#include "ai/remote/fal/config.hpp"
#include "base/log.hpp"

namespace persona::ai::fal {
namespace {

constexpr std::size_t most_bytes = 64 << 10;

}  // namespace

struct Keys::Flight {
    explicit Flight(Keys& of) : keys(of) { keys.fetching_ = true; }
    ~Flight() {
        keys.fetching_ = false;
        keys.ended_.notify();
    }
    Keys& keys;
};

Keys::Keys(Executor executor, http::Client& http, KeysConfig config) : http_(http), config_(std::move(config)), ended_(std::move(executor)) {
    config_.url = checked_address(std::move(config_.url), "FAL_JWKS_URL");
}

Task<std::expected<Signature, Doubt>> Keys::verify(http::Headers headers, std::string_view body, Deadline deadline) {
    auto signature = signature_in(headers, config_.now());
    if (!signature) co_return signature;
    if (old()) co_await renew(deadline);
    if (keys_ && proves(*keys_, *signature, body)) co_return signature;
    if (keys_) co_await renew(deadline);
    if (!keys_) co_return std::unexpected(Doubt::keys_unavailable);
    if (!proves(*keys_, *signature, body)) co_return std::unexpected(Doubt::not_signed);
    co_return signature;
}

bool Keys::old() const { return !keys_ || config_.now() - *fetched_ >= config_.keep; }

Task<void> Keys::renew(Deadline deadline) {
    if (fetching_) {
        while (fetching_ && co_await ended_.wait(deadline)) {}
        co_return;
    }
    if (tried_ && config_.now() - *tried_ < config_.between) co_return;
    tried_ = config_.now();
    const Flight flight(*this);
    // A caller that hangs up does not take the keys away from those who wait, nor the next minute's only try.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await fetch();
    co_await asio::this_coro::reset_cancellation_state();
}

Task<void> Keys::fetch() {
    auto reply = co_await http_.send({.method = "GET", .url = config_.url, .max_response = most_bytes}, Deadline::after(config_.patience));
    auto keys = reply && reply->status == 200 ? read_keys(reply->body) : std::nullopt;
    if (!keys) {
        log(Level::warn, "ai", "fal.ai's keys cannot be had", {{"error", reply ? std::to_string(reply->status) : reply.error().detail}});
        co_return;
    }
    keys_ = std::move(keys);
    fetched_ = config_.now();
}

}  // namespace persona::ai::fal
