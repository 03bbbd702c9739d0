// The course of one claimed job: run it or give it up, then commit what follows, once.
#pragma once

#include "jobs/running.hpp"
#include "jobs/worker.hpp"

namespace persona::jobs {

// Never throws; returns when the ending is committed, or when the job is no longer ours. Not to be cancelled: it is stopped by
// run->end(…). readable: the args could be opened.
Task<void> follow(std::shared_ptr<Running::State> run, Handler handler, WorkerConfig config, bool readable);

// How long a job waits after its try number `attempt` (from 1) has failed.
Millis backoff(const WorkerConfig& config, int attempt);

}  // namespace persona::jobs
