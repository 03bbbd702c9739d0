// A document from a transcript: the current one by the reply keyboard, a chosen one by the buttons under its file.
#include "bot/flows/flows.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

Outcome answer(const Turn& turn, std::string text) {
    if (std::holds_alternative<Pressed>(turn.event)) return {turn.state, {Toast{std::move(text), true}}};
    return {turn.state, {Say{.text = std::move(text), .keyboard = formats_keyboard(turn.context.language)}}};
}

// The way to the coins leads back to this document.
Outcome lacking(const Turn& turn, Coins price, Coins available, const std::string& act) {
    return {turn.state,
            {Say{.text = not_enough(turn.context, price, available),
                 .keyboard = top_up_keyboard(turn.context.language, act),
                 .reply_to = {},
                 .handle = {}}}};
}

Step make(const Turn& turn, const DocumentKind& kind, const TranscriptRef& transcript) {
    if (!turn.data.funds || !turn.data.jobs) return Need{.funds = true, .jobs = true};
    const Context& c = turn.context;
    const std::string topic = std::string(kind.name) + ":" + compact(transcript.id);
    for (const RunningJob& job : *turn.data.jobs)
        if (job.topic == topic) return answer(turn, c.say(Text::already_making));
    const Coins price = c.prices.output, available = turn.data.funds->available;
    if (available < price) return lacking(turn, price, available, "doc:" + topic);
    const Uuid id = c.id(0);
    const std::string making = c.say(kind.making, {{"price", c.coins(price)}, {"after", c.coins(available - price)}});
    return Outcome{turn.state,
                   {Say{.text = making, .keyboard = {}, .reply_to = {}, .handle = live_message(id)},
                    StartJob{.id = id,
                             .kind = "document",
                             .topic = topic,
                             .args = {{"transcript", compact(transcript.id)}, {"kind", kind.name}, {"price", price.text()}},
                             .payment = Payment{c.id(1), price, "output"}}}};
}

Step make_of_current(const Turn& turn, std::string_view name) {
    if (!turn.data.current) return Need{.funds = true, .current = true, .jobs = true};
    if (!*turn.data.current) return answer(turn, turn.context.say(Text::no_transcript));
    return make(turn, *document_kind(name), **turn.data.current);
}

}  // namespace

Step make_current_full(const Turn& turn) { return make_of_current(turn, "full"); }
Step make_current_summary(const Turn& turn) { return make_of_current(turn, "summary"); }
Step make_current_mom(const Turn& turn) { return make_of_current(turn, "mom"); }
Step make_current_todo(const Turn& turn) { return make_of_current(turn, "todo"); }
Step make_current_protocol(const Turn& turn) { return make_of_current(turn, "protocol"); }

Step make_document(const Turn& turn, std::string_view argument) {
    const std::size_t colon = argument.find(':');
    const DocumentKind* kind = document_kind(argument.substr(0, colon));
    const auto id = colon == std::string_view::npos ? std::nullopt : uncompact(argument.substr(colon + 1));
    if (!kind || !id) return hint(turn);
    if (!turn.data.transcript) return Need{.funds = true, .jobs = true, .transcript = id};
    if (!*turn.data.transcript) return answer(turn, turn.context.say(Text::transcript_lost));
    return make(turn, *kind, **turn.data.transcript);
}

}  // namespace persona::bot::flows
