// What bench_speech can tell, a file each. Arguments are recordings, FILE or FILE=WORDS SAID, behind a label where there is one.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "hearing.hpp"

namespace persona::bench {

using Arguments = std::span<const char* const>;

// FILE=WORDS…: what is heard in each piece, then a line of tab-separated figures about the recording.
void pieces(Booth& booth, Arguments arguments);
// LABEL FILE: speed, our own share of it, and memory; one recording a process, as memory does not shrink.
void length(Booth& booth, Arguments arguments);
// LABEL FILE=WORDS…: how many words are wrong, beside the engine's own figure.
void words(Booth& booth, Arguments arguments);
// LABEL FILE…: recordings in the engine's language that are refused; those that are accepted where the label begins with "not ".
void languages(Booth& booth, Arguments arguments);

struct Said {
    std::filesystem::path file;
    std::string_view words;
};
inline Said said(std::string_view argument) {
    const std::size_t equals = std::min(argument.find('='), argument.size());
    return {argument.substr(0, equals), argument.substr(std::min(equals + 1, argument.size()))};
}

}  // namespace persona::bench
