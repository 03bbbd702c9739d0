// One call of a Bot API method: what a handler gets, and how it refuses. Handlers are plain functions in one table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/json.hpp"
#include "sandbox/model/world.hpp"

namespace persona::sandbox {

// Telegram's answer to a call that it does not carry out. Thrown by handlers and caught in one place (BotApi): a method is a
// chain of dozens of checks, and each one ends the call.
struct Refusal {
    int status = 400;
    std::string description;
    std::optional<std::int64_t> retry_after;  // seconds
};

// 400 with Telegram's prefix.
[[noreturn]] void refuse(std::string sentence);

struct Context {
    World& world;
    Bot& bot;
    const json::object& params;  // decoded: every value has the type of the table where it could be read so
    const std::vector<Upload>& uploads;
    Time now;
    std::string note;  // a description beside the result, as setWebhook gives one
};

using Handler = json::value (*)(Context&);

// The handler of a method by its official name. Null: a method of Telegram's that this sandbox does not have.
Handler handler_of(std::string_view method);
// Methods that put something into a chat, and so count against flood control.
bool is_paced(std::string_view method);

// The chat that chat_id names, where the bot may write to it; refuses as Telegram does.
Conversation& writable_chat(Context& call, std::string_view field = "chat_id");
// The same without the question of being allowed to write.
Conversation& known_chat(Context& call, std::string_view field = "chat_id");

}  // namespace persona::sandbox
