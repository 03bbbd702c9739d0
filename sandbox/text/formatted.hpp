// A text with its entities, as messages carry it; offsets and lengths are UTF-16 code units.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/json.hpp"

namespace persona::sandbox {

struct Entity {
    std::size_t offset = 0, length = 0;
    std::string type;
    std::string argument;  // url of text_link, language of pre
};

struct Formatted {
    std::string text;
    std::vector<Entity> entities;  // outer before inner, by offset

    json::array entities_json() const;
};

// The error is Telegram's own sentence after "can't parse entities: ".
using Parsed = std::expected<Formatted, std::string>;

// https://core.telegram.org/bots/api#html-style
Parsed parse_html(std::string_view source);
// https://core.telegram.org/bots/api#markdownv2-style; custom emoji and expandable quotations are taken as plain text.
Parsed parse_markdown_v2(std::string_view source);

// What Telegram's server finds by itself: /commands, @mentions, #hashtags, links and e-mail addresses outside code and links.
void find_entities(Formatted& text);

// Cuts blanks at both ends, as the server does with every text; entities are moved and shortened with it.
void trim(Formatted& text);

// Entities that came as JSON beside the text.
std::vector<Entity> read_entities(const json::array& source);

}  // namespace persona::sandbox
