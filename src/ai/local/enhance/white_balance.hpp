// A cast of colour over the whole photo: found where it is clear, taken away in part. A warm evening stays warm.
#pragma once

#include "ai/local/enhance/planes.hpp"

namespace persona::ai::enhancement {

// What each channel is multiplied by; all 1 where there is no clear cast.
struct Balance {
    float red = 1, green = 1, blue = 1;

    bool changes() const { return red != 1 || green != 1 || blue != 1; }
};

// faces: face_mask or empty; skin is no witness, it is never grey.
Balance balance_of(const Planes& planes, const cv::Mat& faces);
void apply(const Balance& balance, Planes& planes);

}  // namespace persona::ai::enhancement
