#include "telegram/message.hpp"

#include <algorithm>

namespace persona::telegram {
namespace {

struct Kind {
    std::string_view key;
    FileKind kind;
};
// An animation comes with a document of the same file: it is looked for first.
constexpr Kind files[] = {
    {"voice", FileKind::voice},           {"audio", FileKind::audio},         {"video", FileKind::video},
    {"video_note", FileKind::video_note}, {"animation", FileKind::animation}, {"document", FileKind::document},
};

// What Telegram or other people say in a chat; what a person sends for us to answer (web_app_data, users_shared) is not here.
constexpr std::string_view services[] = {
    "new_chat_members",
    "left_chat_member",
    "chat_owner_left",
    "chat_owner_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "write_access_allowed",
    "connected_website",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "direct_message_price_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway_completed",
    "managed_bot_created",
    "paid_message_price_changed",
    "poll_option_added",
    "poll_option_deleted",
    "suggested_post_approved",
    "suggested_post_approval_failed",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
};

struct TypeName {
    std::string_view name;
    ChatType type;
};
constexpr TypeName chat_types[] = {
    {"private", ChatType::private_chat}, {"group", ChatType::group}, {"supergroup", ChatType::group}, {"channel", ChatType::channel}};

int small(std::optional<std::int64_t> value) { return static_cast<int>(std::clamp<std::int64_t>(value.value_or(0), 0, 1 << 30)); }

File read_file(const Fields& file, FileKind kind) {
    File out{.kind = kind, .id = file.need_text("file_id"), .unique_id = file.need_text("file_unique_id")};
    out.name = file.text("file_name");
    out.mime = file.text("mime_type");
    out.bytes = file.number("file_size");
    if (const auto seconds = file.number("duration")) out.duration_s = small(seconds);
    const auto length = file.number("length");  // a video note is a circle
    out.width = length ? small(length) : small(file.number("width"));
    out.height = length ? small(length) : small(file.number("height"));
    return out;
}

std::optional<File> largest_photo(const Fields& message) {
    const auto sizes = message.array("photo");
    if (!sizes) return {};
    std::optional<File> best;
    for (const auto element : *sizes) {
        simdjson::dom::object size;
        if (element.get(size) != simdjson::SUCCESS) {
            message.spoil();
            continue;
        }
        File photo = read_file(Fields(size, message.sound()), FileKind::photo);
        const auto area = [](const File& f) { return std::int64_t{f.width} * f.height; };
        if (!best || area(photo) > area(*best)) best = std::move(photo);
    }
    return best;
}

std::optional<File> file_of(const Fields& message) {
    for (const auto& [key, kind] : files)
        if (const auto file = message.object(key)) return read_file(*file, kind);
    return largest_photo(message);
}

std::string raw_payment(const Fields& message, bool& refunded) {
    for (const std::string_view key : {"successful_payment", "refunded_payment"}) {
        const auto payment = message.object(key);
        if (!payment) continue;
        refunded = key == "refunded_payment";
        return simdjson::minify(payment->raw());
    }
    return {};
}

}  // namespace

Person read_person(const Fields& user) {
    return {.id = TelegramId(user.need_number("id")),
            .is_bot = user.flag("is_bot"),
            .first_name = user.text("first_name"),
            .last_name = user.text("last_name"),
            .username = user.text("username"),
            .language_code = user.text("language_code")};
}

Chat read_chat(const Fields& chat) {
    Chat out{.id = ChatId(chat.need_number("id"))};
    const std::string name = chat.need_text("type");
    const auto* type = std::ranges::find(chat_types, name, &TypeName::name);
    if (type == std::end(chat_types))
        chat.spoil();
    else
        out.type = type->type;
    return out;
}

Message read_message(const Fields& message) {
    Message out{.id = MessageId(message.need_number("message_id")), .chat = read_chat(message.need_object("chat"))};
    if (const auto from = message.object("from")) out.from = read_person(*from);
    out.text = message.text("text");
    out.caption = message.text("caption");
    out.file = file_of(message);
    out.album = message.text("media_group_id");
    if (const auto contact = message.object("contact")) {
        out.contact = Contact{.phone = contact->need_text("phone_number")};
        if (const auto owner = contact->number("user_id")) out.contact->owner = TelegramId(*owner);
    }
    out.payment = raw_payment(message, out.refunded);
    out.service = std::ranges::any_of(services, [&](std::string_view key) { return message.has(key); });
    return out;
}

}  // namespace persona::telegram
