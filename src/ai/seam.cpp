#include "ai/seam.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>

#include "ai/local/repetition.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t telling_bytes = 8;  // a lone word this long, four Russian letters, is no chance

std::string plain_of(std::string_view word) {
    const icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(word.data(), static_cast<int32_t>(word.size()))).toLower();
    icu::UnicodeString kept;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 letter = text.char32At(i);
        if (u_isalnum(letter)) kept.append(letter == 0x451 ? UChar32(0x435) : letter);
    }
    std::string out;
    return kept.toUTF8String(out);
}

struct Run {
    std::size_t left = 0, right = 0, length = 0;  // first words, and how many
};

// Words that a run drops: of left behind it, of right before it.
std::size_t dropped(const Run& run, std::size_t left_words) { return left_words - run.left - run.length + run.right; }

bool proves(const Run& run, const std::vector<SpokenWord>& right) {
    return run.length > 1 || (run.length == 1 && right[run.right].plain.size() >= telling_bytes);
}

Run longest_run(const std::vector<SpokenWord>& left, const std::vector<SpokenWord>& right, std::size_t window) {
    Run best;
    for (std::size_t i = left.size() - std::min(window, left.size()); i < left.size(); ++i)
        for (std::size_t j = 0; j < std::min(window, right.size()); ++j) {
            Run run{i, j, 0};
            while (i + run.length < left.size() && j + run.length < right.size() && left[i + run.length].plain == right[j + run.length].plain)
                ++run.length;
            const bool better = run.length > best.length || (run.length == best.length && dropped(run, left.size()) < dropped(best, left.size()));
            if (run.length > 0 && better) best = run;
        }
    return best;
}

}  // namespace

std::vector<SpokenWord> words_in(std::string_view text) {
    std::vector<SpokenWord> out;
    constexpr std::string_view blanks = " \t\r\n";
    for (std::size_t begin = text.find_first_not_of(blanks); begin != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        if (std::string plain = plain_of(text.substr(begin, end - begin)); !plain.empty())
            out.push_back({std::move(plain), begin, end});
        else if (!out.empty())
            out.back().end = end;  // a dash belongs to the word before it
        begin = text.find_first_not_of(blanks, end);
    }
    return out;
}

Seam seam_of(std::string_view left, std::string_view right, std::size_t window) {
    const Seam whole{left.size(), 0};
    const auto left_words = words_in(left), right_words = words_in(right);
    const Run run = longest_run(left_words, right_words, window);
    if (!proves(run, right_words)) return whole;
    const std::size_t last = run.left + run.length - 1, next = run.right + run.length;
    return {left_words[last].end, next < right_words.size() ? right_words[next].begin : right.size()};
}

std::string joined(std::string_view left, std::string_view right, std::size_t window) {
    const Seam seam = seam_of(left, right, window);
    std::string out(left.substr(0, seam.left_end));
    const std::string_view rest = right.substr(seam.right_begin);
    if (!out.empty() && !rest.empty()) out += ' ';
    return out.append(rest);
}

std::size_t before_loop(std::string_view text) {
    const auto words = words_in(text);
    std::map<std::string_view, std::int64_t> numbers;
    std::vector<std::int64_t> ids;
    for (const SpokenWord& word : words) {
        ids.push_back(numbers.emplace(word.plain, static_cast<std::int64_t>(numbers.size())).first->second);
        if (const auto keep = without_loop(ids)) return words[*keep - 1].end;
    }
    return text.size();
}

}  // namespace persona::ai
