// Who and what exists in this Telegram: people, groups, files, bots and their conversations. Plain data, owned by World.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "sandbox/json.hpp"
#include "sandbox/model/delivery.hpp"
#include "sandbox/model/pace.hpp"
#include "sandbox/model/update_queue.hpp"

namespace persona::sandbox {

struct User {
    TelegramId id;
    std::string first_name, last_name, username, language_code, phone;

    json::object as_from() const;    // a User object of the Bot API
    json::object as_chat() const;    // the private chat with this person
    json::object as_record() const;  // everything, for the journal and the page
    static User from_record(const json::object& record);
};

struct Group {
    ChatId id;  // negative
    std::string title;
    std::vector<TelegramId> members;

    json::object as_chat() const;
    json::object as_record() const;
    static Group from_record(const json::object& record);
};

struct StoredFile {
    std::string id, unique_id;
    std::string path;  // as getFile tells it: "photos/file_7.jpg"
    std::string kind;  // photo, document, audio, voice, video, video_note, animation, sticker
    std::string name, mime;
    std::int64_t size = 0, width = 0, height = 0, duration = 0;

    json::object as_record() const;
    static StoredFile from_record(const json::object& record);
};

// The body is shared with the events that told of it and is replaced, never changed.
struct Message {
    MessageId id;
    std::uint64_t seq = 0;  // of the last event about it
    bool by_bot = false;
    std::shared_ptr<const json::object> body;
    std::string payload;  // of an invoice: what the bot wants to have back
};

// A bot's chat with one person or group.
struct Conversation {
    ChatId chat;
    std::map<MessageId, Message> messages;
    json::value keyboard;  // the reply keyboard that is open now, or null
    bool blocked = false;  // the person blocked the bot, or the group removed it
    json::object as_record() const;
};

struct Callback {
    TelegramId from;
    ChatId chat;
    MessageId message;
    Time expires;
};

// A pre-checkout question that waits for its answer.
struct Checkout {
    TelegramId from;
    ChatId chat;
    MessageId message;
    Time expires;
};

struct Webhook {
    std::string url, secret;
    std::size_t max_connections = 40;
    std::int64_t last_error_date = 0;
    std::string last_error_message;
};

struct Bot {
    BotId id;
    std::string token_hash;  // what is kept of the token
    std::string token;       // as it last called in this run, so that not every call is hashed
    std::string first_name, username;
    std::int64_t next_message = 1;
    std::map<ChatId, Conversation> chats;
    std::map<std::string, Callback, std::less<>> callbacks;
    std::map<std::string, Checkout, std::less<>> checkouts;
    json::object settings;  // commands, names, descriptions, menu buttons, by "what/scope/language"
    UpdateQueue updates;
    Webhook webhook;
    std::optional<Delivery> delivery;  // while a webhook is set
    std::uint64_t hook = 0;            // grows when delivery starts anew
    Pace pace;
    std::uint64_t poll = 0;       // the getUpdates that may wait; a newer one, or setWebhook, ends it
    const char* poll_ended = "";  // by what

    json::object as_from() const;
    json::object as_record() const;
};

}  // namespace persona::sandbox
