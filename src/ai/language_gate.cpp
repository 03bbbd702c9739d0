#include "ai/language_gate.hpp"

#include <algorithm>

namespace persona::ai {
namespace {

constexpr std::string_view names[] = {"undecided", "heard", "not_heard", "no_speech"};

double in_seconds(Millis time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

std::string_view name(Hearing hearing) { return names[static_cast<std::size_t>(hearing)]; }

void LanguageGate::add(const Piece& piece) {
    // Of music an engine says nothing and is sure of it; of a language that it does not hear it says nothing and doubts.
    if (piece.text.empty() && piece.log_probability >= rules_.sure) return;
    const double seconds = in_seconds(piece.end - piece.begin);
    const double missing = piece.text.empty() ? 0 : std::max(0.0, rules_.usual_words * seconds - piece.tokens);
    weighted_ += seconds * piece.log_probability - rules_.missing_cost * missing;
    seconds_ += seconds;
}

Hearing LanguageGate::so_far() const {
    const bool clear = seconds_ >= in_seconds(rules_.early) && score() < rules_.sure - rules_.early_margin;
    return clear ? Hearing::not_heard : Hearing::undecided;
}

Hearing LanguageGate::at_end() const {
    if (seconds_ == 0) return Hearing::no_speech;
    return score() < rules_.sure ? Hearing::not_heard : Hearing::heard;
}

double LanguageGate::score() const { return seconds_ > 0 ? weighted_ / seconds_ : 0; }

}  // namespace persona::ai
