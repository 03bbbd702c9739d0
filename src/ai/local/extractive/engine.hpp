// The text engine that works offline: it chooses sentences, it never writes one. Every sentence of its documents is a sentence of
// the transcript; only headings, field names and the note about the basic mode are ours.
#pragma once

#include "ai/text.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

struct Extracted {
    Language language;  // the transcript's
    TextFields fields;
};

// Russian and English; a transcript in another language gets English headings. Computes on the calling thread, from any of them.
std::expected<Extracted, TextError> extract(Output output, const TranscriptView& transcript);
// The same, drawn. mode: basic or stand_in.
std::expected<media::Document, TextError> write_basic(Output output, const TranscriptView& transcript, const DocumentContext& context,
                                                      Mode mode = Mode::basic);

// The language a document about it is written in; nothing when there is nothing in it that could be read out.
std::optional<Language> readable_language(const TranscriptView& transcript);

class ExtractiveEngine final : public TextEngine {
public:
    // mode: what its documents say of themselves. The pool must outlive it.
    explicit ExtractiveEngine(CpuPool& pool, Mode mode = Mode::basic) : pool_(pool), mode_(mode) {}

    Task<std::expected<Written, TextError>> produce(Output output, TranscriptView transcript, DocumentContext context,
                                                    Deadline deadline) const override;

private:
    CpuPool& pool_;
    Mode mode_;
};

}  // namespace persona::ai
