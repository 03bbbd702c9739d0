// A search through a person's own transcripts: their names and the words of their texts. Nothing that could be searched stands open in
// the database; vocabularies are opened here, newest first, in bounded batches (docs/adr/0023-search.md).
#pragma once

#include "studio/transcripts/library.hpp"

namespace persona::transcripts {

inline constexpr int most_searched = 5000;  // the newest of a person's transcripts

struct Hit {
    Entry entry;
    std::string excerpt;  // empty where only the name matches
};
// Those that hold every word of the query (vocabulary.hpp says how), newest first, from `skip` on.
Task<std::vector<Hit>> search(postgres::Pool& pool, UserId user, vault::Key key, std::string query, int skip, int most, Deadline deadline);

}  // namespace persona::transcripts
