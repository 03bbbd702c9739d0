// A call to a provider, made again while that may help: a number of tries, a pace that the server sets, a circuit breaker. One for the
// process and provider; one thread.
#pragma once

#include <expected>

#include "ai/remote/provider.hpp"
#include "async/backoff.hpp"
#include "async/circuit.hpp"
#include "async/within.hpp"
#include "base/log.hpp"

namespace persona::ai {

struct PatienceConfig {
    int tries = 4;
    Millis first_wait{1'000}, most_wait{20'000};  // between tries, where the server names no time
    CircuitConfig circuit = {};
};

class Patience {
public:
    // who: "the speech server", as the log says.
    Patience(std::string who, PatienceConfig config) : who_(std::move(who)), config_(config), circuit_(config.circuit) {}

    // once: () → Task<std::expected<T, ProviderError>>; it bounds its own try. Ends when a try succeeds, fails in a way that another does
    // not mend, or the wait would go over the deadline.
    template <class F>
    auto persist(F once, Deadline deadline) -> std::invoke_result_t<F&> {
        Backoff backoff(config_.first_wait, config_.most_wait);
        for (int left = config_.tries;;) {
            if (!circuit_.allows(now())) co_return std::unexpected(ProviderError{.detail = who_ + " is left alone for a while"});
            auto answer = co_await once();
            if (answer) {
                circuit_.succeeded();
                co_return answer;
            }
            note(answer.error());
            const Millis wait = answer.error().retry_after.value_or(backoff.next());
            if (!passes(answer.error().fault) || --left <= 0 || wait >= deadline.left()) co_return answer;
            co_await pause(wait);
        }
    }

private:
    static Circuit::Point now() { return std::chrono::steady_clock::now(); }

    // A server that says "slower" or refuses one call is alive; one that wants money or another key will not change its mind in seconds.
    void note(const ProviderError& error) {
        log(Level::warn, "ai", "a provider did not answer", {{"provider", who_}, {"error", error.text()}});
        if (error.fault == Fault::quota || error.fault == Fault::unauthorized) return circuit_.broke(now());
        if (passes(error.fault) && error.status != 429) return circuit_.failed(now());
        circuit_.succeeded();
    }

    const std::string who_;
    const PatienceConfig config_;
    Circuit circuit_;
};

}  // namespace persona::ai
