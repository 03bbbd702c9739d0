#include <fmt/format.h>

#include "stories.hpp"
#include "support/word_errors.hpp"

namespace persona::bench {
namespace {

struct Count {
    std::size_t wrong = 0, all = 0;
    void add(std::string_view said, std::string_view heard) {
        wrong += word_errors(said, heard);
        all += words_of(said).size();
    }
    std::string text() const { return fmt::format("{} of {} ({:.1f} %)", wrong, all, 100.0 * static_cast<double>(wrong) / static_cast<double>(all)); }
};

}  // namespace

void words(Booth& booth, Arguments arguments) {
    Count ours, engines;
    for (const char* argument : arguments.subspan(1)) {
        const auto [file, words] = said(argument);
        ours.add(words, hear(booth, file).text());
        if (const auto whole = hear_whole(booth, file)) engines.add(words, *whole);
    }
    fmt::print("{}: words wrong {}; by the engine alone, in one piece, {}\n", arguments[0], ours.text(), engines.text());
}

}  // namespace persona::bench
