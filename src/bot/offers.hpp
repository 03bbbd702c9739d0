// What flows and the ends of jobs say alike: keyboards bound to a recording or transcript, prices, refusals.
#pragma once

#include "bot/turn.hpp"

namespace persona::bot {

telegram::InlineKeyboard stop_keyboard(const Uuid& recording, Language language);
// Start for this price, or not. language: of the speech, as it was found; empty: the person's setting, or to be found.
telegram::InlineKeyboard start_keyboard(const Context& context, const Uuid& recording, Coins price, const std::string& language = {});
// Start in one of the languages that can be heard.
telegram::InlineKeyboard language_keyboard(const Context& context, const Uuid& recording, Coins price);
// The five documents of this transcript, whatever is current when they are pressed.
telegram::InlineKeyboard documents_keyboard(const Uuid& transcript, Language language);

std::string not_enough(const Context& context, Coins price, Coins available);
// The way to the coins. act: data of the button that they were missing for, which the credit leads back to; at most 60 bytes.
telegram::InlineKeyboard top_up_keyboard(Language language, const std::string& act = {});
// "Доступно 87.50 🪙", with what is held or owed.
std::string balance_text(const Context& context, const Funds& funds);
// "12.5", "100": a number of coins or percent that no ledger is read by.
std::string short_number(Coins value);
// At most so many UTF-16 units, cut between characters, with … where it was cut.
std::string shortened(std::string_view text, std::size_t units);
// What a transcript goes by: its name, else its kind and number.
std::string shown_name(const Context& context, const transcripts::Entry& entry);
// Which transcript the format buttons act on.
std::string current_text(const Context& context, const TranscriptRef& current);
// "3:20", "1:02:45"
std::string length_text(std::chrono::milliseconds duration);

// Holds the price, queues the work and tells the place in the live message. language: as for start_keyboard.
std::vector<Effect> start_transcription(const Context& context, const Uuid& recording_id, const Recording& recording, Coins available,
                                        std::string language = {});

// The kinds of documents and everything that depends on the kind.
struct DocumentKind {
    std::string_view name;         // "summary": in job arguments, callback data and the history
    std::string_view file_prefix;  // "summary_"
    std::string_view extension;    // ".txt"
    Text label, making, caption, kind;
};
const DocumentKind* document_kind(std::string_view name);
const std::vector<DocumentKind>& document_kinds();

// "2026-11-22_23-49" in the zone.
std::string file_time(Time time, const std::string& zone);
// "22.11.2026 23:49" or "Nov 22, 2026 11:49 PM" in the zone.
std::string shown_time(Time time, const std::string& zone, Language language);

}  // namespace persona::bot
