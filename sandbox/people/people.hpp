// What people do in their chats: write, send files, press buttons, edit, block. Each act becomes a message and an update, as
// Telegram makes them. Used by the page and by tests; errors are sentences for the caller.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "sandbox/model/media.hpp"
#include "sandbox/model/world.hpp"

namespace persona::sandbox {

template <class T>
using Done = std::expected<T, std::string>;

class People {
public:
    explicit People(World& world) : world_(world) {}

    // One message of any kind but a file. wanted: {"from", and one of "text", "contact", "location", "sticker"; "reply_to"}.
    // "contact": true shares the sender's own. from may be left out in a private chat.
    Done<json::object> write(Bot& bot, ChatId chat, const json::object& wanted, Time now);
    // One message a file; more than one is an album. kind as in the Bot API ("photo", "voice", …).
    Done<json::array> send_files(Bot& bot, ChatId chat, const json::object& wanted, const std::vector<Upload>& files, Time now);
    // {"text"} or {"caption"}: an edited_message update.
    Done<json::object> edit(Bot& bot, ChatId chat, MessageId id, const json::object& wanted, Time now);
    // Presses an inline button: {"message_id", and "data" or "text" (its label) or "row"+"column"; "from"}. Gives the callback query.
    Done<json::object> press(Bot& bot, ChatId chat, const json::object& wanted, Time now);
    // Pays an invoice: {"message_id","from"}. Gives the id of the pre-checkout query.
    Done<json::object> pay(Bot& bot, ChatId chat, const json::object& wanted, Time now);
    // Blocks or unblocks the bot (in a group: removes or adds it): a my_chat_member update.
    Done<json::object> block(Bot& bot, ChatId chat, bool blocked, Time now);

private:
    struct Place {
        Conversation* chat;
        const User* sender;
    };
    Done<Place> place(Bot& bot, ChatId chat, const json::object& wanted);
    json::object post(Bot& bot, const Place& place, json::object content, const json::object& wanted, Time now);

    World& world_;
};

}  // namespace persona::sandbox
