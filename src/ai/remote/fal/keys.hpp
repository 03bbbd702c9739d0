// fal.ai's public keys, fetched where they are needed and kept: a webhook is believed by them alone. One for the process, owned by
// main; one thread.
#pragma once

#include "ai/remote/fal/signature.hpp"
#include "async/signal.hpp"
#include "http/client.hpp"

namespace persona::ai::fal {

struct KeysConfig {
    std::string url = "https://rest.fal.ai/.well-known/jwks.json";  // FAL_JWKS_URL
    std::chrono::hours keep{24};                                    // then they are fetched again; the old ones serve until that succeeds
    std::chrono::seconds between{60};                               // fetches, whatever strangers send
    Millis patience{5'000};                                         // of one fetch
    Clock now = wall_now;
};

class Keys {
public:
    // http must outlive it. Throws BadConfig naming FAL_JWKS_URL.
    Keys(Executor executor, http::Client& http, KeysConfig config);

    // The signature of a webhook that is fal.ai's. A key that is not of the set may be a new one, so the set is then fetched again.
    Task<std::expected<Signature, Doubt>> verify(http::Headers headers, std::string_view body, Deadline deadline);

private:
    struct Flight;
    bool old() const;
    // Whoever comes while somebody fetches waits for that fetch.
    Task<void> renew(Deadline deadline);
    Task<void> fetch();

    http::Client& http_;
    KeysConfig config_;
    std::optional<KeySet> keys_;
    std::optional<Time> fetched_, tried_;
    bool fetching_ = false;
    Signal ended_;
};

}  // namespace persona::ai::fal
