// Where the sealed columns of user_transcripts live; private to this capability.
#pragma once

#include "base/ids.hpp"
#include "vault/seal.hpp"

namespace persona::transcripts {

inline vault::Place text_place(TranscriptId id) { return {"user_transcripts.transcript_data", id.value}; }
inline vault::Place name_place(TranscriptId id) { return {"user_transcripts.name_data", id.value}; }
inline vault::Place words_place(TranscriptId id) { return {"user_transcripts.words_data", id.value}; }

}  // namespace persona::transcripts
