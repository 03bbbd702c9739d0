// A photo made better: an engine takes pixels and gives pixels. Faces stay who they are.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ai/faces.hpp"
#include "async/deadline.hpp"
#include "async/task.hpp"
#include "media/picture.hpp"

namespace persona::ai {

struct EnhanceError {
    bool passes = true;       // the same call may succeed later
    std::string detail = {};  // for the log
};

// One for the process; a coroutine on its thread, pixels on the CPU pool.
class EnhanceEngine {
public:
    virtual ~EnhanceEngine() = default;

    virtual std::string_view name() const = 0;  // "local", "remote"
    // The longest side of a picture that it takes; the caller reads it no larger.
    virtual int most_side() const = 0;
    // faces: found in `picture`. What comes back is as large or larger, at most twice.
    virtual Task<std::expected<media::Picture, EnhanceError>> enhance(media::Picture picture, std::vector<Face> faces, Deadline deadline) const = 0;
};

}  // namespace persona::ai
