// What the flows about one transcript share.
#pragma once

#include "bot/flows/flows.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {

// A flow about a transcript that is there; one that is gone is told so. argument: the id, and anything behind a colon.
template <class Body>
Step about(const Turn& turn, std::string_view argument, Body body) {
    const auto id = uncompact(argument.substr(0, argument.find(':')));
    if (!id) return hint(turn);
    if (!turn.data.card) return Need{.card = id};
    if (!*turn.data.card) return Outcome{turn.state, {Toast{turn.context.say(Text::transcript_lost), true}}};
    return body(**turn.data.card);
}

}  // namespace persona::bot::flows
