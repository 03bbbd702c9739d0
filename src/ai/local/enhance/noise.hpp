// How noisy a photo is, measured where it is flattest: what is left there after smooth brightness is taken away is noise.
#pragma once

#include "ai/local/enhance/planes.hpp"

namespace persona::ai::enhancement {

// Standard deviations in the units of a byte.
struct Noise {
    float luma = 0;    // of single pixels
    float coarse = 0;  // of brightness at half the size: noise that a camera or a codec has smeared over neighbours; a half of `luma` where it is not
    float colour = 0;  // of the two colour planes at half the size
    float blocks = 0;  // step of brightness that JPEG's blocks of eight pixels add at their edges; 0 where they are not seen
};

Noise noise_of(const Planes& planes);

}  // namespace persona::ai::enhancement
