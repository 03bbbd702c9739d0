// Edits, deletions and copies of messages that exist.
#include <algorithm>
#include <array>

#include "sandbox/methods/markup.hpp"
#include "sandbox/methods/methods.hpp"
#include "sandbox/methods/sending.hpp"
#include "sandbox/methods/texts.hpp"

namespace persona::sandbox {
namespace {

Message& message_to_edit(Context& call, Conversation& chat) {
    if (call.params.contains("inline_message_id") && !call.params.contains("message_id")) refuse("MESSAGE_ID_INVALID");
    const auto id = integer_of(call.params, "message_id");
    if (id <= 0) refuse("message identifier is not specified");
    const auto found = chat.messages.find(MessageId(id));
    if (found == chat.messages.end()) refuse("message to edit not found");
    if (!found->second.by_bot) refuse("message can't be edited");
    return found->second;
}

constexpr std::array content_fields = {"text",     "entities", "caption", "caption_entities", "photo",
                                       "document", "audio",    "video",   "animation",        "reply_markup"};

bool same_content(const json::object& a, const json::object& b) {
    return std::ranges::all_of(content_fields, [&](const char* field) {
        const auto *x = find(a, field), *y = find(b, field);
        return (!x && !y) || (x && y && *x == *y);
    });
}

json::value edited(Context& call, Conversation& chat, Message& message, json::object body) {
    if (auto markup = edited_markup(call))
        body["reply_markup"] = std::move(*markup);
    else
        body.erase("reply_markup");  // an edit without a keyboard takes the keyboard away
    if (same_content(*message.body, body))
        refuse(
            "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of "
            "the message");
    body["edit_date"] = std::chrono::floor<std::chrono::seconds>(call.now).time_since_epoch().count();
    return *call.world.amend(call.bot, chat, message, std::move(body)).body;
}

void clear(json::object& body, std::initializer_list<const char*> fields) {
    for (const auto* field : fields) body.erase(field);
}

bool has_media(const json::object& body) {
    return std::ranges::any_of(std::array{"photo", "document", "audio", "voice", "video", "animation"},
                               [&](const char* kind) { return body.contains(kind); });
}

const Message& message_from(Context& call, const char* missing) {
    auto& source = known_chat(call, "from_chat_id");
    const auto found = source.messages.find(MessageId(integer_of(call.params, "message_id")));
    if (found == source.messages.end()) refuse(missing);
    return found->second;
}

// The message without what belongs to its place.
json::object content_of(const json::object& body) {
    json::object content = body;
    clear(content, {"message_id", "from", "chat", "date", "edit_date", "reply_to_message", "reply_markup", "media_group_id", "quote"});
    return content;
}

bool delete_one(Context& call, Conversation& chat, MessageId id) {
    if (!chat.messages.contains(id)) return false;
    call.world.erase(call.bot, chat, id);
    return true;
}

}  // namespace

namespace method {

json::value edit_message_text(Context& call) {
    auto& chat = writable_chat(call);
    auto& message = message_to_edit(call, chat);
    json::object body = *message.body;
    clear(body, {"text", "entities"});
    put_text(call.params, body);
    if (!message.body->contains("text")) refuse("there is no text in the message to edit");
    return edited(call, chat, message, std::move(body));
}

json::value edit_message_caption(Context& call) {
    auto& chat = writable_chat(call);
    auto& message = message_to_edit(call, chat);
    if (!has_media(*message.body)) refuse("there is no caption in the message to edit");
    json::object body = *message.body;
    clear(body, {"caption", "caption_entities"});
    put_caption(call.params, body);
    return edited(call, chat, message, std::move(body));
}

json::value edit_message_reply_markup(Context& call) {
    auto& chat = writable_chat(call);
    auto& message = message_to_edit(call, chat);
    return edited(call, chat, message, *message.body);
}

json::value edit_message_media(Context& call) {
    auto& chat = writable_chat(call);
    auto& message = message_to_edit(call, chat);
    const auto* media = object_of(call.params, "media");
    if (!media) refuse("parameter \"media\" is required");
    const auto* kind = media_kind(text_of(*media, "type"));
    if (!kind || !kind->captioned || kind->name == "voice") refuse("can't parse InputMedia: type must be animation, audio, document, photo or video");
    json::object body = *message.body;
    clear(body, {"text", "entities", "caption", "caption_entities", "photo", "document", "audio", "video", "animation"});
    put_caption(*media, body);
    const auto [file, facts] = resolve_file(call, *kind, *media, "media");
    body[kind->name] = describe(*kind, *file, facts);
    return edited(call, chat, message, std::move(body));
}

json::value delete_message(Context& call) {
    auto& chat = writable_chat(call);
    const MessageId id(integer_of(call.params, "message_id"));
    if (id.value <= 0) refuse("message identifier is not specified");
    const auto found = chat.messages.find(id);
    if (found == chat.messages.end()) refuse("message to delete not found");
    const auto age = std::chrono::floor<std::chrono::seconds>(call.now).time_since_epoch().count() - integer_of(*found->second.body, "date");
    if (age > 48 * 3600) refuse("message can't be deleted for everyone");
    delete_one(call, chat, id);
    return true;
}

json::value delete_messages(Context& call) {
    auto& chat = writable_chat(call);
    const auto* ids = array_of(call.params, "message_ids");
    if (!ids || ids->empty()) refuse("message identifiers are not specified");
    if (ids->size() > 100) refuse("too many message identifiers specified");
    for (const auto& id : *ids)
        if (id.is_number()) delete_one(call, chat, MessageId(id.to_number<std::int64_t>()));
    return true;
}

json::value copy_message(Context& call) {
    auto& chat = writable_chat(call);
    auto content = content_of(*message_from(call, "message to copy not found").body);
    if (call.params.contains("caption")) {
        clear(content, {"caption", "caption_entities"});
        put_caption(call.params, content);
    }
    const auto sent = deliver(call, chat, std::move(content));
    return json::object{{"message_id", sent.at("message_id")}};
}

json::value forward_message(Context& call) {
    auto& chat = writable_chat(call);
    const auto& source = message_from(call, "message to forward not found");
    auto content = content_of(*source.body);
    content["forward_origin"] = json::object{{"type", "user"}, {"sender_user", source.body->at("from")}, {"date", source.body->at("date")}};
    return deliver(call, chat, std::move(content));
}

}  // namespace method
}  // namespace persona::sandbox
