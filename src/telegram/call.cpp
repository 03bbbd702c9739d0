#include "telegram/call.hpp"

#include <boost/json/array.hpp>

#include "base/assert.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;

// Limits of Bot API 10.1 (sendMessage, sendDocument, answerCallbackQuery, InlineKeyboardButton).
constexpr std::size_t most_text = 4096, most_caption = 1024, most_answer = 200;  // UTF-16 units
constexpr std::size_t most_deleted = 100;                                        // messages at once
constexpr std::size_t most_data = 64;                                            // bytes

Call to_reply(Call call, std::optional<MessageId> reply_to) {
    if (reply_to) call.params["reply_parameters"] = json::object{{"message_id", reply_to->value}, {"allow_sending_without_reply", true}};
    return call;
}

json::object inline_button(const Button& button) {
    PERSONA_ASSERT(!button.text.empty() && button.data.empty() != button.url.empty() && button.data.size() <= most_data);
    json::object out{{"text", button.text}};
    if (button.data.empty())
        out["url"] = button.url;
    else
        out["callback_data"] = button.data;
    return out;
}

json::object reply_button(const std::string& text) {
    PERSONA_ASSERT(!text.empty());
    return {{"text", text}};
}

json::array table(const auto& rows, auto cell) {
    json::array out;
    for (const auto& row : rows) {
        json::array cells;
        for (const auto& value : row) cells.push_back(cell(value));
        out.push_back(std::move(cells));
    }
    return out;
}

}  // namespace

std::size_t utf16_units(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0) != 0x80;  // every byte but a continuation begins a character
        units += byte >= 0xF0;           // beyond U+FFFF: a surrogate pair
    }
    return units;
}

Call send_message(std::string text, std::optional<MessageId> reply_to) {
    PERSONA_ASSERT(!text.empty() && utf16_units(text) <= most_text);
    return to_reply({"sendMessage", {{"text", std::move(text)}}, {}}, reply_to);
}

Call send_document(Attachment file, std::string caption, std::optional<MessageId> reply_to) {
    PERSONA_ASSERT(utf16_units(caption) <= most_caption);
    Call call{"sendDocument", {}, std::move(file)};
    if (!caption.empty()) call.params["caption"] = caption;
    return to_reply(std::move(call), reply_to);
}

Call send_photo(Attachment file, std::string caption, std::optional<MessageId> reply_to) {
    PERSONA_ASSERT(utf16_units(caption) <= most_caption && file.field == "photo");
    Call call{"sendPhoto", {}, std::move(file)};
    if (!caption.empty()) call.params["caption"] = caption;
    return to_reply(std::move(call), reply_to);
}

Call edit_message_photo(Attachment file, const std::string& caption) {
    PERSONA_ASSERT(utf16_units(caption) <= most_caption && file.field == "photo");
    json::object media{{"type", "photo"}, {"media", "attach://photo"}};
    if (!caption.empty()) media["caption"] = caption;
    return {"editMessageMedia", {{"media", std::move(media)}}, std::move(file)};
}

Call edit_message_buttons() { return {"editMessageReplyMarkup", {}, {}}; }

Call edit_message_text(std::string text) {
    PERSONA_ASSERT(!text.empty() && utf16_units(text) <= most_text);
    return {"editMessageText", {{"text", std::move(text)}}, {}};
}

Call delete_message(MessageId message) { return {"deleteMessage", {{"message_id", message.value}}, {}}; }

Call delete_messages(const std::vector<MessageId>& messages) {
    PERSONA_ASSERT(!messages.empty() && messages.size() <= most_deleted);
    json::array ids;
    for (const MessageId message : messages) ids.push_back(message.value);
    return {"deleteMessages", {{"message_ids", std::move(ids)}}, {}};
}

Call answer_callback(std::string callback_id, std::string text, bool alert) {
    PERSONA_ASSERT(utf16_units(text) <= most_answer);
    Call call{"answerCallbackQuery", {{"callback_query_id", std::move(callback_id)}}, {}};
    if (!text.empty()) call.params["text"] = text;
    if (alert) call.params["show_alert"] = true;
    return call;
}

Call chat_action(std::string action) { return {"sendChatAction", {{"action", std::move(action)}}, {}}; }

Call&& with(Call&& call, const InlineKeyboard& keyboard) {
    call.params["reply_markup"] = json::object{{"inline_keyboard", table(keyboard.rows, inline_button)}};
    return std::move(call);
}

Call&& with(Call&& call, const ReplyKeyboard& keyboard) {
    if (keyboard.rows.empty())
        call.params["reply_markup"] = json::object{{"remove_keyboard", true}};
    else
        call.params["reply_markup"] =
            json::object{{"keyboard", table(keyboard.rows, reply_button)}, {"resize_keyboard", true}, {"is_persistent", true}};
    return std::move(call);
}

}  // namespace persona::telegram
