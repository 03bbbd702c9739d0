#include "sandbox/people/people.hpp"

#include <algorithm>

#include "sandbox/people/payment.hpp"
#include "sandbox/text/formatted.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

// What a Telegram app does with typed text: cut, find commands and links.
void put_typed(json::object& content, std::string_view text, const char* text_field, const char* entities_field) {
    Formatted typed{std::string(text), {}};
    trim(typed);
    find_entities(typed);
    if (!typed.entities.empty()) content[entities_field] = typed.entities_json();
    if (!typed.text.empty()) content[text_field] = typed.text;
}

Done<json::object> typed_content(const User& sender, const json::object& wanted) {
    json::object content;
    if (wanted.contains("text")) {
        put_typed(content, text_of(wanted, "text"), "text", "entities");
        if (!content.contains("text")) return std::unexpected("text is empty");
        if (utf16_length(text_of(content, "text")) > 4096) return std::unexpected("text is longer than 4096 characters");
    } else if (const auto* contact = find(wanted, "contact")) {
        json::object own{{"phone_number", sender.phone}, {"first_name", sender.first_name}, {"user_id", sender.id.value}};
        content["contact"] = contact->is_object() ? contact->get_object() : own;
    } else if (const auto* location = object_of(wanted, "location")) {
        content["location"] = *location;
    } else if (wanted.contains("sticker")) {
        const auto emoji = text_of(wanted, "sticker");
        content["sticker"] = json::object{{"file_id", "CAACsandbox"},
                                          {"file_unique_id", "AgADsandbox"},
                                          {"type", "regular"},
                                          {"width", 512},
                                          {"height", 512},
                                          {"is_animated", false},
                                          {"is_video", false},
                                          {"emoji", emoji.empty() ? "👍" : emoji}};
    } else if (const auto* content_as_is = object_of(wanted, "content")) {
        content = *content_as_is;  // any other kind of message, in the Bot API's own form
    } else {
        return std::unexpected("text, contact, location, sticker or content is needed");
    }
    return content;
}

const json::object* button_at(const json::array& rows, const json::object& wanted) {
    const auto fits = [&](const json::object& button, std::size_t row, std::size_t column) {
        if (wanted.contains("data")) return text_of(button, "callback_data") == text_of(wanted, "data");
        if (wanted.contains("text")) return text_of(button, "text") == text_of(wanted, "text");
        return static_cast<std::int64_t>(row) == integer_of(wanted, "row", -1) &&
               static_cast<std::int64_t>(column) == integer_of(wanted, "column", -1);
    };
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto& buttons = rows[row].as_array();
        for (std::size_t column = 0; column < buttons.size(); ++column)
            if (fits(buttons[column].as_object(), row, column)) return &buttons[column].as_object();
    }
    return nullptr;
}

std::string labels(const json::array& rows) {
    std::string out;
    for (const auto& row : rows)
        for (const auto& button : row.as_array()) out += (out.empty() ? "" : ", ") + std::string(text_of(button.as_object(), "text"));
    return out;
}

}  // namespace

Done<People::Place> People::place(Bot& bot, ChatId chat, const json::object& wanted) {
    const auto* group = world_.group(chat);
    const TelegramId from(integer_of(wanted, "from", group ? 0 : chat.value));
    const auto* sender = world_.user(from);
    if (!group && !world_.user(TelegramId(chat.value))) return std::unexpected("no such chat");
    if (!sender) return std::unexpected("no such user: from");
    if (group && std::ranges::find(group->members, from) == group->members.end()) return std::unexpected("from is not a member of the group");
    if (!group && from.value != chat.value) return std::unexpected("from is not the person of this chat");
    return Place{&world_.open(bot, chat), sender};
}

json::object People::post(Bot& bot, const Place& place, json::object content, const json::object& wanted, Time now) {
    if (const auto found = place.chat->messages.find(MessageId(integer_of(wanted, "reply_to"))); found != place.chat->messages.end()) {
        json::object replied = *found->second.body;
        replied.erase("reply_to_message");
        content["reply_to_message"] = std::move(replied);
    }
    const auto& message = world_.post(bot, *place.chat, place.sender->as_from(), std::move(content), now);
    // A one-time keyboard closes with its use, and Telegram's apps then show the ordinary one.
    if (const auto* keyboard = place.chat->keyboard.if_object();
        keyboard && flag_of(*keyboard, "one_time_keyboard") && message.body->contains("text")) {
        place.chat->keyboard = nullptr;
        world_.save(bot, *place.chat);
        world_.tell({.bot = bot.id, .chat = place.chat->chat, .type = "keyboard", .extra = {{"keyboard", nullptr}}});
    }
    world_.enqueue(bot, "message", message_lane(place.chat->chat), *message.body, now);
    return *message.body;
}

Done<json::object> People::write(Bot& bot, ChatId chat, const json::object& wanted, Time now) {
    const auto where = place(bot, chat, wanted);
    if (!where) return std::unexpected(where.error());
    auto content = typed_content(*where->sender, wanted);
    if (!content) return content;
    if (where->chat->blocked) (void)block(bot, chat, false, now);  // writing to a bot takes it back
    return post(bot, *where, std::move(*content), wanted, now);
}

