// A Bot API method as a plain value: what to say is decided far from where it is sent. Texts are plain, without parse_mode,
// so that what a person wrote is always shown literally.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace persona::telegram {

struct Button {
    std::string text;
    std::string data;  // callback data, at most 64 bytes; empty: url is set
    std::string url;
};

struct InlineKeyboard {
    std::vector<std::vector<Button>> rows;
};

// Without rows it takes the keyboard away.
struct ReplyKeyboard {
    std::vector<std::vector<std::string>> rows;
};

// A file that goes out with a call: the name of a stored blob, uploaded under `field`.
struct Attachment {
    std::string field;       // "document", "photo"
    std::string blob;        // storage's name for it; "asset:<path>" for a file that came with the program
    std::string file_name;   // what the person sees
    std::int64_t owner = 0;  // whose data key sealed it
};

struct Call {
    std::string method;
    boost::json::object params;
    std::optional<Attachment> file;
};

// How Telegram counts the length of a text: characters beyond U+FFFF count twice. The text is valid UTF-8.
std::size_t utf16_units(std::string_view utf8);

// Texts have 1 to 4096 UTF-16 units, captions at most 1024, callback answers at most 200: the caller cuts them.
// chat_id is filled in by the outbox. reply_to is dropped by Telegram's servers when that message is gone
// (allow_sending_without_reply is set).
Call send_message(std::string text, std::optional<MessageId> reply_to = {});
Call send_document(Attachment file, std::string caption, std::optional<MessageId> reply_to = {});
Call send_photo(Attachment file, std::string caption, std::optional<MessageId> reply_to = {});
Call edit_message_text(std::string text);
// Puts a picture into a message of ours that has one, or a text.
Call edit_message_photo(Attachment file, const std::string& caption);
Call edit_message_buttons();
Call delete_message(MessageId message);
Call delete_messages(const std::vector<MessageId>& messages);  // 1 to 100; those that are gone are passed over
Call answer_callback(std::string callback_id, std::string text = {}, bool alert = false);
Call chat_action(std::string action);

Call&& with(Call&& call, const InlineKeyboard& keyboard);
Call&& with(Call&& call, const ReplyKeyboard& keyboard);

}  // namespace persona::telegram
