// How one kind of job is done. A handler may be run several times for one job (a worker was killed, the process was drained):
// what must not be repeated is kept as a piece, and everything it changes is in the Work of its ending, which happens once.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "async/task.hpp"
#include "base/ids.hpp"
#include "postgres/work.hpp"
#include "vault/seal.hpp"

namespace persona::jobs {

// The last change of a job, committed together with its end; then `committed` is called with the results of `work`.
struct Final {
    postgres::Work work;
    std::function<void(const postgres::Committed&)> committed;

    Final() = default;
    Final(postgres::Work w, std::function<void(const postgres::Committed&)> c = {}) : work(std::move(w)), committed(std::move(c)) {}
};

struct Done : Final {
    using Final::Final;
    explicit Done(Final last) : Final(std::move(last)) {}
};
// It noticed on its own that nobody wants the result.
struct Cancelled : Final {
    using Final::Final;
};
// It cannot succeed and has decided what follows, so that give_up is not asked.
struct Dead : Final {
    Dead(Final last, std::string why) : Final(std::move(last)), reason(std::move(why)) {}
    std::string reason;  // for the log and the operator
};
// A try that failed; it counts. After the last one give_up decides.
struct Again {
    Millis delay;
    std::string reason;
};
// Not yet, and no fault: a provider is still at it. Does not count as a try.
struct Snooze {
    Millis delay;
};
using Ending = std::variant<Done, Again, Snooze, Cancelled, Dead>;

enum class Failure {
    cancelled,   // asked for by the user, perhaps before it ever ran
    exhausted,   // every try failed, or its workers died of it
    refused,     // the Work of its ending was refused by a rule (its hold was decided otherwise): nothing of it happened
    unreadable,  // its args do not open: the user's key was destroyed. args is null and key is not the user's: only decide the hold
};

// One run of one job; lives as long as the run. Handlers keep no reference to it beyond.
class Running {
public:
    struct State;
    explicit Running(std::shared_ptr<State> state);

    JobId id() const;
    UserId user() const;
    const vault::Key& key() const;
    const boost::json::value& args() const;
    std::optional<OperationId> operation() const;
    int attempt() const;  // 1 is the first

    // What earlier runs kept, by number.
    Task<std::map<int, std::string>> pieces();
    // Durable when it returns, sealed. Keeping a piece again replaces it. Throws operation_aborted when the job is no longer
    // ours, Unavailable when the database is away longer than the lease.
    Task<void> keep_piece(int piece, std::string body);
    // Goes out with the next heartbeat. all = 0: unknown.
    void progress(std::int64_t done, std::int64_t all);
    // True when the run shall end: asked by the user, drained, or the lease was lost. The coroutine is cancelled then too;
    // work on a CPU thread looks here through `watch`, from any thread.
    bool cancelled() const;
    std::function<bool()> watch() const;

private:
    std::shared_ptr<State> state_;
};

struct Handler {
    std::function<Task<Ending>(Running&)> run;
    // What follows a failure: the hold is voided, the user is told. Asked again when its Work cannot be committed.
    std::function<Task<Final>(Running&, Failure)> give_up;
    int parallel = 0;  // runs of this kind at once in this process; 0: as many as the worker has
};

}  // namespace persona::jobs
