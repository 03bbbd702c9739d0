// Documents by a chat model: parts of the transcript become notes, notes become one document (map and reduce), so that its length
// does not matter. Owned by main.
#pragma once

#include "ai/remote/chat/client.hpp"
#include "ai/text.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

struct ChatTextConfig {
    std::size_t part_tokens = 6000;        // of the transcript in one question, estimated
    std::size_t whole_part_tokens = 2500;  // the same where the answer is as long as the part: the full transcript
    std::size_t at_once = 3;               // questions under way for one document
    int most_questions = 250;              // for one document, second tries included; about 40 hours of speech
};

// Throws Unavailable where the model fails for good: too many tries, no quota, a wrong key, answers that cannot be used. An answer
// that was cut is asked for again in smaller parts, never delivered.
class ChatText final : public TextEngine {
public:
    // client and pool must outlive it.
    ChatText(ChatClient& client, CpuPool& pool, ChatTextConfig config = {}) : client_(client), pool_(pool), config_(config) {}

    Task<std::expected<Written, TextError>> produce(Output output, TranscriptView transcript, DocumentContext context,
                                                    Deadline deadline) const override;

private:
    ChatClient& client_;
    CpuPool& pool_;
    ChatTextConfig config_;
};

}  // namespace persona::ai
