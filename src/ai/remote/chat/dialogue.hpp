// The dialogue by a chat model. Owned by main.
#pragma once

#include "ai/dialogue.hpp"
#include "ai/remote/chat/client.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

// What the model is sent. transcript: as much of it as shall be shown. Pure but for the mark.
ChatQuestion dialogue_question(const DialogueQuestion& question, std::string_view transcript);

class ChatDialogue final : public DialogueEngine {
public:
    // client and pool must outlive it.
    ChatDialogue(ChatClient& client, CpuPool& pool) : client_(client), pool_(pool) {}

    // Of a transcript longer than about two hours of speech the model sees what fits the question. An answer that was cut is asked for once more,
    // shorter; the second time it counts as a failure.
    Task<std::expected<Reply, DialogueError>> answer(DialogueQuestion question, Heard heard, Deadline deadline) const override;

private:
    ChatClient& client_;
    CpuPool& pool_;
};

}  // namespace persona::ai
