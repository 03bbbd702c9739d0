// Texts and captions of a call: parsed by parse_mode or entities, cut and measured as Telegram does.
#pragma once

#include "sandbox/methods/context.hpp"
#include "sandbox/text/formatted.hpp"

namespace persona::sandbox {

constexpr std::size_t longest_text = 4096;  // UTF-16 code units after parsing
constexpr std::size_t longest_caption = 1024;

// from: the object that holds the fields (the call's parameters, or one InputMedia).
Formatted formatted_of(const json::object& from, std::string_view text_field, std::string_view entities_field);
// Puts "text"+"entities" into content; refuses the empty and the too long.
void put_text(const json::object& from, json::object& content);
// Puts "caption"+"caption_entities" where there is one.
void put_caption(const json::object& from, json::object& content);

}  // namespace persona::sandbox
