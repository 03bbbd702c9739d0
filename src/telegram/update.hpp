// What Telegram tells us, reduced to what Persona reads. Parsing never fails on a field that is missing or has a wrong
// type: such an update becomes Other, is acknowledged and answered by a hint. Field names and limits: Bot API 10.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace persona::telegram {

struct Person {
    TelegramId id;
    bool is_bot = false;
    std::string first_name, last_name, username, language_code;  // UTF-8, empty where absent

    friend bool operator==(const Person&, const Person&) = default;
};

enum class ChatType { private_chat, group, channel };  // group: also supergroup

struct Chat {
    ChatId id;
    ChatType type = ChatType::private_chat;
};

enum class FileKind { voice, audio, video, video_note, document, photo, animation };

// A file that lies at Telegram. What name, type, size and duration say is believed only to refuse early.
struct File {
    FileKind kind = FileKind::document;
    std::string id;         // for getFile; valid for this bot only
    std::string unique_id;  // the same for every bot and message
    std::string name, mime;
    std::optional<std::int64_t> bytes;
    std::optional<int> duration_s;
    int width = 0, height = 0;  // photos: the largest size
};

struct Contact {
    std::string phone;
    std::optional<TelegramId> owner;
};

struct Message {
    MessageId id;
    Chat chat;
    std::optional<Person> from;
    std::string text;  // empty when there is none
    std::string caption;
    std::optional<File> file;
    std::string album;  // media_group_id
    std::optional<Contact> contact;
    std::string payment;    // raw JSON of successful_payment or refunded_payment
    bool refunded = false;  // payment is a refunded_payment
    bool service = false;   // joined, pinned, …: nobody expects an answer
};

struct Callback {
    std::string id;
    Person from;
    std::string data;          // at most 64 bytes
    std::optional<Chat> chat;  // of the message that carries the button
    std::optional<MessageId> message;
};

struct PreCheckout {
    std::string id;
    Person from;
    std::string currency, payload;
    std::int64_t amount = 0;  // in the currency's smallest unit; XTR has none smaller
};

// my_chat_member of a private chat: the person blocked the bot or came back.
struct Membership {
    Person from;
    Chat chat;
    bool blocked = false;
};

struct Other {
    std::optional<Person> from;
    std::optional<Chat> chat;
};

struct Update {
    UpdateId id;
    std::variant<Message, Callback, PreCheckout, Membership, Other> what;
    std::string raw;  // the JSON, for parking

    // Who acts; nothing for channel posts and unknown kinds.
    const Person* person() const;
    const Chat* chat() const;
};

// Nothing when the text is not a JSON object with an integer update_id.
std::optional<Update> parse_update(std::string_view json);

// The updates of an answer of getUpdates ({"ok":true,"result":[…]}), in the order they came; nothing when it is no such
// answer. An element without an integer update_id is passed over: it could neither be kept nor confirmed.
std::optional<std::vector<Update>> parse_updates(std::string_view answer);

}  // namespace persona::telegram
