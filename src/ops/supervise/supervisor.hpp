// Keeps children alive: starts them in order, starts again what ends, and ends them in the reverse order.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "async/backoff.hpp"
#include "async/signal.hpp"
#include "async/task_group.hpp"
#include "ops/supervise/child.hpp"
#include "ops/supervise/orphans.hpp"

namespace persona::ops {

struct RestartRule {
    Millis first_wait{200};  // doubles with every end that comes too soon
    Millis longest_wait{30'000};
    Millis healthy{60'000};  // who lived this long starts with a clean record
    int most_failures = 10;  // in a row; one more and the supervisor gives up
    Millis start_limit{60'000};
};

class Supervisor {
public:
    // records: see orphans.hpp. progress is told of starts, ends and restarts, in words for the operator.
    Supervisor(Executor executor, std::filesystem::path records, Progress progress);
    // stop() must have ended.
    ~Supervisor();

    // Returns when the child is ready; from then on it is kept alive. Throws what Child::ready throws.
    Task<void> start(ChildSpec spec, RestartRule rule = {});
    // Waits until a child has failed too often; its name. Never returns as long as all is well.
    Task<std::string> given_up();
    // Ends the children, the last started first, each with its own patience. The supervisor is then spent.
    Task<void> stop();

    // 0 where no such child runs now. For tests and `persona status`.
    pid_t pid_of(const std::string& name) const;

private:
    struct Kept;
    Task<void> keep(std::shared_ptr<Kept> kept);
    Task<bool> start_again(Kept& kept);

    Executor executor_;
    std::filesystem::path records_;
    Progress progress_;
    std::list<std::shared_ptr<Kept>> kept_;
    Signal gave_up_;
    std::string failed_;
    TaskGroup keepers_;
};

}  // namespace persona::ops
