#include "sandbox/methods/markup.hpp"

#include <algorithm>
#include <array>

namespace persona::sandbox {
namespace {

constexpr std::size_t most_buttons = 100;  // of one inline keyboard

bool good_url(std::string_view url) {
    constexpr std::array schemes = {"http://", "https://", "tg://", "ton://"};
    return std::ranges::any_of(schemes, [&](std::string_view s) { return url.starts_with(s) && url.size() > s.size(); }) ||
           (url.contains('.') && !url.contains(' ') && !url.contains("://"));
}

void check_web_app(const json::object& app, const char* where) {
    const auto url = text_of(app, "url");
    // Telegram wants https; on one machine a page of this machine is as good.
    const bool local = url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") || url.starts_with("http://[::1]");
    if (!url.starts_with("https://") && !local)
        refuse(std::string(where) + " Web App URL '" + std::string(url) + "' is invalid: Only HTTPS links are allowed");
}

void check_inline_button(const json::object& button) {
    if (!button.contains("text")) refuse("can't parse inline keyboard button: Can't find field \"text\"");
    if (text_of(button, "text").empty()) refuse("can't parse inline keyboard button: Field \"text\" must be a non-empty String");
    if (const auto* data = find(button, "callback_data")) {
        if (!data->is_string()) refuse("can't parse inline keyboard button: Field \"callback_data\" must be of type String");
        if (data->get_string().empty() || data->get_string().size() > 64) refuse("BUTTON_DATA_INVALID");
    } else if (const auto* url = find(button, "url")) {
        if (!url->is_string() || !good_url(url->get_string())) refuse("BUTTON_URL_INVALID");
    } else if (const auto* app = object_of(button, "web_app")) {
        check_web_app(*app, "inline keyboard button");
    } else if (!std::ranges::any_of(std::array{"pay", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat",
                                               "login_url", "copy_text", "callback_game"},
                                    [&](const char* kind) { return button.contains(kind); })) {
        refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    }
}

json::object inline_keyboard(const json::value& rows) {
    if (!rows.is_array()) refuse("can't parse inline keyboard markup JSON object: Field \"inline_keyboard\" must be of type Array");
    json::array kept;
    std::size_t count = 0;
    for (const auto& row : rows.get_array()) {
        if (!row.is_array()) refuse("can't parse inline keyboard markup JSON object: Inline keyboard button row must be an Array");
        for (const auto& button : row.get_array()) {
            if (!button.is_object()) refuse("can't parse inline keyboard button: Object expected");
            check_inline_button(button.get_object());
            ++count;
        }
        if (!row.get_array().empty()) kept.push_back(row);
    }
    if (count > most_buttons) refuse("reply markup is too long");
    return {{"inline_keyboard", std::move(kept)}};
}

json::object reply_button(const json::value& button) {
    if (button.is_string()) {
        if (button.get_string().empty()) refuse("can't parse keyboard button: Field \"text\" must be a non-empty String");
        return {{"text", button}};
    }
    if (!button.is_object()) refuse("can't parse keyboard button: KeyboardButton must be a String or an Object");
    const auto& object = button.get_object();
    if (text_of(object, "text").empty()) refuse("can't parse keyboard button: Can't find field \"text\"");
    if (const auto* app = object_of(object, "web_app")) check_web_app(*app, "keyboard button");
    return object;
}

json::value reply_keyboard(const json::object& markup) {
    const auto& rows = markup.at("keyboard");
    if (!rows.is_array()) refuse("can't parse reply keyboard markup JSON object: Field \"keyboard\" must be of type Array");
    json::array kept;
    for (const auto& row : rows.get_array()) {
        if (!row.is_array()) refuse("can't parse reply keyboard markup JSON object: Keyboard button row must be an Array");
        json::array buttons;
        for (const auto& button : row.get_array()) buttons.push_back(reply_button(button));
        if (!buttons.empty()) kept.push_back(std::move(buttons));
    }
    if (kept.empty()) refuse("reply keyboard must be non-empty");
    json::object out = markup;
    out["keyboard"] = std::move(kept);
    return out;
}

const json::object* markup_of(const Context& call) {
    const auto* value = find(call.params, "reply_markup");
    if (!value || value->is_null() || (value->is_string() && value->get_string().empty())) return nullptr;
    if (!value->is_object()) refuse("object expected as reply markup");
    return &value->get_object();
}

}  // namespace

Markup sent_markup(const Context& call) {
    Markup out;
    const auto* markup = markup_of(call);
    if (!markup) return out;
    if (const auto* rows = find(*markup, "inline_keyboard")) {
        auto keyboard = inline_keyboard(*rows);
        if (!keyboard.at("inline_keyboard").as_array().empty()) out.inline_keyboard = std::move(keyboard);
    } else if (markup->contains("keyboard")) {
        out.keyboard = reply_keyboard(*markup);
    } else if (flag_of(*markup, "remove_keyboard")) {
        out.keyboard = json::value(nullptr);
    } else if (flag_of(*markup, "force_reply")) {
        out.force_reply = true;
    }
    return out;
}

std::optional<json::object> edited_markup(const Context& call) {
    const auto* markup = markup_of(call);
    if (!markup || markup->empty()) return std::nullopt;
    const auto* rows = find(*markup, "inline_keyboard");
    if (!rows) refuse("inline keyboard expected");
    auto keyboard = inline_keyboard(*rows);
    if (keyboard.at("inline_keyboard").as_array().empty()) return std::nullopt;
    return keyboard;
}

}  // namespace persona::sandbox
