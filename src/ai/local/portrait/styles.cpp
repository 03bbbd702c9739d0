#include "ai/local/portrait/styles.hpp"

#include <array>

namespace persona::ai::portraits {
namespace {

using Look = Colours (*)(const Scene&);
constexpr std::array<Look, all_styles.size()> looks{studio, business, film, noir, sunset, night_city, watercolor, oil, pencil, comic, pop_art};

}  // namespace

media::Picture rendered(const Cutout& cutout, Style style, Aspect aspect, std::uint64_t seed, int longest) {
    return picture_of(looks[static_cast<std::size_t>(style)](scene_of(cutout, aspect, seed, longest)), seed);
}

}  // namespace persona::ai::portraits
