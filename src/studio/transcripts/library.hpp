// A person's library: their transcripts by name and age, what was made of each, and what the person does with them. Names are
// sealed with the user's key. Whatever is another user's is as if it were not there.
#pragma once

#include "postgres/pool.hpp"
#include "studio/transcripts/entry.hpp"
#include "vault/seal.hpp"

namespace persona::transcripts {

// Newest first.
Task<std::vector<Entry>> entries(postgres::Pool& pool, UserId user, vault::Key key, int skip, int most, Deadline deadline);
Task<std::optional<Entry>> entry(postgres::Pool& pool, UserId user, vault::Key key, TranscriptId id, Deadline deadline);
Task<std::optional<Entry>> current(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline);

// Newest first, without the file of the transcript itself where that is an upload.
Task<std::vector<Made>> documents_of(postgres::Pool& pool, UserId user, TranscriptId id, int most, Deadline deadline);
Task<std::optional<Made>> document(postgres::Pool& pool, UserId user, Uuid id, Deadline deadline);
// The newest file of all.
Task<std::optional<Made>> last_document(postgres::Pool& pool, UserId user, Deadline deadline);

void make_current(postgres::Work& work, UserId user, TranscriptId id);
void rename(postgres::Work& work, UserId user, const vault::Key& key, TranscriptId id, std::string_view name);
// With its documents and their files; the newest of those left becomes current. The ledger stays.
void erase(postgres::Work& work, UserId user, TranscriptId id);
void erase_document(postgres::Work& work, UserId user, const Uuid& id);

}  // namespace persona::transcripts
