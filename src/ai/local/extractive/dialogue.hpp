// The basic mode of the dialogue: it finds what the transcript says about a question and writes nothing of its own but the headings.
#pragma once

#include "ai/dialogue.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

// The sentences that fit with time and speaker, or what the transcript decided, ordered or set a term for where that was asked; nothing
// when there is no such thing. Computes on the calling thread.
std::optional<std::string> find_answer(std::string_view transcript, std::string_view question, Language language, Mode mode = Mode::basic);

class ExtractiveDialogue final : public DialogueEngine {
public:
    explicit ExtractiveDialogue(CpuPool& pool, Mode mode = Mode::basic) : pool_(pool), mode_(mode) {}

    Task<std::expected<Reply, DialogueError>> answer(DialogueQuestion question, Heard heard, Deadline deadline) const override;

private:
    CpuPool& pool_;
    Mode mode_;
};

}  // namespace persona::ai
