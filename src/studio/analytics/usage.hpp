// What a person paid for, each with what came of it (C5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"

namespace persona::analytics {

struct Used {
    struct Document {
        Uuid id;
        std::string kind;                        // "summary", as in user_documents
        std::optional<TranscriptId> transcript;  // of which it was made, while that is kept
    };
    struct Refund {
        Coins amount;
        Time at;
    };
    std::int64_t id;  // of its row in the ledger: where the next page begins
    Time at;
    std::string service;  // "transcription"
    Coins amount;
    std::optional<Document> document;  // nothing where it made none, or it was deleted
    std::optional<Refund> refund;
};

// Charged operations, newest first. before: the id of the last one of the page before; 0 for the first page. most: 1 to 100.
Task<std::vector<Used>> used(postgres::Pool& pool, UserId user, std::int64_t before, int most, Deadline deadline);

}  // namespace persona::analytics
