// Long work, kept in PostgreSQL until it has ended: enqueued by the Work that pays for it, ended once however many workers die.
// These are the calls of those who order it; worker.hpp is for those who do it.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"
#include "vault/seal.hpp"

namespace persona::jobs {

struct NewJob {
    JobId id;  // made by the caller and kept: repeating an enqueue with the same id does nothing
    UserId user;
    std::string kind;  // [a-z_]
    boost::json::value args;
    std::optional<OperationId> operation = std::nullopt;  // the hold that pays for it
    int priority = 0;                                     // lower runs first
    std::string topic = {};                               // what it is about, in ids: "summary:0193…"; never a person's words
};

// Appends it to the Work, its args sealed with the user's key. Ring the worker (Bell) after the commit.
std::size_t enqueue(postgres::Work& work, const NewJob& job, const vault::Key& key);

// Asks for the end of a user's job; the worker that has it, or that claims it next, ends it and decides its hold. Value:
// false when there is no such job of this user or it has ended already. Ring after the commit.
std::size_t cancel(postgres::Work& work, JobId id, UserId user);

enum class State { queued, running, done, cancelled, dead };

struct Status {
    JobId id;
    std::string kind;
    std::string topic;
    State state;
    std::int64_t done = 0, all = 0;  // units of its own; all is 0 while unknown
    int place = 0;                   // jobs that would run before it; 0 for a running one
    bool cancelling = false;
    std::optional<Time> started_at;
    Time created_at;
};
// The user's jobs that have not ended, oldest first.
Task<std::vector<Status>> active(postgres::Pool& pool, UserId user, Deadline deadline);
// How many queued jobs of a kind come before one that this user would enqueue now, as users take turns: as exact as the line is
// at this moment.
Task<int> ahead(postgres::Pool& pool, UserId user, std::string_view kind, Deadline deadline);
// One job, ended or not; nothing when this user has no such job.
Task<std::optional<Status>> status(postgres::Pool& pool, JobId id, UserId user, Deadline deadline);

}  // namespace persona::jobs
