#include <fmt/format.h>

#include "stories.hpp"

namespace persona::bench {

void length(Booth& booth, Arguments arguments) {
    const Cost cost = hear(booth, arguments[1]).cost;
    const auto percent = [&](double part) { return 100 * part / cost.cpu; };
    fmt::print(
        "{}: {:.0f} s of speech, real-time factor {:.3f}, CPU for a minute {:.2f} s, of it our own {:.1f} % (the decoder {:.1f} %), peak {} MB and "
        "the decoder's {} MB\n",
        arguments[0], cost.sound, cost.wall / cost.sound, 60 * cost.cpu / cost.sound, percent(cost.cpu - cost.engine), percent(cost.decoder), peak(),
        cost.decoder_peak);
}

}  // namespace persona::bench
