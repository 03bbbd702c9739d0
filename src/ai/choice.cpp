#include "ai/choice.hpp"

#include <algorithm>
#include <tuple>

namespace persona::ai {
namespace {

bool allowed(const SpeechFacts& engine, SpeechWish wish) { return wish == SpeechWish::automatic || engine.remote == (wish == SpeechWish::openai); }

bool takes(const SpeechFacts& engine, std::string_view language) {
    if (language.empty()) return engine.finds || engine.guarded;
    return engine.many || std::ranges::find(engine.languages, language) != engine.languages.end();
}

std::vector<SpeechFacts> facts_of(const SpeechSet& set) {
    std::vector<SpeechFacts> out;
    for (const auto& member : set.members) out.push_back(member.facts);
    return out;
}

}  // namespace

std::vector<std::size_t> choose_speech(std::span<const SpeechFacts> engines, SpeechWish wish, std::string_view language) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < engines.size(); ++i)
        if (allowed(engines[i], wish) && takes(engines[i], language)) out.push_back(i);
    std::ranges::sort(out, {}, [&](std::size_t i) { return std::tuple(engines[i].remote, language.empty() && !engines[i].finds, i); });
    return out;
}

std::vector<std::string> heard_languages(std::span<const SpeechFacts> engines, SpeechWish wish) {
    std::vector<std::string> out;
    for (const SpeechFacts& engine : engines)
        for (const std::string& language : engine.languages)
            if (allowed(engine, wish) && std::ranges::find(out, language) == out.end()) out.push_back(language);
    std::ranges::sort(out, std::greater<>());  // Russian first
    return out;
}

std::vector<SpeechEngine*> SpeechSet::choose(std::string_view language) const {
    std::vector<SpeechEngine*> out;
    for (const std::size_t i : choose_speech(facts_of(*this), wish, language)) out.push_back(members[i].engine);
    return out;
}

SpeechEngine* SpeechSet::guesser() const {
    const auto at = std::ranges::find_if(members, [&](const Member& m) { return m.facts.finds && !m.facts.remote && allowed(m.facts, wish); });
    return at == members.end() ? nullptr : at->engine;
}

SpeechEngine* SpeechSet::by_name(std::string_view name) const {
    const auto at = std::ranges::find(members, name, [](const Member& m) -> std::string_view { return m.facts.name; });
    return at == members.end() ? nullptr : at->engine;
}

}  // namespace persona::ai
