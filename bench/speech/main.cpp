// bench_speech MODELS STORY ARGUMENT...: tells one story of stories.hpp.
#include <fmt/format.h>

#include <cstdio>

#include "stories.hpp"

namespace {

using namespace persona;

struct Story {
    std::string_view name;
    void (*tell)(bench::Booth& booth, bench::Arguments arguments);
    int fewest;  // arguments
};
constexpr Story stories[] = {
    {"pieces", bench::pieces, 1}, {"length", bench::length, 2}, {"words", bench::words, 2}, {"languages", bench::languages, 2}};

}  // namespace

int main(int argc, char** argv) {
    for (const Story& story : stories)
        if (argc >= 3 + story.fewest && story.name == argv[2]) {
            bench::Booth booth(ai::ModelPaths{argv[1]});
            story.tell(booth, bench::Arguments(argv + 3, argv + argc));
            return 0;
        }
    fmt::print(stderr, "bench_speech MODELS pieces FILE[=WORDS SAID]... | length LABEL FILE | words LABEL FILE=WORDS... | languages LABEL FILE...\n");
    return 2;
}
