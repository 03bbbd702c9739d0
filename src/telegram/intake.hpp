// From Telegram to the handler: one lane per person (one update at a time, lowest id first among those present), parking of
// what fails, acknowledgement only after the commit. Long poll and webhook are two doors to the same lanes.
// Owned by main; one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "async/task_group.hpp"
#include "http/message.hpp"
#include "postgres/pool.hpp"
#include "telegram/api.hpp"
#include "telegram/update.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

// How the handler makes its Work belong to this update: it appends take() to the Work that it commits.
struct Delivery {
    BotId bot;
    UpdateId update;
    bool parked = false;  // comes from parked_updates
    int attempt = 1;      // counts all tries of this update, parked ones too
    bool last = false;    // the final try has failed before: apologise (M6) instead of working
    // The callback was answered already: by the lane, which was late, or by an earlier try. A handler that answers says so
    // here, so that parking does not answer again (M8).
    bool callback_answered = false;
    std::int64_t lane = 0;  // whose update it is

    // PS002 when the update was applied before: then nothing else of the Work happens either, and the handler returns (a callback
    // is still answered where nobody knows that it was). PS003 when an earlier update of the lane is parked: the handler throws.
    void take(postgres::Work& work) const;
};

// Commits the Work of one update; nothing that outlives it may touch its arguments. Returns normally when it was committed or was applied before. An
// exception means that nothing happened and the update is tried again.
using Handler = std::function<Task<void>(const Update&, Delivery&)>;
// Answers a pre-checkout query; read-only; within 8 s; runs beside the lanes.
using PreCheckoutHandler = std::function<Task<Call>(const PreCheckout&)>;

struct IntakeConfig {
    int quick_tries = 3;                                // then the update is parked
    std::chrono::milliseconds park_after{2000};         // an update that takes longer is parked
    int parked_tries = 5;                               // then it is dead
    std::chrono::milliseconds callback_patience{2000};  // then the callback is answered empty
    std::size_t most_waiting = 10'000;                  // updates in all lanes; beyond it the doors wait
    Millis parked_backoff{1000};                        // after the first try of a parked update; doubles
    Millis parked_time{30'000};                         // for one such try
    Millis pre_checkout_time{8000};                     // then the query is refused
    Millis lease{5000};                                 // after a kill another process polls after this time
    std::chrono::seconds poll_wait{50};
    // What a person is told when a payment cannot be checked: refused kindly, nothing is charged.
    std::string pre_checkout_sorry = "Оплата сейчас недоступна, попробуйте позже. Payment is not available now, please try later.";
};

class Intake {
public:
    Intake(Executor executor, postgres::Pool& pool, vault::Vault& vault, Api& api, Handler handler, PreCheckoutHandler pre_checkout,
           IntakeConfig config);
    ~Intake();

    // Ends when the update is committed or parked. Throws Unavailable when the database is away: not acknowledged, Telegram
    // sends it again.
    Task<void> accept(Update update);

    // Long poll until cancelled: lease, deleteWebhook(drop_pending_updates=false), getUpdates, offset only past what is
    // committed or parked.
    Task<void> poll();
    // Retries parked updates in the order of their lanes until cancelled; one process at a time.
    Task<void> retry_parked();
    // Ends when every lane is empty; takes nothing new. At the deadline it cancels what still runs (nothing of it is
    // acknowledged) and gives false. Must have ended before destruction.
    Task<bool> drain(Deadline deadline);

    std::size_t waiting() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// What Telegram takes as secret_token of setWebhook: 1 to 256 of A-Z, a-z, 0-9, _ and -.
bool is_webhook_secret(std::string_view token);

// The webhook's door: 200 after the commit, 401 for a wrong secret token, 400 for what is no update, 503 with Retry-After
// when the database is away.
Task<http::Response> webhook(Intake& intake, const Secret& secret_token, const http::Request& request);

}  // namespace persona::telegram
