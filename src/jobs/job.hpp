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
    std::int64_t units = 0;                               // how much work it is, in units of its kind; 0: unknown
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
// Jobs of a kind that wait and whose place has changed since tell_place, the next one first.
struct Waiting {
    JobId id;
    UserId user;
    std::string topic;
    int place = 0;               // jobs that would run before it
    std::optional<Millis> wait;  // until its turn, by the pace of the last jobs of its kind; nothing while there is no pace
};
Task<std::vector<Waiting>> line(postgres::Pool& pool, std::string_view kind, int most, Deadline deadline);
// Part of the Work that says it. PS022: the job does not wait any more, or somebody else has said it.
std::size_t tell_place(postgres::Work& work, JobId id, int place);
// Deletes jobs that ended so long ago, at most a thousand; gives how many.
Task<std::int64_t> forget(postgres::Pool& pool, std::chrono::days age, Deadline deadline);
// One job, ended or not; nothing when this user has no such job.
Task<std::optional<Status>> status(postgres::Pool& pool, JobId id, UserId user, Deadline deadline);

}  // namespace persona::jobs
