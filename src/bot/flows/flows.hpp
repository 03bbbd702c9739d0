// The dialogues. Each is a pure function of the turn; step.cpp's tables say which one an event leads to.
#pragma once

#include "bot/turn.hpp"
#include "studio/transcripts/name.hpp"

namespace persona::bot::flows {

// start.cpp
Step start(const Turn& turn);  // /start, optionally with a payload that names a section
Step help(const Turn& turn);
Step about_formats(const Turn& turn);
Step cancel(const Turn& turn);
Step say_freely(const Turn& turn);  // step.cpp: a text that is no button, by where the person is
Step hint(const Turn& turn);        // nobody else understood it
Step broken(const Turn& turn);      // the state was lost
Step go_back(const Turn& turn);

// cabinet.cpp
Step balance(const Turn& turn);
Step cabinet(const Turn& turn);
Step open_cabinet(const Turn& turn, std::string_view argument);
Step paysupport(const Turn& turn);
Step terms(const Turn& turn);

// top_up.cpp
Step top_up(const Turn& turn);
Step top_up_for(const Turn& turn, std::string_view argument);  // data of the button that coins were missing for, or nothing
Step buy(const Turn& turn, std::string_view argument);         // "<hundredths of coins>:<stars>", as the button said

// ledger.cpp
Step ledger(const Turn& turn, std::string_view argument);  // "", "b<id>": before that row, "a<id>": after it

// promo.cpp
Step ask_promo(const Turn& turn);
Step open_promo(const Turn& turn, std::string_view argument);
Step receive_promo(const Turn& turn);

// usage.cpp
Step usage(const Turn& turn, std::string_view argument);  // "", or the row that the page stands before

// admin.cpp
Step admin(const Turn& turn);
Step admin_yes(const Turn& turn, std::string_view argument);
Step admin_no(const Turn& turn, std::string_view argument);

// settings.cpp
Step settings(const Turn& turn);
Step speak_russian(const Turn& turn);
Step speak_english(const Turn& turn);
Step record_any(const Turn& turn);  // the language of recordings: found in each
Step record_russian(const Turn& turn);
Step record_english(const Turn& turn);
Step notices_on(const Turn& turn);
Step notices_off(const Turn& turn);

// recording.cpp
Step ask_audio(const Turn& turn);
Step ask_text_file(const Turn& turn);
Step receive_file(const Turn& turn);
Step receive_album(const Turn& turn);      // each recording and text of it on its own, its photos together
Step receive_long_text(const Turn& turn);  // a text pasted where a text file is awaited
Step start_recording(const Turn& turn, std::string_view argument);
Step stop_recording(const Turn& turn, std::string_view argument);

// documents.cpp
Step make_current_full(const Turn& turn);
Step make_current_summary(const Turn& turn);
Step make_current_mom(const Turn& turn);
Step make_current_todo(const Turn& turn);
Step make_current_protocol(const Turn& turn);
Step make_document(const Turn& turn, std::string_view argument);  // "<kind>:<transcript>"

// history.cpp
Step history(const Turn& turn);
Step history_page(const Turn& turn, std::string_view argument);

// search.cpp
Step ask_search(const Turn& turn);
Step search(const Turn& turn);                                 // what was said is the query
Step found_page(const Turn& turn, std::string_view argument);  // "<page>:<tag of the query>"; nothing: asks for the words

// library.cpp: one transcript of the history
Step open_card(const Turn& turn, std::string_view argument);  // "<transcript>" or "<transcript>:<list it came from>"
Step use_transcript(const Turn& turn, std::string_view argument);
Step ask_delete(const Turn& turn, std::string_view argument);
Step delete_transcript(const Turn& turn, std::string_view argument);
Step show_documents(const Turn& turn, std::string_view argument);
Step send_again(const Turn& turn, std::string_view argument);  // "<document>"
Step delete_last_file(const Turn& turn);

// library_export.cpp: free files from the text
Step choose_form(const Turn& turn, std::string_view argument);        // "<transcript>"
Step export_transcript(const Turn& turn, std::string_view argument);  // "<form>:<transcript>"

// library_pick.cpp: several at once
Step pick(const Turn& turn, std::string_view argument);    // "new", "<page>" or "<page>:<transcript>"
Step picked(const Turn& turn, std::string_view argument);  // "zip", "join", "del", "gone:<tag of the choice>"

// library_name.cpp
Step ask_name(const Turn& turn, std::string_view argument);
Step receive_name(const Turn& turn);

// dialogue.cpp
Step open_dialogue(const Turn& turn);
Step resume_dialogue(const Turn& turn, std::string_view argument);  // after a top-up
Step talk_freely(const Turn& turn);
Step talk_about_transcript(const Turn& turn);
Step forget_dialogue(const Turn& turn);
Step cancel_dialogue(const Turn& turn);
Step ask_question(const Turn& turn);  // whatever is said in the dialogue

// photos.cpp
bool is_picture(const telegram::File& file);  // by what Telegram says of it; its content decides later
Step receive_photos(const Turn& turn, const std::vector<Sent>& parts);
Step enhance_offered(const Turn& turn, std::string_view argument);
Step draft_offered(const Turn& turn, std::string_view argument);

// avatar_draft.cpp
Step create_avatar(const Turn& turn);
Step receive_draft_photos(const Turn& turn, const std::vector<Sent>& parts);
// Free work that takes the good ones into the draft.
std::vector<Effect> check_photos(const Turn& turn, const Uuid& draft, const std::vector<Photo>& photos);
Effect photo_refusal(const Context& context, const std::string& reason, MessageId message);
Step draft_prev(const Turn& turn, std::string_view argument);  // of the photo that is shown
Step draft_next(const Turn& turn, std::string_view argument);
Step draft_remove(const Turn& turn, std::string_view argument);
Step draft_continue(const Turn& turn, std::string_view argument);
Step leave_draft(const Turn& turn);  // it stays
Step drop_draft(const Turn& turn, std::string_view argument);
Step understood(const Turn& turn, std::string_view argument);

// avatar_wizard.cpp
Outcome ask_gender(const Turn& turn);
Step choose_type(const Turn& turn, std::string_view argument);  // "man", "woman"
Step choose_man(const Turn& turn);
Step choose_woman(const Turn& turn);
Step receive_gender(const Turn& turn);
Step receive_avatar_name(const Turn& turn);
// Where the person is: in the wizard, or renaming.
Outcome ask_avatar_name_again(const Turn& turn, transcripts::NameFault fault);
Step show_confirm(const Turn& turn);
Step edit_avatar(const Turn& turn, std::string_view argument);
Step confirm_avatar(const Turn& turn, std::string_view argument);  // "<draft>"
Step train_again(const Turn& turn, std::string_view argument);     // "<avatar>:<attempt>"

// avatar_cards.cpp
Step view_avatars(const Turn& turn);
Step open_avatars(const Turn& turn, std::string_view argument);  // "" or "<avatar>"
Step show_ordered(const Turn& turn, std::string_view argument);  // "<avatar>", pressed where it was a draft
Step prev_card(const Turn& turn, std::string_view argument);     // of the place that is shown
Step next_card(const Turn& turn, std::string_view argument);
Step make_main_avatar(const Turn& turn, std::string_view argument);
Step ask_avatar_name(const Turn& turn, std::string_view argument);
Step rename_avatar(const Turn& turn);
Step ask_delete_avatar(const Turn& turn, std::string_view argument);
Step delete_avatar(const Turn& turn, std::string_view argument);
Step stop_training(const Turn& turn, std::string_view argument);
Step avatar_menu(const Turn& turn, std::string_view argument);

// styles.cpp
Step styles(const Turn& turn);
Step open_style(const Turn& turn, std::string_view argument);
Step prev_style(const Turn& turn, std::string_view argument);
Step next_style(const Turn& turn, std::string_view argument);
Step list_styles(const Turn& turn, std::string_view argument);
Step leave_styles(const Turn& turn, std::string_view argument);

// portrait_order.cpp
Step create_portrait(const Turn& turn, std::string_view argument);  // a style
Step paint_avatar(const Turn& turn, std::string_view argument);     // an avatar
Step change_order(const Turn& turn, std::string_view argument);
Step paint_order(const Turn& turn, std::string_view argument);
Step paint_like(const Turn& turn, const portraits::Image& image);

// results.cpp: "<image>"
Step keep_image(const Turn& turn, std::string_view argument);
Step more_images(const Turn& turn, std::string_view argument);
Step share_image(const Turn& turn, std::string_view argument);
Step ask_delete_image(const Turn& turn, std::string_view argument);
Step spare_image(const Turn& turn, std::string_view argument);
Step delete_image(const Turn& turn, std::string_view argument);
Step results(const Turn& turn, std::string_view argument);  // "<avatar>:<place>"

// enhance.cpp
Step ask_enhance(const Turn& turn);
Step enhance_photos(const Turn& turn, const std::vector<Photo>& photos);

}  // namespace persona::bot::flows
