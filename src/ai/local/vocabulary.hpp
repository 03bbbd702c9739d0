// From token ids of a SentencePiece vocabulary to text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace persona::ai {

class Vocabulary {
public:
    // pieces[id] is the token: "▁word", "<0x0A>" for a byte.
    explicit Vocabulary(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
    // One token a line. Throws Corrupt where the file is missing or short.
    static Vocabulary read(const std::filesystem::path& file);

    // Valid UTF-8 without blanks at its ends; bytes that make no character become U+FFFD. Ids beyond the vocabulary and the first
    // three (unknown, begin, end) say nothing.
    std::string text(std::span<const std::int64_t> ids) const;

private:
    std::vector<std::string> pieces_;
};

}  // namespace persona::ai
