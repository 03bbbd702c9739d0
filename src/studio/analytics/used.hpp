// An operation that was paid for, as it is shown.
#pragma once

#include <optional>
#include <string>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

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

}  // namespace persona::analytics
