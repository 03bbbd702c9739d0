#include "ops/supervise/supervisor.hpp"

#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::ops {

struct Supervisor::Kept {
    ChildSpec spec;
    RestartRule rule;
    Backoff backoff;
    std::unique_ptr<Child> child;
    Deadline::Steady::time_point started = Deadline::Steady::now();
    int failures = 0;
    bool stopping = false;

    Kept(ChildSpec s, RestartRule r) : spec(std::move(s)), rule(r), backoff(r.first_wait, r.longest_wait) {}
};

Supervisor::Supervisor(Executor executor, std::filesystem::path records, Progress progress)
    : executor_(executor), records_(std::move(records)), progress_(std::move(progress)), gave_up_(executor), keepers_(executor, "ops") {}

Supervisor::~Supervisor() { PERSONA_ASSERT(kept_.empty()); }

Task<void> Supervisor::start(ChildSpec spec, RestartRule rule) {
    progress_("starting " + spec.name);
    auto kept = std::make_shared<Kept>(std::move(spec), rule);
    kept->child = std::make_unique<Child>(executor_, kept->spec, records_);
    co_await kept->child->ready(Deadline::after(rule.start_limit));
    kept_.push_back(kept);
    keepers_.spawn("keeping " + kept->spec.name, keep(kept));
}

// One attempt; false when the child could not be brought up.
Task<bool> Supervisor::start_again(Kept& kept) {
    co_await pause(kept.backoff.next());
    progress_("starting " + kept.spec.name + " again");
    kept.started = Deadline::Steady::now();
    try {
        kept.child.reset();  // its record goes before the new one's comes
        kept.child = std::make_unique<Child>(executor_, kept.spec, records_);
        co_await kept.child->ready(Deadline::after(kept.rule.start_limit));
        co_return true;
    } catch (const Error& error) {
        log(Level::error, "ops", "child does not start", {{"child", kept.spec.name}, {"error", error.what()}});
        kept.child.reset();
        co_return false;
    }
}

Task<void> Supervisor::keep(std::shared_ptr<Kept> kept) {
    while (true) {
        if (kept->child) {
            const Exit exit = co_await kept->child->ended();
            if (kept->stopping) co_return;
            log(Level::error, "ops", "child ended", {{"child", kept->spec.name}, {"exit", exit.text()}});
            progress_(kept->spec.name + " ended (" + exit.text() + ")");
        }
        if (Deadline::Steady::now() - kept->started >= kept->rule.healthy) {
            kept->failures = 0;
            kept->backoff.reset();
        }
        if (++kept->failures > kept->rule.most_failures) break;
        co_await start_again(*kept);
    }
    failed_ = kept->spec.name;
    gave_up_.notify();
}

Task<std::string> Supervisor::given_up() {
    while (failed_.empty()) co_await gave_up_.wait(Deadline::never());
    co_return failed_;
}

Task<void> Supervisor::stop() {
    // First nobody starts anything again, also not in the middle of a start; then the children end one by one.
    for (auto& kept : kept_) kept->stopping = true;
    keepers_.cancel();
    co_await keepers_.join(Deadline::never());
    while (!kept_.empty()) {
        const auto kept = kept_.back();
        if (kept->child && kept->child->running()) {
            progress_("stopping " + kept->spec.name);
            const Exit exit = co_await kept->child->stop();
            if (!exit.clean() && exit.signal != kept->spec.stop_signal)
                log(Level::warn, "ops", "child stopped", {{"child", kept->spec.name}, {"exit", exit.text()}});
        }
        kept->child.reset();
        kept_.pop_back();
    }
}

pid_t Supervisor::pid_of(const std::string& name) const {
    for (const auto& kept : kept_)
        if (kept->spec.name == name && kept->child && kept->child->running()) return kept->child->pid();
    return 0;
}

}  // namespace persona::ops
