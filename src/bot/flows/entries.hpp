// A page of transcripts as lines and buttons: the history and what a search found look alike.
#pragma once

#include "bot/turn.hpp"

namespace persona::bot::flows {

// "транскрипт, сводка"
std::string made_text(const Context& context, const transcripts::Entry& entry);
// "запись 3:20", "текст"
std::string source_text(const Context& context, const transcripts::Entry& entry);

// A line for each, numbered from the page on, every one begun by a line break; 📌 marks the current one.
std::string entry_lines(const Context& context, const HistoryPage& page, int number);
// The numbers as buttons that open the cards. list: the list a card leads back to, 'h' for the history, 'f' for what was found.
telegram::InlineKeyboard entry_buttons(const HistoryPage& page, int number, char list);
// Newer and older where there are any: data is prefix, page, suffix.
void add_pages(telegram::InlineKeyboard& keyboard, const Context& context, int number, bool more, const std::string& prefix,
               const std::string& suffix);

// What ties the buttons of a search to its query: those of an older search are told apart.
std::string query_tag(const std::string& query);

}  // namespace persona::bot::flows
