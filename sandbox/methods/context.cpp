#include "sandbox/methods/context.hpp"

#include <charconv>

namespace persona::sandbox {
namespace {

// Telegram takes a number in a string too.
std::optional<ChatId> chat_named(const Context& call, std::string_view field) {
    const auto* value = find(call.params, field);
    if (!value) refuse("chat_id is empty");
    if (value->is_number()) return ChatId(value->to_number<std::int64_t>());
    if (!value->is_string()) return std::nullopt;
    const std::string_view text = value->get_string();
    if (text.empty()) refuse("chat_id is empty");
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return ChatId(number);
}

}  // namespace

void refuse(std::string sentence) { throw Refusal{400, "Bad Request: " + std::move(sentence), std::nullopt}; }

Conversation& known_chat(Context& call, std::string_view field) {
    const auto id = chat_named(call, field);
    auto* found = id ? call.world.conversation(call.bot, *id) : nullptr;
    // A bot cannot see a person who never wrote to it, so for it there is no such chat.
    if (!found) refuse("chat not found");
    return *found;
}

Conversation& writable_chat(Context& call, std::string_view field) {
    auto& chat = known_chat(call, field);
    if (!chat.blocked) return chat;
    throw Refusal{403, chat.chat.value < 0 ? "Forbidden: bot was kicked from the group chat" : "Forbidden: bot was blocked by the user",
                  std::nullopt};
}

}  // namespace persona::sandbox
