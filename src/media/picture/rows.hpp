// Has the rows of a pipeline decoded, turned upright, and sent.
#pragma once

#include "media/picture/pipeline.hpp"

namespace persona::media {

// Throws Refused.
void send_rows(const Pipeline& pipeline);

}  // namespace persona::media
