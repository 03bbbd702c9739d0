// Which engines hear a recording, in the order in which they are tried: one choice for the whole of it. Pure, over facts that are known
// without loading weights, so that the bot can name languages before anybody records or pays.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/speech.hpp"

namespace persona::ai {

enum class SpeechWish : std::uint8_t { local, openai, automatic };  // PERSONA_SPEECH

struct SpeechFacts {
    std::string name;                    // as SpeechEngine::name
    std::vector<std::string> languages;  // as SpeechEngine::languages
    bool remote = false;                 // the recording leaves the machine
    bool many = false;                   // it hears languages besides those
    bool finds = false;                  // it finds the language itself
    bool guarded = false;                // it knows one language, and a gate refuses what is another
};

// Indices into engines, which stand in the order of preference. language: as the person chose it or it was found; empty: unknown.
// Local engines go before remote ones, and where the language is unknown those that find it before one that can only refuse. An engine of
// one language that nothing guards is never given an unknown one. Empty: nothing here hears it.
std::vector<std::size_t> choose_speech(std::span<const SpeechFacts> engines, SpeechWish wish, std::string_view language);

// Of the engines that the wish allows, each once: those that are promised to people.
std::vector<std::string> heard_languages(std::span<const SpeechFacts> engines, SpeechWish wish);

// Below this an engine's guess is doubt: people are asked, and nothing is guessed.
inline constexpr double sure_language = 0.7;

// The engines of this installation. They outlive it.
struct SpeechSet {
    struct Member {
        SpeechFacts facts;
        SpeechEngine* engine = nullptr;
    };
    std::vector<Member> members = {};
    SpeechWish wish = SpeechWish::automatic;

    bool empty() const { return members.empty(); }
    std::vector<SpeechEngine*> choose(std::string_view language) const;
    // The local engine that tells a language before a recording is paid for; null without one.
    SpeechEngine* guesser() const;
    SpeechEngine* by_name(std::string_view name) const;
};

}  // namespace persona::ai
