#include "ai/local/extractive/points.hpp"

#include <algorithm>

#include "ai/local/extractive/tasks.hpp"

namespace persona::ai::extractive {
namespace {

constexpr std::size_t shortest = 6;  // words; shorter sentences are answers, not statements

bool has_number(const Sentence& sentence) {
    return std::ranges::any_of(sentence.words, [](const Word& word) { return word.folded[0] >= '0' && word.folded[0] <= '9'; });
}

double factor(const Sentence& sentence, const Markers& marks) {
    constexpr std::size_t full = 8;
    double factor = 1;
    if (sentence.words.size() < full) factor *= 0.5;
    if (opens_with(marks.leaning, sentence.words)) factor *= 0.6;
    if (contains(marks.weighty, sentence.words)) factor *= 1.5;
    if (has_number(sentence)) factor *= 1.2;
    return factor;
}

}  // namespace

std::vector<double> point_weights(const Transcript& transcript) {
    const Markers& marks = markers(transcript.language);
    std::vector<double> weights = ranks(transcript);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= factor(transcript.sentences[i], marks);
    return weights;
}

std::vector<bool> not_points(const Transcript& transcript, std::vector<bool> marked) {
    for (std::size_t i = 0; i < marked.size(); ++i) {
        const Sentence& sentence = transcript.sentences[i];
        if (sentence.question() || sentence.words.size() < shortest) marked[i] = true;
    }
    if (std::ranges::find(marked, false) == marked.end()) marked.clear();
    return marked;
}

}  // namespace persona::ai::extractive
