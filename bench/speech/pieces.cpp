#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "stories.hpp"
#include "support/word_errors.hpp"

namespace persona::bench {

void pieces(Booth& booth, Arguments arguments) {
    for (const char* argument : arguments) {
        const auto [file, words] = said(argument);
        const Heard heard = hear(booth, file);
        const auto seconds = [](Millis time) { return std::chrono::duration<double>(time).count(); };
        for (const ai::Piece& piece : heard.pieces)
            fmt::print("{}\t{}\t{:.2f}\t{:.2f}\t{:.4f}\t{}\t{}\t{}\n", file.string(), piece.index, seconds(piece.begin), seconds(piece.end),
                       piece.log_probability, piece.tokens, piece.looped, piece.text);
        fmt::print("{}\ttotal\t{}\t{:.3f}\t{:.2f} s\tRTF {:.4f}\tpeak {} MB\t{} of {} words wrong\n", file.string(), ai::name(heard.gate.at_end()),
                   heard.gate.score(), heard.cost.sound, heard.cost.wall / heard.cost.sound, peak(),
                   words.empty() ? 0 : word_errors(words, heard.text()), words_of(words).size());
        std::fflush(stdout);
    }
}

}  // namespace persona::bench
