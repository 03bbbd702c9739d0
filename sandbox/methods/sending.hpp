// What all methods that put a message into a chat share.
#pragma once

#include "sandbox/methods/context.hpp"
#include "sandbox/model/media.hpp"

namespace persona::sandbox {

// Adds reply and markup, posts, opens or closes the reply keyboard. Gives the Message as the bot gets it.
json::value deliver(Context& call, Conversation& to, json::object content, std::string payload = {});

struct Resolved {
    const StoredFile* file;
    MediaFacts facts;
};
// The file that a parameter (or an InputMedia's "media") names: an upload, attach://part, or a file_id. from: the object that
// holds the value and the facts beside it.
Resolved resolve_file(Context& call, const MediaKind& kind, const json::object& from, std::string_view field);

}  // namespace persona::sandbox
