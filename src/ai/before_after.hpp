// One picture that shows what was made better: before on its left half, after on its right, of the same frame.
#pragma once

#include "media/picture.hpp"

namespace persona::ai {

// As large as the larger of the two, its longer side at most most_side; a thin white line stands between the halves. The two may differ
// in size, but show the same frame. Pure; for a CPU pool.
media::Picture before_after(const media::Picture& before, const media::Picture& after, int most_side = 1280);

}  // namespace persona::ai
