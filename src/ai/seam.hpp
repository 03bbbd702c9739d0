// Where two pieces heard some seconds twice, their texts are joined so that no word is lost or doubled. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace persona::ai {

struct SpokenWord {
    std::string plain;           // letters and digits alone, lower case, ё as е: what two hearings of it share
    std::size_t begin = 0, end;  // bytes of the text, with the marks behind it
};
// What stands between blanks, but for marks alone.
std::vector<SpokenWord> words_in(std::string_view text);

// What of the texts stays: left up to left_end, right from right_begin on (bytes).
struct Seam {
    std::size_t left_end = 0, right_begin = 0;
    friend bool operator==(const Seam&, const Seam&) = default;
};

// The longest run of words that the end of left and the beginning of right share, at most `window` words from the seam; of equals the one
// that drops least. A word that was cut in two stands beside the run and is dropped. A single short word proves nothing. Without a run both
// stay whole: better a word twice than never.
Seam seam_of(std::string_view left, std::string_view right, std::size_t window = 12);
std::string joined(std::string_view left, std::string_view right, std::size_t window = 12);

// The text up to where it begins to say one phrase again and again, the phrase once; its own length where it does not.
std::size_t before_loop(std::string_view text);

}  // namespace persona::ai
