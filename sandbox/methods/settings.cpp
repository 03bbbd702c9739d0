// What a bot says about itself and its chats: commands, names, descriptions, the menu button; getMe, getChat, getFile.
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/methods/methods.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

constexpr std::int64_t biggest_download = 20 << 20;  // 20 MiB

std::string scope_key(const Context& call) {
    const auto* scope = object_of(call.params, "scope");
    const auto type = scope ? std::string(text_of(*scope, "type")) : std::string("default");
    const auto* chat = scope ? find(*scope, "chat_id") : nullptr;
    return fmt::format("commands/{}{}/{}", type, chat ? ":" + json::serialize(*chat) : "", text_of(call.params, "language_code"));
}

json::value set_words(Context& call, const char* field, std::size_t longest) {
    const auto text = text_of(call.params, field);
    if (utf16_length(text) > longest) refuse(fmt::format("bot {} is too long", field));
    call.bot.settings[fmt::format("{}/{}", field, text_of(call.params, "language_code"))] = text;
    call.world.save(call.bot);
    call.world.tell({.bot = call.bot.id, .type = "bot"});
    return true;
}

// The words of the language, or those of no language.
json::value get_words(Context& call, const char* field, std::string_view otherwise = "") {
    auto text = text_of(call.bot.settings, fmt::format("{}/{}", field, text_of(call.params, "language_code")));
    if (text.empty()) text = text_of(call.bot.settings, fmt::format("{}/", field));
    return json::object{{field, text.empty() ? otherwise : text}};
}

std::string menu_key(const Context& call) { return fmt::format("menu/{}", integer_of(call.params, "chat_id")); }

}  // namespace

namespace method {

json::value get_me(Context& call) {
    auto me = call.bot.as_from();
    if (const auto name = text_of(call.bot.settings, "name/"); !name.empty()) me["first_name"] = name;
    me["can_join_groups"] = true;
    me["can_read_all_group_messages"] = true;
    for (const auto* flag : {"supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"}) me[flag] = false;
    return me;
}

json::value log_out(Context&) { return true; }
json::value close(Context&) { return true; }

json::value set_my_commands(Context& call) {
    const auto* commands = array_of(call.params, "commands");
    if (!commands) refuse("can't parse commands: expected an Array of commands");
    if (commands->size() > 100) refuse("too many bot commands specified");
    for (const auto& command : *commands) {
        const auto* one = command.if_object();
        const auto name = one ? text_of(*one, "command") : std::string_view();
        const bool valid =
            !name.empty() && name.size() <= 32 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
        if (!valid) refuse("BOT_COMMAND_INVALID");
        const auto words = text_of(*one, "description");
        if (words.empty() || utf16_length(words) > 256) refuse("BOT_COMMAND_DESCRIPTION_INVALID");
    }
    call.bot.settings[scope_key(call)] = *commands;
    call.world.save(call.bot);
    call.world.tell({.bot = call.bot.id, .type = "bot"});
    return true;
}

json::value get_my_commands(Context& call) {
    const auto* commands = array_of(call.bot.settings, scope_key(call));
    return commands ? *commands : json::array();
}

json::value delete_my_commands(Context& call) {
    call.bot.settings.erase(scope_key(call));
    call.world.save(call.bot);
    call.world.tell({.bot = call.bot.id, .type = "bot"});
    return true;
}

json::value set_my_name(Context& call) { return set_words(call, "name", 64); }
json::value get_my_name(Context& call) { return get_words(call, "name", call.bot.first_name); }
json::value set_my_description(Context& call) { return set_words(call, "description", 512); }
json::value get_my_description(Context& call) { return get_words(call, "description"); }
json::value set_my_short_description(Context& call) { return set_words(call, "short_description", 120); }
json::value get_my_short_description(Context& call) { return get_words(call, "short_description"); }

json::value set_chat_menu_button(Context& call) {
    const auto* button = object_of(call.params, "menu_button");
    if (button && text_of(*button, "type") == "web_app" && text_of(*button, "text").empty()) refuse("menu button text must be non-empty");
    call.bot.settings[menu_key(call)] = button ? *button : json::object{{"type", "default"}};
    call.world.save(call.bot);
    call.world.tell({.bot = call.bot.id, .type = "bot"});
    return true;
}

json::value get_chat_menu_button(Context& call) {
    const auto* button = object_of(call.bot.settings, menu_key(call));
    return button ? *button : json::object{{"type", "default"}};
}

json::value get_file(Context& call) {
    const auto id = text_of(call.params, "file_id");
    if (id.empty()) refuse("file_id not specified");
    const auto* file = call.world.file(id);
    if (!file || file->id != id) refuse("invalid file_id");
    if (file->size > biggest_download) refuse("file is too big");
    return json::object{{"file_id", file->id}, {"file_unique_id", file->unique_id}, {"file_size", file->size}, {"file_path", file->path}};
}

json::value get_chat(Context& call) {
    auto& chat = known_chat(call);
    auto out = call.world.chat_json(chat.chat).as_object();
    out["accent_color_id"] = 0;
    out["max_reaction_count"] = 11;
    return out;
}

json::value get_chat_member(Context& call) {
    auto& chat = known_chat(call);
    const TelegramId id(integer_of(call.params, "user_id"));
    if (id.value == call.bot.id.value) return json::object{{"user", call.bot.as_from()}, {"status", chat.blocked ? "left" : "member"}};
    const auto* user = call.world.user(id);
    const auto* group = call.world.group(chat.chat);
    const bool inside = group ? std::ranges::find(group->members, id) != group->members.end() : id.value == chat.chat.value;
    if (!user) refuse("invalid user_id specified");
    return json::object{{"user", user->as_from()}, {"status", inside ? "member" : "left"}};
}

json::value get_chat_member_count(Context& call) {
    const auto* group = call.world.group(known_chat(call).chat);
    return static_cast<std::int64_t>(group ? group->members.size() + 1 : 2);
}

json::value leave_chat(Context& call) {
    auto& chat = known_chat(call);
    if (chat.chat.value > 0) refuse("chat member status can't be changed in private chats");
    chat.blocked = true;
    call.world.save(call.bot, chat);
    return true;
}

}  // namespace method
}  // namespace persona::sandbox
