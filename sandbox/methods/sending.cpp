#include "sandbox/methods/sending.hpp"

#include <algorithm>

#include "sandbox/methods/markup.hpp"

namespace persona::sandbox {
namespace {

constexpr std::size_t biggest_photo = 10u << 20;
constexpr std::size_t biggest_upload = 50u << 20;

// Messages in messages go one level deep only.
json::object without_reply(json::object message) {
    message.erase("reply_to_message");
    return message;
}

void put_reply(Context& call, const Conversation& to, json::object& content) {
    std::int64_t id = integer_of(call.params, "reply_to_message_id");
    bool forgiving = flag_of(call.params, "allow_sending_without_reply");
    if (const auto* reply = object_of(call.params, "reply_parameters")) {
        id = integer_of(*reply, "message_id");
        forgiving = flag_of(*reply, "allow_sending_without_reply");
        if (const auto quote = text_of(*reply, "quote"); !quote.empty()) content["quote"] = json::object{{"text", quote}, {"position", 0}};
    }
    if (id == 0) return;
    const auto found = to.messages.find(MessageId(id));
    if (found != to.messages.end())
        content["reply_to_message"] = without_reply(*found->second.body);
    else if (!forgiving)
        refuse("message to be replied not found");
}

MediaFacts facts_in(const json::object& from) {
    return {integer_of(from, "duration"),
            integer_of(from, "width"),
            integer_of(from, "height"),
            std::string(text_of(from, "title")),
            std::string(text_of(from, "performer")),
            std::string(text_of(from, "emoji"))};
}

void check_photo(const Upload& upload) {
    if (upload.content.size() > biggest_photo)
        refuse("file of size " + std::to_string(upload.content.size()) + " bytes is too big for a photo; the maximum size is 10485760 bytes");
    const auto pixels = pixels_of(upload.content);
    if (!pixels) refuse("IMAGE_PROCESS_FAILED");
    const auto [small, large] = std::minmax(pixels->width, pixels->height);
    if (small == 0 || small + large > 10'000 || large > 20 * small) refuse("PHOTO_INVALID_DIMENSIONS");
}

const Upload* upload_named(const Context& call, std::string_view part) {
    const auto found = std::ranges::find(call.uploads, part, &Upload::field);
    return found == call.uploads.end() ? nullptr : &*found;
}

}  // namespace

json::value deliver(Context& call, Conversation& to, json::object content, std::string payload) {
    put_reply(call, to, content);
    auto markup = sent_markup(call);
    if (markup.inline_keyboard) content["reply_markup"] = std::move(*markup.inline_keyboard);
    if (flag_of(call.params, "protect_content")) content["has_protected_content"] = true;
    json::object extra;
    if (markup.force_reply) extra["force_reply"] = true;
    if (markup.keyboard) {
        to.keyboard = *markup.keyboard;
        extra["keyboard"] = to.keyboard;
        call.world.save(call.bot, to);
    }
    const auto& message = call.world.post(call.bot, to, call.bot.as_from(), std::move(content), call.now, std::move(extra), std::move(payload));
    return *message.body;
}

Resolved resolve_file(Context& call, const MediaKind& kind, const json::object& from, std::string_view field) {
    const auto named = text_of(from, field);
    const auto part = named.starts_with("attach://") ? named.substr(9) : named.empty() ? field : std::string_view();
    const auto facts = facts_in(from);
    if (!part.empty()) {
        const auto* upload = upload_named(call, part);
        if (!upload) refuse("there is no " + std::string(kind.name) + " in the request");
        if (upload->content.empty()) refuse("file must be non-empty");
        if (upload->content.size() > biggest_upload) throw Refusal{413, "Request Entity Too Large", std::nullopt};
        if (kind.name == "photo") check_photo(*upload);
        return {&store(call.world, kind, *upload, facts), facts};
    }
    // Telegram would fetch it; this machine has no net.
    if (named.starts_with("http://") || named.starts_with("https://")) refuse("failed to get HTTP URL content");
    const auto* file = call.world.file(named);
    if (!file || file->id != named) refuse("wrong file identifier/HTTP URL specified");
    const bool photo = kind.name == "photo";
    if (photo != (file->kind == "photo")) refuse("type of file mismatch");
    return {file, facts};
}

}  // namespace persona::sandbox
