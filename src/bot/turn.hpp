// One turn of the conversation, whole: what a flow is given, what it may ask for and what it answers. A flow is a pure
// function Turn → Step; it does no I/O, so that every dialogue is tested as a table.
#pragma once

#include "bot/context.hpp"
#include "bot/effect.hpp"
#include "bot/event.hpp"
#include "bot/need.hpp"
#include "bot/state.hpp"

namespace persona::bot {

struct Turn {
    const State& state;
    const Event& event;
    const Data& data;
    const Context& context;
};

struct Outcome {
    State next;
    std::vector<Effect> effects;
};

using Step = std::variant<Need, Outcome>;

// Never throws on any input. Asks at most three times.
Step step(const Turn& turn);

}  // namespace persona::bot
