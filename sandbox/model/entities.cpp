#include "sandbox/model/entities.hpp"

namespace persona::sandbox {
namespace {

void put_filled(json::object& to, std::string_view key, const std::string& value) {
    if (!value.empty()) to[key] = value;
}

}  // namespace

json::object User::as_from() const {
    json::object out{{"id", id.value}, {"is_bot", false}, {"first_name", first_name}};
    put_filled(out, "last_name", last_name);
    put_filled(out, "username", username);
    put_filled(out, "language_code", language_code);
    return out;
}

json::object User::as_chat() const {
    json::object out{{"id", id.value}, {"first_name", first_name}};
    put_filled(out, "last_name", last_name);
    put_filled(out, "username", username);
    out["type"] = "private";
    return out;
}

json::object User::as_record() const {
    auto out = as_from();
    put_filled(out, "phone", phone);
    return out;
}

User User::from_record(const json::object& record) {
    return {TelegramId(integer_of(record, "id")),     std::string(text_of(record, "first_name")),    std::string(text_of(record, "last_name")),
            std::string(text_of(record, "username")), std::string(text_of(record, "language_code")), std::string(text_of(record, "phone"))};
}

json::object Group::as_chat() const { return {{"id", id.value}, {"title", title}, {"type", "group"}, {"all_members_are_administrators", true}}; }

json::object Group::as_record() const {
    json::array ids;
    for (const auto member : members) ids.push_back(member.value);
    return {{"id", id.value}, {"title", title}, {"members", std::move(ids)}};
}

Group Group::from_record(const json::object& record) {
    Group group{ChatId(integer_of(record, "id")), std::string(text_of(record, "title")), {}};
    if (const auto* members = array_of(record, "members"))
        for (const auto& member : *members) group.members.push_back(TelegramId(member.to_number<std::int64_t>()));
    return group;
}

json::object StoredFile::as_record() const {
    return {{"id", id},     {"unique_id", unique_id}, {"path", path},   {"kind", kind},     {"name", name},
            {"mime", mime}, {"size", size},           {"width", width}, {"height", height}, {"duration", duration}};
}

StoredFile StoredFile::from_record(const json::object& record) {
    const auto text = [&](std::string_view key) { return std::string(text_of(record, key)); };
    return {text("id"),
            text("unique_id"),
            text("path"),
            text("kind"),
            text("name"),
            text("mime"),
            integer_of(record, "size"),
            integer_of(record, "width"),
            integer_of(record, "height"),
            integer_of(record, "duration")};
}

json::object Conversation::as_record() const { return {{"keyboard", keyboard}, {"blocked", blocked}}; }

json::object Bot::as_from() const { return {{"id", id.value}, {"is_bot", true}, {"first_name", first_name}, {"username", username}}; }

json::object Bot::as_record() const {
    json::array allowed(updates.allowed().begin(), updates.allowed().end());
    return {{"id", id.value},
            {"token_hash", token_hash},
            {"first_name", first_name},
            {"username", username},
            {"next_message", next_message},
            {"next_update", updates.next_id().value},
            {"settings", settings},
            {"allowed", std::move(allowed)},
            {"webhook",
             {{"url", webhook.url},
              {"secret", webhook.secret},
              {"max_connections", webhook.max_connections},
              {"last_error_date", webhook.last_error_date},
              {"last_error_message", webhook.last_error_message}}}};
}

}  // namespace persona::sandbox
