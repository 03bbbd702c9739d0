// POST /fal/webhook: fal.ai tells that a request has ended. Its signature must be of fal.ai's own keys; what it then means is the
// owner's to say. Owned by main; one thread.
#pragma once

#include <functional>

#include "ai/remote/fal/keys.hpp"
#include "http/addresses.hpp"
#include "http/router.hpp"

namespace persona::api {

// A webhook whose signature was verified.
struct FalEvent {
    std::string request_id;
    std::string order;   // of the query, as we wrote it into the webhook's address; may be empty. 64 of [A-Za-z0-9-_] at most
    std::string status;  // "OK", "ERROR", or a word that nobody knows yet
    std::string body;    // whole, for PortraitEngine::trained and painted
};
enum class FalVerdict : std::uint8_t {
    accepted,  // 200: stored, or known already
    unknown,   // 404: no request of ours
    refused,   // 403: not for this order
};

struct FalOwner {
    // Called again for each delivery: fal.ai repeats up to ten times in two hours. What throws Unavailable is answered 503.
    std::function<Task<FalVerdict>(FalEvent event)> told;
    // Once for each that was refused, at most thirty a minute. reason: "malformed", "stale", "unsigned", "unknown", "refused".
    // request_id: empty where it has not the form of one.
    std::function<Task<void>(std::string_view reason, std::string address, std::string request_id)> refused;
};

class FalDoor {
public:
    // keys must outlive it. proxies: PERSONA_TRUSTED_PROXIES, for the address that is told.
    FalDoor(ai::fal::Keys& keys, http::Networks proxies, FalOwner owner) : keys_(keys), proxies_(std::move(proxies)), owner_(std::move(owner)) {}

    // 400: malformed. 403: stale, unsigned, refused. 404: unknown. 503: our database or fal.ai's keys do not answer; it will tell again.
    http::Route route();

private:
    Task<http::Response> notified(http::Request request);
    Task<http::Response> hand_over(FalEvent event, std::string address);
    Task<http::Response> refuse(unsigned status, std::string_view reason, std::string address, std::string request_id);
    Task<void> tell(std::string_view reason, std::string address, std::string request_id);
    bool may_tell();

    ai::fal::Keys& keys_;
    http::Networks proxies_;
    FalOwner owner_;
    int told_ = 0;                    // of refusals since
    std::optional<Deadline> minute_;  // the end of this minute
};

}  // namespace persona::api
