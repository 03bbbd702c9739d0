// Was this recording in a language that the engine hears? An engine that knows one language turns any other into fluent nonsense; what
// betrays it is how sure it is of its tokens. Pure; fed with the pieces of one recording in order.
#pragma once

#include <string_view>

#include "ai/speech.hpp"

namespace persona::ai {

enum class Hearing : std::uint8_t {
    undecided,  // nothing is refused yet; never the answer of at_end
    heard,
    not_heard,  // somebody speaks, in a language that this engine does not hear
    no_speech,  // silence, noise or music: no words in it
};
std::string_view name(Hearing hearing);

// Measured with Moonshine base; bench/speech/README.md has the counts.
struct GateRules {
    double sure = -0.40;         // a mean log-probability from here on is one of speech that was heard
    double usual_words = 2.5;    // tokens a second that speech in the engine's language has
    double missing_cost = 0.15;  // taken off the log-probability for each token a second that is missing: who says little is sure of it
    Millis early = 30s;          // so much is heard before anything is refused on the way
    double early_margin = 0.15;  // and so much further from `sure` it must be
};

class LanguageGate {
public:
    explicit LanguageGate(GateRules rules = {}) : rules_(rules) {}

    void add(const Piece& piece);
    // While pieces still come: not_heard where it is already clear, so that an hour of another language is not listened to for nothing;
    // undecided otherwise.
    Hearing so_far() const;
    // After the last piece. No piece at all, or none but those that the engine is sure to be wordless, is no_speech.
    Hearing at_end() const;
    // Mean over the pieces that tell something, weighted by their length; 0 without any.
    double score() const;

private:
    GateRules rules_;
    double weighted_ = 0;  // log-probability times seconds
    double seconds_ = 0;   // of pieces that tell something
};

}  // namespace persona::ai
