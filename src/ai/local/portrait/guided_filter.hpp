// The guided filter of He, Sun and Tang in three colours: a coarse plane takes over the edges of a picture.
#pragma once

#include "ai/local/portrait/pixels.hpp"

namespace persona::ai::portraits {

// coarse may be smaller than the guide. radius: in pixels at the filter's own size, which is half the guide's; regularity: the variance of
// colour (of 1) below which a place counts as smooth.
Plane guided(const Colours& guide, const Plane& coarse, int radius, float regularity);

}  // namespace persona::ai::portraits
