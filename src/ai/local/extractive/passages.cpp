#include "ai/local/extractive/passages.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

namespace persona::ai::extractive {
namespace {

using Stems = std::set<std::string>;

Stems stems_of(const std::vector<Word>& words, const Stemmer& stemmer, Language language) {
    Stems out;
    for (const Word& word : words)
        if (word.folded.size() >= 3 && !stop_word(language, word.folded)) out.insert(stemmer.stem(word.folded));
    return out;
}

std::vector<std::size_t> best_first(const std::vector<double>& weights) {
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return std::pair(-weights[a], a) < std::pair(-weights[b], b); });
    return order;
}

// Remarks chosen until no more fit; neighbours of a chosen one come with it.
class Clipping {
public:
    Clipping(const Transcript& transcript, std::size_t most_bytes)
        : transcript_(transcript), left_(most_bytes), chosen_(transcript.remarks.size(), false) {}

    bool take(std::size_t remark) {
        if (remark >= chosen_.size() || chosen_[remark]) return true;
        const std::size_t size = line(remark).size() + 8;
        if (size > left_) return false;
        left_ -= size;
        return chosen_[remark] = true;
    }
    std::string text() const {
        std::string out;
        for (std::size_t i = 0, last = 0; i < chosen_.size(); ++i) {
            if (!chosen_[i]) continue;
            if (i > last) out += "[…]\n";
            out += line(i);
            last = i + 1;
        }
        return out;
    }

private:
    std::string line(std::size_t i) const { return place_of(transcript_.remarks[i]) + transcript_.remarks[i].text + "\n"; }

    const Transcript& transcript_;
    std::size_t left_;
    std::vector<bool> chosen_;
};

}  // namespace

std::string place_of(const Spoken& remark) {
    std::string out = remark.time.empty() ? "" : "[" + remark.time + "] ";
    if (!remark.speaker.empty()) out += remark.speaker + ": ";
    return out;
}

std::vector<double> fits(const Transcript& transcript, std::string_view question) {
    const Stemmer stemmer(transcript.language);
    const Stems asked = stems_of(words_of(question), stemmer, transcript.language);
    std::vector<Stems> shared;
    std::unordered_map<std::string, double> weight;  // first how many sentences have it, then how much it says
    for (const Sentence& sentence : transcript.sentences) {
        Stems& both = shared.emplace_back();
        std::vector<Word> words = sentence.words;
        for (const Word& word : words_of(transcript.remarks[sentence.remark].speaker)) words.push_back(word);  // "what did Anna say"
        std::ranges::set_intersection(stems_of(words, stemmer, transcript.language), asked, std::inserter(both, both.end()));
        for (const auto& stem : both) weight[stem] += 1;
    }
    double all = 0;
    for (auto& [stem, count] : weight) all += count = std::log(1.0 + static_cast<double>(transcript.sentences.size()) / count);
    std::vector<double> out;
    for (const Stems& both : shared) {
        double sum = 0;
        for (const auto& stem : both) sum += weight[stem];
        out.push_back(all > 0 ? sum / all : 0);
    }
    return out;
}

std::vector<std::size_t> passages(const Transcript& transcript, std::string_view question, std::size_t most) {
    const std::vector<double> weights = fits(transcript, question);
    std::vector<std::size_t> out;
    for (const std::size_t i : best_first(weights)) {
        if (out.size() == most || weights[i] <= 0 || (!out.empty() && weights[i] * 2 < weights[out.front()])) break;
        out.push_back(i);
    }
    std::ranges::sort(out);
    return out;
}

std::string excerpt(std::string_view text, std::string_view question, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return std::string(text);
    const Transcript transcript = transcript_of(text);
    Clipping clipping(transcript, most_bytes);
    const std::size_t count = transcript.remarks.size();
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 5); ++i) clipping.take(i), clipping.take(count - 1 - i);
    const std::vector<double> weights = fits(transcript, question);
    for (const std::size_t i : best_first(weights)) {
        const std::size_t remark = transcript.sentences[i].remark;
        if (!clipping.take(remark) || !clipping.take(remark + 1) || (remark > 0 && !clipping.take(remark - 1))) break;
    }
    return clipping.text();
}

}  // namespace persona::ai::extractive
