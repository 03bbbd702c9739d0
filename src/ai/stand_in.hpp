// A text engine with another behind it: what the first cannot do today the second does. Owned by main.
#pragma once

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

}  // namespace persona::ai
