// ✨ Улучшить фото: the price stands in the question, so a photo that is sent to it is started at once.
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

Effect start(const Context& c, const Photo& photo, int n, Coins left, std::vector<Effect>& out) {
    const Uuid id = c.id(2 * n);
    out.push_back(Say{.text = c.say(Text::enhancing, {{"price", c.coins(c.prices.enhancement)}, {"after", c.coins(left)}}),
                      .keyboard = stop_keyboard(id, c.language),
                      .reply_to = photo.message,
                      .handle = live_message(id)});
    return StartJob{.id = id,
                    .kind = "enhance",
                    .topic = compact(id),
                    .args = {{"file", photo.file}, {"message", photo.message.value}, {"price", c.prices.enhancement.text()}},
                    .payment = Payment{c.id(2 * n + 1), c.prices.enhancement, "enhancement"},
                    .units = 1};
}

}  // namespace

Step ask_enhance(const Turn& turn) {
    const Context& c = turn.context;
    if (!c.darkroom.enhances) return open_menu(turn, Place::photo, c.say(Text::enhance_off));
    if (!turn.data.funds) return Need{.funds = true};
    return open_menu(
        turn, Place::enhance,
        c.say(Text::ask_enhance,
              {{"limit", c.limits.photo_bytes >> 20}, {"price", c.coins(c.prices.enhancement)}, {"available", c.coins(turn.data.funds->available)}}));
}

// Each photo is work of its own; those that there are no coins for are named, and lost are none.
Step enhance_photos(const Turn& turn, const std::vector<Photo>& photos) {
    const Context& c = turn.context;
    if (!c.darkroom.enhances) return told(turn, c.say(Text::enhance_off));
    if (!turn.data.funds) return Need{.funds = true};
    Outcome out{turn.state, {}};
    Coins left = turn.data.funds->available;
    int n = 0;
    for (const Photo& photo : photos) {
        if (photo.bytes > c.limits.photo_bytes) {
            out.effects.push_back(
                Say{.text = c.say(Text::photo_large, {{"limit", c.limits.photo_bytes >> 20}}), .keyboard = {}, .reply_to = photo.message});
            continue;
        }
        if (left < c.prices.enhancement) {
            out.effects.push_back(
                Say{.text = not_enough(c, c.prices.enhancement, left), .keyboard = top_up_keyboard(c.language), .reply_to = photo.message});
            break;
        }
        left = left - c.prices.enhancement;
        Effect job = start(c, photo, n++, left, out.effects);
        out.effects.push_back(std::move(job));
    }
    out.next.offer.reset();
    out.next.offered.clear();
    return out;
}

}  // namespace persona::bot::flows
