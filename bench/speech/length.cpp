#include <fmt/format.h>

#include "stories.hpp"

namespace persona::bench {

void length(Booth& booth, Arguments arguments) {
    const Cost cost = hear(booth, arguments[1]).cost;
    const Peak most = peak();
    fmt::print(
        "{}: {:.0f} s of speech, real-time factor {:.3f}, CPU for a minute {:.2f} s, our own share of it {:.1f} %, peak {} MB and {} MB in the "
        "decoder\n",
        arguments[0], cost.sound, cost.wall / cost.sound, 60 * cost.cpu / cost.sound, 100 * (1 - cost.engine / cost.cpu), most.here, most.decoder);
}

}  // namespace persona::bench