Done<json::array> People::send_files(Bot& bot, ChatId chat, const json::object& wanted, const std::vector<Upload>& files, Time now) {
    const auto where = place(bot, chat, wanted);
    if (!where) return std::unexpected(where.error());
    const auto* kind = media_kind(text_of(wanted, "kind"));
    if (!kind) return std::unexpected("kind must be photo, document, audio, voice, video, video_note, animation or sticker");
    if (files.empty() || files.size() > 10) return std::unexpected("1 to 10 files are needed");
    const MediaFacts facts{integer_of(wanted, "duration"),
                           integer_of(wanted, "width"),
                           integer_of(wanted, "height"),
                           std::string(text_of(wanted, "title")),
                           std::string(text_of(wanted, "performer")),
                           std::string(text_of(wanted, "emoji"))};
    const auto group = files.size() > 1 ? world_.number() : std::string();
    json::array sent;
    for (const auto& file : files) {
        json::object content{{kind->name, describe(*kind, store(world_, *kind, file, facts), facts)}};
        if (!group.empty()) content["media_group_id"] = group;
        if (sent.empty()) put_typed(content, text_of(wanted, "caption"), "caption", "caption_entities");
        sent.push_back(post(bot, *where, std::move(content), wanted, now));
    }
    return sent;
}

Done<json::object> People::edit(Bot& bot, ChatId chat, MessageId id, const json::object& wanted, Time now) {
    const auto where = place(bot, chat, wanted);
    if (!where) return std::unexpected(where.error());
    const auto found = where->chat->messages.find(id);
    if (found == where->chat->messages.end() || found->second.by_bot) return std::unexpected("no such message of a person");
    json::object body = *found->second.body;
    const bool caption = wanted.contains("caption");
    for (const auto* field :
         caption ? std::initializer_list<const char*>{"caption", "caption_entities"} : std::initializer_list<const char*>{"text", "entities"})
        body.erase(field);
    if (caption)
        put_typed(body, text_of(wanted, "caption"), "caption", "caption_entities");
    else
        put_typed(body, text_of(wanted, "text"), "text", "entities");
    body["edit_date"] = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto& message = world_.amend(bot, *where->chat, found->second, std::move(body));
    world_.enqueue(bot, "edited_message", message_lane(chat), *message.body, now);
    return *message.body;
}

Done<json::object> People::press(Bot& bot, ChatId chat, const json::object& wanted, Time now) {
    const auto where = place(bot, chat, wanted);
    if (!where) return std::unexpected(where.error());
    const MessageId id(integer_of(wanted, "message_id"));
    const auto found = where->chat->messages.find(id);
    if (found == where->chat->messages.end()) return std::unexpected("no such message");
    const auto* markup = object_of(*found->second.body, "reply_markup");
    std::string data(text_of(wanted, "data"));
    // Buttons of old messages can be pressed with data that is no longer shown ("force"); else the button must be there.
    if (!flag_of(wanted, "force")) {
        if (!markup) return std::unexpected("the message has no inline keyboard");
        const auto& rows = markup->at("inline_keyboard").as_array();
        const auto* button = button_at(rows, wanted);
        if (!button) return std::unexpected("no such button; there are: " + labels(rows));
        if (!button->contains("callback_data")) return std::unexpected("the button has no callback_data");
        data = text_of(*button, "callback_data");
    }
    const auto callback = world_.add_callback(bot, {where->sender->id, chat, id, now + lifetime("callback_query")});
    json::object query{{"id", callback},
                       {"from", where->sender->as_from()},
                       {"message", *found->second.body},
                       {"chat_instance", std::to_string(chat.value * 31 + 7)},
                       {"data", data}};
    world_.enqueue(bot, "callback_query", callback_lane(where->sender->id), query, now);
    return json::object{{"callback_query_id", callback}, {"data", data}};
}

Done<json::object> People::pay(Bot& bot, ChatId chat, const json::object& wanted, Time now) {
    const auto where = place(bot, chat, wanted);
    if (!where) return std::unexpected(where.error());
    auto id = start_payment(world_, bot, *where->chat, *where->sender, MessageId(integer_of(wanted, "message_id")), now);
    if (!id) return std::unexpected(id.error());
    return json::object{{"pre_checkout_query_id", *id}};
}

Done<json::object> People::block(Bot& bot, ChatId chat, bool blocked, Time now) {
    const auto about = world_.chat_json(chat);
    if (about.is_null()) return std::unexpected("no such chat");
    auto& in = world_.open(bot, chat);
    if (in.blocked == blocked) return json::object{{"blocked", blocked}};
    in.blocked = blocked;
    world_.save(bot, in);
    const auto member = [&](bool out) {
        json::object one{{"user", bot.as_from()}, {"status", !out ? "member" : chat.value > 0 ? "kicked" : "left"}};
        if (out && chat.value > 0) one["until_date"] = 0;
        return one;
    };
    const auto* person = world_.user(TelegramId(chat.value));
    const auto* group = world_.group(chat);
    if (!person && group && !group->members.empty()) person = world_.user(group->members.front());
    json::object update{{"chat", about},
                        {"date", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()},
                        {"old_chat_member", member(!blocked)},
                        {"new_chat_member", member(blocked)}};
    if (person) update["from"] = person->as_from();
    world_.enqueue(bot, "my_chat_member", message_lane(chat), update, now);
    world_.tell({.bot = bot.id, .chat = chat, .type = "chat", .extra = {{"blocked", blocked}}});
    return json::object{{"blocked", blocked}};
}

}  // namespace persona::sandbox
