#include "ai/local/vocabulary.hpp"

#include <unicode/unistr.h>

#include <charconv>
#include <fstream>

#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::int64_t first_word = 3;
constexpr std::size_t fewest = 1000;
constexpr std::string_view blank = "\xE2\x96\x81";  // U+2581, SentencePiece's space

// "<0x41>" is a byte of a character that has no token of its own.
bool append_byte(std::string_view piece, std::string& text) {
    if (piece.size() != 6 || !piece.starts_with("<0x") || !piece.ends_with('>')) return false;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(piece.data() + 3, piece.data() + 5, value, 16);
    if (error != std::errc() || end != piece.data() + 5) return false;
    text.push_back(static_cast<char>(value));
    return true;
}

void append_words(std::string_view piece, std::string& text) {
    for (std::size_t at; (at = piece.find(blank)) != piece.npos; piece.remove_prefix(at + blank.size())) {
        text += piece.substr(0, at);
        text += ' ';
    }
    text += piece;
}

}  // namespace

Vocabulary Vocabulary::read(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> pieces;
    for (std::string line; std::getline(in, line);) pieces.push_back(line);
    if (pieces.size() < fewest) throw Corrupt("vocabulary " + file.string() + " is missing or cut short");
    return Vocabulary(std::move(pieces));
}

std::string Vocabulary::text(std::span<const std::int64_t> ids) const {
    std::string text;
    for (const std::int64_t id : ids) {
        if (id < first_word || id >= static_cast<std::int64_t>(pieces_.size())) continue;
        const std::string& piece = pieces_[static_cast<std::size_t>(id)];
        if (!append_byte(piece, text)) append_words(piece, text);
    }
    std::string valid;
    icu::UnicodeString::fromUTF8(text).trim().toUTF8String(valid);
    return valid;
}

}  // namespace persona::ai
