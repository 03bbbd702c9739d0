// The line before the transcribers: who waits sees it move.
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/workshop.hpp"
#include "jobs/job.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 5s;
constexpr auto between_looks = 5s;
constexpr int most_told = 20;  // a look; those at the head of the line first

std::string words(const Context& c, const jobs::Waiting& waiting) {
    const std::int64_t place = waiting.place + 1;
    if (!waiting.wait) return c.say(Text::recording_in_line, {{"place", place}});
    return c.say(Text::recording_in_line_for, {{"place", place}, {"wait", length_text(*waiting.wait)}});
}

Task<void> tell(Workshop& shop, const jobs::Waiting& waiting) {
    const auto recording = uncompact(waiting.topic);
    if (!recording) co_return;  // of a release that did not write it
    const auto key = co_await shop.vault.key_of(waiting.user, Deadline::after(patience));
    const auto client = co_await client_of(shop, waiting.user, key, waiting.id.value, Deadline::after(patience));
    if (!client) co_return;
    Desk desk(shop.outbox, client->recipient);
    jobs::tell_place(desk.work(), waiting.id, waiting.place);
    desk.apply({Redraw{.text = words(client->context, waiting),
                       .keyboard = stop_keyboard(*recording, client->context.language),
                       .handle = live_message(*recording),
                       .message = {}}});
    if (const auto done = co_await shop.pool.commit(desk.take_work(), Deadline::after(patience))) desk.committed(*done);
}

}  // namespace

Task<void> tell_line_once(Workshop& shop) {
    for (const jobs::Waiting& waiting : co_await jobs::line(shop.pool, "transcribe", most_told, Deadline::after(patience))) try {
            co_await tell(shop, waiting);
        } catch (const Corrupt& e) {
            log(Level::error, "bot", "a person in the line cannot be told", {{"job", waiting.id.value.text()}, {"error", e.what()}});
        }
}

Task<void> tell_line(Workshop& shop) {
    for (;;) {
        co_await pause(between_looks);
        try {
            co_await tell_line_once(shop);
        } catch (const Unavailable&) {  // the next look tells
        }
    }
}

}  // namespace persona::bot
