// How ids of what is bought and where it is shown derive from each other, so that a repeated press meets the same row.
#pragma once

#include <string>

#include "base/uuid.hpp"

namespace persona::bot {

// 32 hexadecimal digits: fits callback data and handles.
std::string compact(const Uuid& id);
std::optional<Uuid> uncompact(std::string_view text);

// A recording is named by its probe's job; everything else follows from it.
inline Uuid transcribe_job(const Uuid& recording) { return Uuid::v5(recording, "transcribe"); }
inline Uuid recording_operation(const Uuid& recording) { return Uuid::v5(recording, "operation"); }
// The live message about a recording or a document in the making.
inline std::string live_message(const Uuid& id) { return "live:" + compact(id); }

}  // namespace persona::bot
