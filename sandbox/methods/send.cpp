// sendMessage and the methods that send one file.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sandbox/methods/methods.hpp"
#include "sandbox/methods/sending.hpp"
#include "sandbox/methods/texts.hpp"

namespace persona::sandbox {
namespace {

json::value send_media(Context& call, const char* name) {
    const auto& kind = *media_kind(name);
    auto& chat = writable_chat(call);
    json::object content;
    if (kind.captioned) put_caption(call.params, content);
    const auto [file, facts] = resolve_file(call, kind, call.params, kind.name);
    content[kind.name] = describe(kind, *file, facts);
    // A document stands beside an animation, as at Telegram.
    if (kind.name == "animation") content["document"] = describe(*media_kind("document"), *file, facts);
    if (flag_of(call.params, "has_spoiler")) content["has_media_spoiler"] = true;
    return deliver(call, chat, std::move(content));
}

// Telegram allows 2 to 10; documents and audio only among themselves.
const json::array& album_items(const Context& call) {
    const auto* items = array_of(call.params, "media");
    if (!items) refuse("parameter \"media\" is required");
    if (items->empty()) refuse("there are no messages to send");
    if (items->size() > 10) refuse("too many messages to send as an album");
    std::string_view lonely;
    bool visual = false;
    for (const auto& item : *items) {
        if (!item.is_object()) refuse("can't parse InputMedia: expected an Object");
        const auto type = text_of(item.get_object(), "type");
        if (type == "photo" || type == "video" || type == "live_photo") {
            visual = true;
        } else if (type == "document" || type == "audio") {
            if (!lonely.empty() && lonely != type) refuse(std::string(lonely) + " can't be mixed with other media types");
            lonely = type;
        } else {
            refuse(fmt::format("can't parse InputMedia: type \"{}\" can't be used in sendMediaGroup", type));
        }
    }
    if (visual && !lonely.empty()) refuse(std::string(lonely) + " can't be mixed with other media types");
    return *items;
}

}  // namespace

namespace method {

json::value send_message(Context& call) {
    auto& chat = writable_chat(call);
    json::object content;
    put_text(call.params, content);
    return deliver(call, chat, std::move(content));
}

json::value send_photo(Context& call) { return send_media(call, "photo"); }
json::value send_document(Context& call) { return send_media(call, "document"); }
json::value send_audio(Context& call) { return send_media(call, "audio"); }
json::value send_voice(Context& call) { return send_media(call, "voice"); }
json::value send_video(Context& call) { return send_media(call, "video"); }
json::value send_video_note(Context& call) { return send_media(call, "video_note"); }
json::value send_animation(Context& call) { return send_media(call, "animation"); }
json::value send_sticker(Context& call) { return send_media(call, "sticker"); }

json::value send_media_group(Context& call) {
    auto& chat = writable_chat(call);
    const auto& items = album_items(call);
    const auto group = call.world.number();
    // All or nothing: every part is checked before the first one is posted.
    std::vector<json::object> contents;
    for (const auto& item : items) {
        const auto& media = item.get_object();
        const auto& kind = *media_kind(text_of(media, "type"));
        json::object content{{"media_group_id", group}};
        put_caption(media, content);
        const auto [file, facts] = resolve_file(call, kind, media, "media");
        content[kind.name] = describe(kind, *file, facts);
        contents.push_back(std::move(content));
    }
    json::array sent;
    for (auto& content : contents) sent.push_back(deliver(call, chat, std::move(content)));
    return sent;
}

json::value send_chat_action(Context& call) {
    static constexpr std::array actions = {"typing",        "upload_photo",      "record_video",     "upload_video",
                                           "record_voice",  "upload_voice",      "upload_document",  "choose_sticker",
                                           "find_location", "record_video_note", "upload_video_note"};
    auto& chat = writable_chat(call);
    const auto action = text_of(call.params, "action");
    if (std::ranges::find(actions, action) == actions.end()) refuse("wrong parameter action in request");
    call.world.tell({.bot = call.bot.id, .chat = chat.chat, .type = "action", .by_bot = true, .extra = {{"action", action}}});
    return true;
}

json::value send_message_draft(Context& call) {
    auto& chat = writable_chat(call);
    if (chat.chat.value < 0) refuse("chat not found");
    if (integer_of(call.params, "draft_id") == 0) refuse("draft_id must be non-zero");
    json::object content;
    if (!text_of(call.params, "text").empty()) put_text(call.params, content);
    content["draft_id"] = integer_of(call.params, "draft_id");
    call.world.tell({.bot = call.bot.id, .chat = chat.chat, .type = "draft", .by_bot = true, .extra = std::move(content)});
    return true;
}

json::value send_contact(Context& call) {
    auto& chat = writable_chat(call);
    if (text_of(call.params, "phone_number").empty()) refuse("phone number is empty");
    if (text_of(call.params, "first_name").empty()) refuse("first name is empty");
    return deliver(call, chat,
                   {{"contact", {{"phone_number", text_of(call.params, "phone_number")}, {"first_name", text_of(call.params, "first_name")}}}});
}

json::value send_location(Context& call) {
    auto& chat = writable_chat(call);
    const auto *latitude = find(call.params, "latitude"), *longitude = find(call.params, "longitude");
    if (!latitude || !longitude || !latitude->is_number() || !longitude->is_number()) refuse("location is empty");
    return deliver(call, chat, {{"location", {{"latitude", *latitude}, {"longitude", *longitude}}}});
}

}  // namespace method
}  // namespace persona::sandbox
