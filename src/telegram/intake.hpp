// From Telegram to the handler: one lane per person (one update at a time, lowest id first among those present), parking of
// what fails, acknowledgement only after the commit. Long poll and webhook are two doors to the same lanes.
// Owned by main; one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "async/task_group.hpp"
#include "postgres/pool.hpp"
#include "telegram/api.hpp"
#include "telegram/update.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

// How the handler makes its Work belong to this update: it appends take() to the Work that it commits.
struct Delivery {
    BotId bot;
    UpdateId update;
    bool parked = false;             // comes from parked_updates
    int attempt = 1;                 // counts all tries of this update, parked ones too
    bool last = false;               // the final try has failed before: apologise (M6) instead of working
    bool callback_answered = false;  // the lane was late and has answered the callback already

    // PS002 when the update was applied before: then nothing else of the Work happens either.
    void take(postgres::Work& work) const;
};

// Commits the Work of one update. Returns normally when it was committed or was applied before. An exception means that
// nothing happened and the update is tried again.
using Handler = std::function<Task<void>(const Update&, Delivery&)>;
// Answers a pre-checkout query; read-only; within 8 s; runs beside the lanes.
using PreCheckoutHandler = std::function<Task<Call>(const PreCheckout&)>;

struct IntakeConfig {
    int quick_tries = 3;                                // then the update is parked
    std::chrono::milliseconds park_after{2000};         // an update that takes longer is parked
    int parked_tries = 5;                               // then it is dead
    std::chrono::milliseconds callback_patience{2000};  // then the callback is answered empty
    std::size_t most_waiting = 10'000;                  // updates in all lanes; beyond it the doors wait
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
    // Ends when every lane is empty; takes nothing new.
    Task<bool> drain(Deadline deadline);

    std::size_t waiting() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The webhook's door: 200 after the commit, 401 for a wrong secret token, 400 for what is no update, 503 with Retry-After
// when the database is away.
Task<http::Response> webhook(Intake& intake, const Secret& secret_token, const http::Request& request);

}  // namespace persona::telegram
