// The text engine that works offline: it chooses sentences, it never writes one. Every sentence of its documents is a sentence of
// the transcript; only headings, field names and the note about the basic mode are ours.
#pragma once

#include "ai/text.hpp"

namespace persona::ai {

struct Extracted {
    Language language;  // the transcript's
    TextFields fields;
};

// Stateless; one object serves all threads. Russian and English; a transcript in another language gets English headings.
class ExtractiveEngine final : public TextEngine {
public:
    // What produce draws.
    std::expected<Extracted, TextError> extract(Output output, const TranscriptView& transcript) const;
    std::expected<media::Document, TextError> produce(Output output, const TranscriptView& transcript, const DocumentContext& context) const override;
};

}  // namespace persona::ai
