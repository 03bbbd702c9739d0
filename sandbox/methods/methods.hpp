// The handlers, one for each method that this sandbox has; their names are Telegram's. The table is in table.cpp.
#pragma once

#include "sandbox/methods/context.hpp"

namespace persona::sandbox::method {

json::value get_me(Context&);
json::value log_out(Context&);
json::value close(Context&);

json::value send_message(Context&);
json::value send_photo(Context&);
json::value send_document(Context&);
json::value send_audio(Context&);
json::value send_voice(Context&);
json::value send_video(Context&);
json::value send_video_note(Context&);
json::value send_animation(Context&);
json::value send_sticker(Context&);
json::value send_media_group(Context&);
json::value send_chat_action(Context&);
json::value send_message_draft(Context&);
json::value send_contact(Context&);
json::value send_location(Context&);
json::value copy_message(Context&);
json::value forward_message(Context&);

json::value edit_message_text(Context&);
json::value edit_message_caption(Context&);
json::value edit_message_reply_markup(Context&);
json::value edit_message_media(Context&);
json::value delete_message(Context&);
json::value delete_messages(Context&);

json::value answer_callback_query(Context&);
json::value send_invoice(Context&);
json::value create_invoice_link(Context&);
json::value answer_pre_checkout_query(Context&);
json::value refund_star_payment(Context&);
json::value get_star_transactions(Context&);
json::value get_my_star_balance(Context&);

json::value get_file(Context&);
json::value get_chat(Context&);
json::value get_chat_member(Context&);
json::value get_chat_member_count(Context&);
json::value leave_chat(Context&);

json::value set_my_commands(Context&);
json::value get_my_commands(Context&);
json::value delete_my_commands(Context&);
json::value set_my_name(Context&);
json::value get_my_name(Context&);
json::value set_my_description(Context&);
json::value get_my_description(Context&);
json::value set_my_short_description(Context&);
json::value get_my_short_description(Context&);
json::value set_chat_menu_button(Context&);
json::value get_chat_menu_button(Context&);

// getUpdates is not here: it waits, so BotApi handles it.
json::value set_webhook(Context&);
json::value delete_webhook(Context&);
json::value get_webhook_info(Context&);

}  // namespace persona::sandbox::method
