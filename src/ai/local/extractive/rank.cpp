#include "ai/local/extractive/rank.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace persona::ai::extractive {
namespace {

using Stems = std::vector<std::uint32_t>;  // sorted, each once

std::vector<Stems> stems_of(const Transcript& transcript) {
    const Stemmer stemmer(transcript.language);
    std::unordered_map<std::string, std::uint32_t> ids;
    std::unordered_map<std::string, std::uint32_t> by_word;  // the same words come again and again
    std::vector<Stems> all;
    for (const Sentence& sentence : transcript.sentences) {
        Stems& stems = all.emplace_back();
        for (const Word& word : sentence.words) {
            if (word.folded.size() < 3 || stop_word(transcript.language, word.folded)) continue;
            const auto [known, added] = by_word.try_emplace(word.folded, 0);
            if (added) known->second = ids.try_emplace(stemmer.stem(word.folded), static_cast<std::uint32_t>(ids.size())).first->second;
            stems.push_back(known->second);
        }
        std::ranges::sort(stems);
        stems.erase(std::ranges::unique(stems).begin(), stems.end());
    }
    return all;
}

struct Edge {
    std::uint32_t to;
    float weight;
};

std::vector<std::vector<Edge>> likeness(const std::vector<Stems>& sentences) {
    constexpr std::size_t too_common = 150;  // sentences that share a stem: bounds the pairs of a stem to 150²/2
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> having;
    for (std::uint32_t i = 0; i < sentences.size(); ++i) {
        for (const std::uint32_t stem : sentences[i]) having[stem].push_back(i);
    }
    std::vector<std::vector<Edge>> graph(sentences.size());
    std::vector<std::uint32_t> shared(sentences.size(), 0);
    std::vector<std::uint32_t> touched;
    for (std::uint32_t i = 0; i < sentences.size(); ++i) {
        touched.clear();
        for (const std::uint32_t stem : sentences[i]) {
            const auto& others = having[stem];
            if (others.size() > too_common) continue;
            for (const std::uint32_t j : others) {
                if (j != i && shared[j]++ == 0) touched.push_back(j);
            }
        }
        for (const std::uint32_t j : touched) {
            const double size = std::log(1.0 + static_cast<double>(sentences[i].size())) + std::log(1.0 + static_cast<double>(sentences[j].size()));
            graph[i].push_back({j, static_cast<float>(shared[j] / size)});
            shared[j] = 0;
        }
    }
    return graph;
}

bool repeats(const Stems& a, const Stems& b) {
    std::vector<std::uint32_t> common;
    std::ranges::set_intersection(a, b, std::back_inserter(common));
    const std::size_t together = a.size() + b.size() - common.size();
    return together > 0 && common.size() * 2 > together;
}

class Chooser {
public:
    Chooser(const Transcript& transcript, const std::vector<double>& weights, const Choice& choice)
        : transcript_(transcript), choice_(choice), stems_(stems_of(transcript)), order_(weights.size()) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::ranges::sort(order_, [&](std::size_t a, std::size_t b) { return weights[a] != weights[b] ? weights[a] > weights[b] : a < b; });
    }

    std::vector<std::size_t> chosen() {
        const std::size_t zones = std::min(choice_.zones, order_.size());
        for (std::size_t i = 0; i < zones; ++i) {
            const std::size_t zone = i % 2 == 0 ? i / 2 : zones - 1 - i / 2;  // from both ends, so that a tight budget cuts the middle
            take_one(zone * order_.size() / zones, (zone + 1) * order_.size() / zones);
        }
        while (take_one(0, order_.size())) {}
        if (taken_.empty() && !order_.empty()) taken_.push_back(order_[0]);
        std::ranges::sort(taken_);
        return taken_;
    }

private:
    bool take_one(std::size_t from, std::size_t to) {
        const auto best = std::ranges::find_if(order_, [&](std::size_t i) { return i >= from && i < to && fits(i); });
        if (best == order_.end()) return false;
        used_ += transcript_.sentences[*best].text.size() / bytes_per_character();
        taken_.push_back(*best);
        return true;
    }

    std::size_t bytes_per_character() const { return transcript_.language == Language::ru ? 2 : 1; }

    bool fits(std::size_t i) const {
        if (taken_.size() >= choice_.most) return false;
        if (!choice_.excluded.empty() && choice_.excluded[i]) return false;
        if (used_ + transcript_.sentences[i].text.size() / bytes_per_character() > choice_.characters) return false;
        return std::ranges::none_of(taken_, [&](std::size_t t) { return t == i || repeats(stems_[t], stems_[i]); });
    }

    const Transcript& transcript_;
    const Choice& choice_;
    std::vector<Stems> stems_;
    std::vector<std::size_t> order_;  // best first
    std::vector<std::size_t> taken_;
    std::size_t used_ = 0;
};

}  // namespace

std::vector<double> ranks(const Transcript& transcript) {
    constexpr double damping = 0.85;
    constexpr int rounds = 25;
    const auto graph = likeness(stems_of(transcript));
    std::vector<double> out(graph.size(), 0);
    for (std::size_t i = 0; i < graph.size(); ++i) {
        for (const Edge& edge : graph[i]) out[i] += static_cast<double>(edge.weight);
    }
    std::vector<double> rank(graph.size(), 1);
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> next(graph.size(), 1 - damping);
        for (std::size_t i = 0; i < graph.size(); ++i) {
            for (const Edge& edge : graph[i]) next[edge.to] += damping * rank[i] * static_cast<double>(edge.weight) / out[i];
        }
        rank = std::move(next);
    }
    return rank;
}

std::vector<std::size_t> choose(const Transcript& transcript, const std::vector<double>& weights, const Choice& choice) {
    return Chooser(transcript, weights, choice).chosen();
}

}  // namespace persona::ai::extractive
