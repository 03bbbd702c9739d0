// How many words a transcript has wrong: substitutions, insertions and deletions against a reference, as word error rates count.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

// Lower-case words of letters, digits and apostrophes.
inline std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
        const bool letter = std::isalnum(static_cast<unsigned char>(c)) || c == '\'';
        if (letter)
            words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

inline std::size_t word_errors(std::string_view reference, std::string_view heard) {
    const auto wanted = words_of(reference), got = words_of(heard);
    std::vector<std::size_t> row(got.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < got.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (wanted[i] != got[j])});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace persona
