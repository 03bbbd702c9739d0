// Engines with others behind them: what the first cannot do today the second does. Owned by main.
#pragma once

#include "ai/dialogue.hpp"
#include "ai/text.hpp"

namespace persona::ai {

class TextWithStandIn final : public TextEngine {
public:
    // Both must outlive it. stand_in says of its documents what it is (Mode::stand_in).
    TextWithStandIn(const TextEngine& first, const TextEngine& stand_in) : first_(first), stand_in_(stand_in) {}

    Task<std::expected<Written, TextError>> produce(Output output, TranscriptView transcript, DocumentContext context,
                                                    Deadline deadline) const override;

private:
    const TextEngine& first_;
    const TextEngine& stand_in_;
};

class DialogueWithStandIn final : public DialogueEngine {
public:
    // As above.
    DialogueWithStandIn(const DialogueEngine& first, const DialogueEngine& stand_in) : first_(first), stand_in_(stand_in) {}

    // Where the stand-in finds nothing, the failure of the first is thrown: a later try may succeed.
    Task<std::expected<Reply, DialogueError>> answer(DialogueQuestion question, Heard heard, Deadline deadline) const override;

private:
    const DialogueEngine& first_;
    const DialogueEngine& stand_in_;
};

}  // namespace persona::ai
