#include "media/picture/turn.hpp"

#include <algorithm>

namespace persona::media {
namespace {

constexpr Turn turns[] = {
    {},                    // 1: as it is
    {false, true, false},  // 2: a mirror
    {false, true, true},   // 3: upside down
    {false, false, true},  // 4: upside down in a mirror
    {true, false, false},  // 5
    {true, false, true},   // 6: the camera stood on its right side
    {true, true, true},    // 7
    {true, true, false},   // 8: the camera stood on its left side
};

struct Span {
    double begin, size;
};

Span clipped(double begin, double size) {
    const double from = std::clamp(begin, 0.0, 1.0), to = std::clamp(begin + size, from, 1.0);
    return {from, to - from};
}

Span mirrored(Span span, bool yes) { return yes ? Span{1 - span.begin - span.size, span.size} : span; }

}  // namespace

Turn turn_of(int orientation) { return orientation >= 1 && orientation <= 8 ? turns[orientation - 1] : turns[0]; }

Region stored_region(const Region& upright, const Turn& turn) {
    Span x = clipped(upright.left, upright.width), y = clipped(upright.top, upright.height);
    if (turn.swapped) std::swap(x, y);
    x = mirrored(x, turn.mirrored_x), y = mirrored(y, turn.mirrored_y);
    return {x.begin, y.begin, x.size, y.size};
}

}  // namespace persona::media
