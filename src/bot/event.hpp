// What can happen in a private chat, reduced to what a flow decides on.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "telegram/update.hpp"

namespace persona::bot {

struct Said {  // a text message, commands and button labels included
    std::string text;
    MessageId message;
};
struct Sent {  // a file
    telegram::File file;
    std::string caption;
    MessageId message;
};
struct SentAlbum {  // files that were sent together, in their order
    std::vector<Sent> parts;
};
struct Pressed {  // an inline button
    std::string data;
    std::optional<MessageId> message;
};
struct Unclear {  // a sticker, a location, a contact, an update of an unknown kind
    bool contact = false;
};
struct StateLost {};  // the stored state is unknown to this release, or the update failed for good

using Event = std::variant<Said, Sent, SentAlbum, Pressed, Unclear, StateLost>;

}  // namespace persona::bot
