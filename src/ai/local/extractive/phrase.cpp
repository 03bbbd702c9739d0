#include "ai/local/extractive/phrase.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace persona::ai::extractive {

Phrase::Choice Phrase::choice_of(std::string_view text) {
    if (text.starts_with('<')) {
        const WordClass in_class = word_class(text.substr(1, text.size() - 2));
        PERSONA_ASSERT(in_class != nullptr);
        return {.in_class = in_class};
    }
    const bool beginning = text.ends_with('*');
    return {.text = text.substr(0, text.size() - (beginning ? 1 : 0)), .beginning = beginning};
}

Phrase::Phrase(std::string_view pattern) {
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t end = std::min(pattern.find(' ', at), pattern.size());
        std::string_view text = pattern.substr(at, end - at);
        Element& element = elements_.emplace_back();
        element.optional = text.ends_with('?');
        if (element.optional) text.remove_suffix(1);
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t bar = std::min(text.find('|', begin), text.size());
            element.choices.push_back(choice_of(text.substr(begin, bar - begin)));
            begin = bar + 1;
        }
        at = end + 1;
    }
}

bool Phrase::fits(const Element& element, const Word& word) {
    return std::ranges::any_of(element.choices, [&](const Choice& choice) {
        if (choice.in_class != nullptr) return choice.in_class(word);
        return choice.beginning ? word.folded.starts_with(choice.text) : word.folded == choice.text;
    });
}

std::size_t Phrase::match(std::span<const Word> words, std::size_t at, std::size_t element) const {
    if (element == elements_.size()) return at;
    if (at < words.size() && fits(elements_[element], words[at])) {
        if (const std::size_t end = match(words, at + 1, element + 1)) return end;
    }
    return elements_[element].optional ? match(words, at, element + 1) : 0;
}

std::size_t Phrase::match(std::span<const Word> words, std::size_t at) const {
    const std::size_t end = match(words, at, 0);
    return end > at ? end - at : 0;
}

std::vector<Phrase> phrases(std::span<const std::string_view> patterns) { return {patterns.begin(), patterns.end()}; }

Match find(std::span<const Phrase> phrases, std::span<const Word> words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        Match best{at, 0};
        for (const Phrase& phrase : phrases) best.size = std::max(best.size, phrase.match(words, at));
        if (best) return best;
    }
    return {};
}

}  // namespace persona::ai::extractive
