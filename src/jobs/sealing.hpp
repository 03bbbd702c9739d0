// The places to which a job's sealed columns are bound.
#pragma once

#include <string>

#include "base/ids.hpp"
#include "vault/seal.hpp"

namespace persona::jobs {

inline vault::Place args_place(JobId id) { return {"jobs.args", id.value}; }
inline vault::Place piece_place(JobId id, int piece) { return {"job_pieces.body", std::string_view(id.value.text() + ":" + std::to_string(piece))}; }

}  // namespace persona::jobs
