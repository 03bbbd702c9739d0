// 💬 Диалог: questions about the current transcript, or free ones where a language model answers. One paid job a question.
#include <algorithm>

#include "bot/flows/flows.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t most_question = 4000;  // bytes
constexpr std::ptrdiff_t most_waiting = 3;   // questions, with the one that is being answered

bool is_answer(const RunningJob& job) { return job.kind == "answer"; }

std::string subject(const Turn& turn, bool free) {
    const Context& c = turn.context;
    return free ? c.say(Text::dialogue_free) : c.say(Text::dialogue_about, {{"number", (*turn.data.current)->number}});
}

Outcome leave_without(const Turn& turn) { return open_menu(turn, Place::assistant, turn.context.say(Text::dialogue_needs_transcript)); }

// In the dialogue, with its keyboard: the way to the other subject, forgetting, back.
Outcome in_dialogue(const Turn& turn, bool free, std::string text) {
    const Context& c = turn.context;
    Outcome out{turn.state, {Say{.text = std::move(text), .keyboard = dialogue_keyboard(free, c.models, c.language)}}};
    out.next.place = Place::dialogue;
    out.next.free_talk = free;
    return out;
}

Step enter(const Turn& turn, bool free) {
    if (!turn.data.funds || !turn.data.current) return Need{.funds = true, .current = true};
    const Context& c = turn.context;
    if (!*turn.data.current && !c.models) return leave_without(turn);
    free = c.models && (free || !*turn.data.current);
    std::string text =
        c.say(Text::dialogue_open,
              {{"subject", subject(turn, free)}, {"price", c.coins(c.prices.answer)}, {"balance", c.coins(turn.data.funds->available)}});
    if (!c.models) text += "\n\n" + c.say(Text::dialogue_basic);
    return in_dialogue(turn, free, std::move(text));
}

Outcome refuse(const Turn& turn, std::string text, MessageId message, Keyboard keyboard = {}) {
    return {turn.state, {Say{.text = std::move(text), .keyboard = std::move(keyboard), .reply_to = message, .handle = {}}}};
}

}  // namespace

Step open_dialogue(const Turn& turn) { return enter(turn, turn.state.free_talk); }
Step resume_dialogue(const Turn& turn, std::string_view) { return open_dialogue(turn); }
Step talk_freely(const Turn& turn) { return enter(turn, true); }
Step talk_about_transcript(const Turn& turn) { return enter(turn, false); }

Step forget_dialogue(const Turn& turn) {
    Outcome out{turn.state,
                {ForgetDialogue{}, Say{.text = turn.context.say(Text::dialogue_forgotten), .keyboard = {}, .reply_to = {}, .handle = {}}}};
    return out;
}

// Answers that wait or run are not paid for; nothing of the dialogue stays.
Step cancel_dialogue(const Turn& turn) {
    if (!turn.data.jobs) return Need{.jobs = true};
    Outcome out = open_menu(turn, parent(Place::dialogue), turn.context.say(Text::dialogue_ended));
    for (const RunningJob& job : *turn.data.jobs)
        if (is_answer(job)) out.effects.push_back(CancelJob{job.id});
    out.effects.push_back(ForgetDialogue{});
    return out;
}

Step ask_question(const Turn& turn) {
    if (!turn.data.funds || !turn.data.current || !turn.data.jobs) return Need{.funds = true, .current = true, .jobs = true};
    const Context& c = turn.context;
    const auto& said = std::get<Said>(turn.event);
    const bool free = turn.state.free_talk && c.models;
    if (!free && !*turn.data.current) return leave_without(turn);
    const Coins price = c.prices.answer, available = turn.data.funds->available;
    const auto waiting = std::ranges::count_if(*turn.data.jobs, is_answer);
    if (said.text.size() > most_question) return refuse(turn, c.say(Text::question_too_long), said.message);
    if (waiting >= most_waiting) return refuse(turn, c.say(Text::questions_wait), said.message);
    if (available < price) return refuse(turn, not_enough(c, price, available), said.message, top_up_keyboard(c.language, "talk:"));
    const Uuid id = c.id(0);
    return Outcome{
        turn.state,
        {Say{.text = c.say(waiting > 0 ? Text::answer_queued : Text::answering, {{"price", c.coins(price)}, {"after", c.coins(available - price)}}),
             .keyboard = {},
             .reply_to = said.message,
             .handle = live_message(id)},
         StartJob{.id = id,
                  .kind = "answer",
                  .topic = "",
                  .args = {{"question", said.text}, {"transcript", free ? "" : compact((*turn.data.current)->id)}, {"price", price.text()}},
                  .payment = Payment{c.id(1), price, "answer"}}}};
}

}  // namespace persona::bot::flows
