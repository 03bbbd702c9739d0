#include <fmt/format.h>

#include "stories.hpp"

namespace persona::bench {

void languages(Booth& booth, Arguments arguments) {
    const std::string_view label = arguments[0];
    const bool foreign = label.starts_with("not ");
    const ai::Hearing wrong = foreign ? ai::Hearing::heard : ai::Hearing::not_heard;
    int mistaken = 0, silent = 0;
    std::string which;
    for (const char* file : arguments.subspan(1)) {
        const Heard heard = hear(booth, file);
        const ai::Hearing verdict = heard.gate.at_end();
        silent += verdict == ai::Hearing::no_speech;
        if (verdict != wrong) continue;
        ++mistaken;
        const std::filesystem::path path(file);
        which +=
            fmt::format("  {}/{} ({:.3f}): {}\n", path.parent_path().filename().string(), path.filename().string(), heard.gate.score(), heard.text());
    }
    fmt::print("{}: {} recordings, {} wrongly {}, {} without speech\n{}", label, arguments.size() - 1, mistaken, foreign ? "accepted" : "refused",
               silent, which);
}

}  // namespace persona::bench
