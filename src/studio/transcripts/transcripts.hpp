// A user's transcripts and what was made of them. Text is sealed with the user's key; it is opened for its owner only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::transcripts {

// A stretch of speech with its place in the recording.
struct Line {
    Millis start{0}, end{0};
    std::string text;
    std::string speaker{};  // empty: not known
};

struct Transcript {
    TranscriptId id;
    std::int64_t number = 0;       // the user's own running number
    std::string source = "audio";  // or "text"
    std::string language;          // "en", "ru", "und"
    Millis duration{0};            // zero for a text
    std::vector<Line> lines;       // one without times for a text
    Time created_at;
    std::string name{};  // the person's own; empty: none yet

    std::string text() const;  // lines joined, paragraphs kept
};

// Inserts it and makes it the current one.
void save(postgres::Work& work, UserId user, const vault::Key& key, const Transcript& transcript);
// Nothing when it is not this user's or gone.
Task<std::optional<Transcript>> find(postgres::Pool& pool, UserId user, const vault::Key& key, TranscriptId id, Deadline deadline);

// A file that was delivered.
struct Document {
    Uuid id;
    std::optional<TranscriptId> transcript;
    std::string kind;  // "transcript", "text", "full", "summary", "mom", "todo", "protocol"
    std::string file_name;
    std::string blob;
    std::optional<OperationId> operation;
};
void add_document(postgres::Work& work, UserId user, const Document& document);

// A recording that waits for its transcription.
struct Recording {
    Uuid id;
    std::string blob;
    Millis duration{0};
    Coins price;
    std::optional<MessageId> message;
};
void add_recording(postgres::Work& work, UserId user, const Recording& recording, Time expires_at);
// Deletes recordings that have expired; their files expire by themselves. Gives how many.
Task<std::int64_t> forget_expired_recordings(postgres::Pool& pool, Deadline deadline);
Task<std::optional<Recording>> recording(postgres::Pool& pool, UserId user, const Uuid& id, Deadline deadline);

}  // namespace persona::transcripts
