// The bodies of persona-picture's messages (child_wire.hpp): one info, data that is rows of RGB from the top, one end. And its arguments.
// The end tells whether the rows are a picture: a file that breaks off is found out in the middle of them.
#pragma once

#include "media/child_wire.hpp"

namespace persona::media::picture_wire {

struct Info {
    std::int32_t file_width, file_height;  // of the whole picture, upright
    std::int32_t width, height;            // of the rows that follow
};

enum class Verdict : std::uint32_t { complete, too_many_pixels, broken };

struct End {
    Verdict verdict;
};

// Arguments of persona-picture, in this order, after its name. `type` is a name of content_type.hpp; the region is in fractions.
enum Argument : int { type = 1, most_pixels, most_side, left, top, width, height, memory_bytes, cpu_seconds, parent_pid, argument_count };

}  // namespace persona::media::picture_wire
