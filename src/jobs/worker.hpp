// Claims jobs by lease and fencing token, runs their handlers, and commits each ending once. Several workers, in one process
// or many, share a queue; whatever is killed, another continues from the kept pieces.
// Owned by main; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "jobs/handler.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::jobs {

struct WorkerConfig {
    std::string name = "worker";  // shown to the operator
    int parallel = 2;             // runs at once
    Millis lease{30'000};         // a job whose worker was silent this long is given to another
    Millis heartbeat{3'000};      // also the pace of progress and of noticing a cancel nobody rang for
    Millis poll{2'000};           // finds what no bell announced; also the sweep for lost workers
    int max_attempts = 5;
    Millis first_backoff{5'000}, most_backoff{300'000};
};

class Worker {
public:
    // handlers: by kind. Jobs of other kinds are left to other workers.
    Worker(Executor executor, postgres::Pool& pool, vault::Vault& vault, std::map<std::string, Handler> handlers, WorkerConfig config);
    ~Worker();

    // Until drained or cancelled. A cancelled one stops its handlers and puts nothing back: their leases run out, as after a
    // kill. Survives a database that goes away and comes back.
    Task<void> run();
    // There may be something to do: a job was enqueued or cancelled.
    void ring();
    // Claims nothing more, waits for what runs, stops at the deadline what is left and puts it back at once, for another worker
    // to continue. True when nothing had to be stopped. Ends after the deadline by as much as stopping takes, 5 s at most;
    // then run() has ended too.
    Task<bool> drain(Deadline deadline);

    std::size_t running() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace persona::jobs
