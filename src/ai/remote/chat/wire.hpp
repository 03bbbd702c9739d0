// /chat/completions of OpenAI's protocol as text: what is asked and what is answered, whole or as a stream. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ai/remote/provider.hpp"

namespace persona::ai {

struct ChatMessage {
    std::string_view role;  // "system", "user", "assistant"
    std::string content;
};

struct ChatQuestion {
    std::vector<ChatMessage> messages;
    double temperature = 0.2;
    int most_tokens = 4000;           // of the answer
    std::string schema_name = {};     // [a-z_]
    boost::json::object schema = {};  // of the answer, as JSON Schema; empty: plain words
};

// What a server does not understand is left out: models and servers differ.
struct Dialect {
    bool temperature = true;
    bool schema = true;
    bool completion_tokens = true;  // else max_tokens, its older name
};
// Gives up what the server has just refused by name; false when it is none of these or was given up before.
bool adapt(Dialect& dialect, const ProviderError& refusal);

std::string chat_request(std::string_view model, const ChatQuestion& question, const Dialect& dialect, bool stream);

struct ChatAnswer {
    std::string text;
    bool cut = false;  // finish_reason "length": the end is missing
};
// nonsense where it is no answer or says nothing; refused where the model or a filter declined.
std::expected<ChatAnswer, ProviderError> chat_answer(std::string_view body);

// An answer as it comes: server-sent events, or a whole answer from a server that does not stream.
class ChatStream {
public:
    // True when there are new words in so_far().
    bool feed(std::string_view bytes);
    const std::string& so_far() const { return answer_.text; }
    std::expected<ChatAnswer, ProviderError> ended() const;

private:
    bool take(std::string_view line);

    std::string line_, whole_;
    ChatAnswer answer_;
    bool events_ = false, finished_ = false;
};

}  // namespace persona::ai
