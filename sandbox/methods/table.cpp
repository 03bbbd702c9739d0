#include <algorithm>
#include <array>
#include <string_view>

#include "sandbox/methods/methods.hpp"

namespace persona::sandbox {
namespace {

struct Row {
    std::string_view name;
    Handler handler;
    bool paced = false;  // counts against flood control
};

using namespace method;
constexpr Row rows[] = {
    {"getMe", get_me},
    {"logOut", log_out},
    {"close", method::close},
    {"sendMessage", send_message, true},
    {"sendPhoto", send_photo, true},
    {"sendDocument", send_document, true},
    {"sendAudio", send_audio, true},
    {"sendVoice", send_voice, true},
    {"sendVideo", send_video, true},
    {"sendVideoNote", send_video_note, true},
    {"sendAnimation", send_animation, true},
    {"sendSticker", send_sticker, true},
    {"sendMediaGroup", send_media_group, true},
    {"sendContact", send_contact, true},
    {"sendLocation", send_location, true},
    {"sendInvoice", send_invoice, true},
    {"copyMessage", copy_message, true},
    {"forwardMessage", forward_message, true},
    {"editMessageText", edit_message_text, true},
    {"editMessageCaption", edit_message_caption, true},
    {"editMessageReplyMarkup", edit_message_reply_markup, true},
    {"editMessageMedia", edit_message_media, true},
    {"sendChatAction", send_chat_action},
    {"sendMessageDraft", send_message_draft},
    {"deleteMessage", delete_message},
    {"deleteMessages", delete_messages},
    {"answerCallbackQuery", answer_callback_query},
    {"createInvoiceLink", create_invoice_link},
    {"answerPreCheckoutQuery", answer_pre_checkout_query},
    {"refundStarPayment", refund_star_payment},
    {"getStarTransactions", get_star_transactions},
    {"getMyStarBalance", get_my_star_balance},
    {"getFile", get_file},
    {"getChat", get_chat},
    {"getChatMember", get_chat_member},
    {"getChatMemberCount", get_chat_member_count},
    {"leaveChat", leave_chat},
    {"setMyCommands", set_my_commands},
    {"getMyCommands", get_my_commands},
    {"deleteMyCommands", delete_my_commands},
    {"setMyName", set_my_name},
    {"getMyName", get_my_name},
    {"setMyDescription", set_my_description},
    {"getMyDescription", get_my_description},
    {"setMyShortDescription", set_my_short_description},
    {"getMyShortDescription", get_my_short_description},
    {"setChatMenuButton", set_chat_menu_button},
    {"getChatMenuButton", get_chat_menu_button},
    {"setWebhook", set_webhook},
    {"deleteWebhook", delete_webhook},
    {"getWebhookInfo", get_webhook_info},
};

const Row* row_of(std::string_view method) {
    const auto* found = std::ranges::find(rows, method, &Row::name);
    return found == std::end(rows) ? nullptr : found;
}

}  // namespace

Handler handler_of(std::string_view method) {
    const auto* row = row_of(method);
    return row ? row->handler : nullptr;
}

bool is_paced(std::string_view method) {
    const auto* row = row_of(method);
    return row && row->paced;
}

}  // namespace persona::sandbox
