// Calls to a provider of portraits that end later than they are answered. The row stands before the call, so that a request whose answer was
// lost is still found by what its webhook carries; a job is the only one that completes it, whoever told the end.
#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::portraits {

enum class Purpose { training, painting };

struct Request {
    bool submitted = false;
    std::string id = {};                   // the provider's; empty while it is not known
    std::optional<std::string> told = {};  // the body of its webhook
    Time deadline;
};

// Durable when it returns; a second time nothing changes.
Task<void> submitting(postgres::Pool& pool, Uuid job, UserId user, std::string provider, Purpose purpose, Time deadline_at, Deadline deadline);
Task<void> submitted(postgres::Pool& pool, Uuid job, std::string request, Deadline deadline);
// The call was surely not taken: the next try begins anew. Does nothing where it was told or submitted after all.
Task<void> not_submitted(postgres::Pool& pool, Uuid job, Deadline deadline);
// Nothing where no call was made.
Task<std::optional<Request>> find(postgres::Pool& pool, const vault::Vault& vault, Uuid job, Deadline deadline);
// Part of the Work that decides the hold.
void ended(postgres::Work& work, const Uuid& job);

// foreign: its address named another job. late: all was decided; it is counted.
enum class Told { told, before, late, foreign, unknown };
struct Verdict {
    Told told = Told::unknown;
    std::optional<Uuid> job = {};  // to be woken
};
// A verified webhook. job: what its address named, where that was of our making. Throws Unavailable.
Task<Verdict> tell(postgres::Pool& pool, const vault::Vault& vault, std::string provider, std::string request, std::optional<Uuid> job,
                   std::string status, std::string body, Deadline deadline);

// Rows that ended so long ago.
Task<void> forget_ended(postgres::Pool& pool, std::chrono::days age, Deadline deadline);

// A rare event for the operator, counted for ever: "portrait_unknown_status".
void count_event(postgres::Work& work, std::string_view name);
// A provider said a word that nobody knows (A31): counted at once, whatever else becomes of it.
Task<void> count_unknown_status(postgres::Pool& pool, Deadline deadline);

}  // namespace persona::portraits
