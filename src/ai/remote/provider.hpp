// What all providers that speak OpenAI's protocol share: where they are, and what an HTTP answer of theirs means.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "http/call.hpp"

namespace persona::ai {

struct Provider {
    std::string base;  // OPENAI_BASE_URL, with /v1 and without a slash at its end: "https://api.openai.com/v1"
    Secret key;        // OPENAI_API_KEY; empty: a server of one's own that asks for none
};

enum class Fault {
    unreachable,   // no answer, or not a whole one
    busy,          // 429 for a rate, 408, 409, 425, 5xx: the same call may succeed later
    quota,         // 429 insufficient_quota, 402: nobody gets an answer until somebody pays
    unauthorized,  // 401, 403: the key is wrong
    too_large,     // 413, or longer than the model's context: smaller parts may pass
    refused,       // any other 4xx: this call never will
    nonsense,      // 200, but not what was asked for
};

struct ProviderError {
    Fault fault = Fault::unreachable;
    unsigned status = 0;
    std::string code;       // the provider's own word for it, at most 100 characters: "rate_limit_exceeded"
    std::string parameter;  // of the call, where the provider names one
    std::optional<Millis> retry_after = {};
    std::string detail = {};  // for the log; never what was sent, never the key

    // One line for the log.
    std::string text() const;
};

// Whether the same call may succeed later.
constexpr bool passes(Fault fault) { return fault == Fault::unreachable || fault == Fault::busy || fault == Fault::nonsense; }

// What a status with its headers and body ({"error":{"message","type","param","code"}}) means; status is not 2xx.
ProviderError provider_error(unsigned status, const http::Headers& headers, std::string_view body);
// The reply of a 2xx, else what went wrong.
std::expected<http::Reply, ProviderError> provider_reply(http::Result result);

// POST to `path` below the base, with the key.
http::Call provider_call(const Provider& provider, std::string_view path);

}  // namespace persona::ai
