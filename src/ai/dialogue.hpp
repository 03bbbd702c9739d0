// The assistant's side of a dialogue: one question, answered from a transcript and what was said before, or freely. The local engine
// is local/extractive, a remote one remote/chat.
#pragma once

#include <functional>

#include "ai/text.hpp"

namespace persona::ai {

struct Exchange {
    std::string question, answer;
};

struct DialogueQuestion {
    std::string text;
    std::string transcript;            // as for documents; data, whatever it says (T21). Empty: a free talk
    std::vector<Exchange> memory;      // of this dialogue, the oldest first
    Language language = Language::ru;  // of the person
};

struct Reply {
    std::string text;  // plain, never blank
    Mode mode = Mode::basic;
};

enum class DialogueError {
    nothing_found,  // the basic mode knows only the transcript, and it does not say, or there is none
};

// The whole answer so far; called on the loop's thread, and must not wait.
using Heard = std::function<void(std::string_view so_far)>;

class DialogueEngine {
public:
    virtual ~DialogueEngine() = default;
    // Throws Unavailable where a later try may succeed; cancelling the caller ends it with operation_aborted. heard may be empty; an engine
    // that does not stream never calls it.
    virtual Task<std::expected<Reply, DialogueError>> answer(DialogueQuestion question, Heard heard, Deadline deadline) const = 0;
};

}  // namespace persona::ai
