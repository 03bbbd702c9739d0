// The order of a portrait: one card on which avatar, shape and number are chosen, then the hold and the job.
#include <fmt/format.h>

#include <algorithm>

#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

using avatars::Avatar;
constexpr std::array aspects{ai::Aspect::portrait, ai::Aspect::square, ai::Aspect::landscape};
constexpr int most_images = 4;  // of one order

// What is chosen on the card of the order; all of it stands in its buttons.
struct Order {
    ai::Style style;
    ai::Aspect aspect = ai::Aspect::portrait;
    int count = 1;
    Uuid avatar;

    std::string data(std::string_view prefix) const {
        return fmt::format("{}{}:{}:{}:{}", prefix, static_cast<int>(style), static_cast<int>(aspect), count, compact(avatar));
    }
};

std::optional<Order> order_of(std::string_view argument) {
    if (argument.size() < 38) return std::nullopt;
    const auto avatar = uncompact(argument.substr(argument.size() - 32));
    std::array<std::int64_t, 3> numbers{};
    std::string_view rest = argument.substr(0, argument.size() - 32);
    for (std::int64_t& number : numbers) {
        const std::size_t colon = rest.find(':');
        const auto read = colon == std::string_view::npos ? std::nullopt : whole_number(rest.substr(0, colon));
        if (!read) return std::nullopt;
        number = *read;
        rest.remove_prefix(colon + 1);
    }
    const bool sound = avatar && rest.empty() && numbers[0] >= 0 && numbers[0] < static_cast<std::int64_t>(ai::all_styles.size()) &&
                       numbers[1] >= 0 && numbers[1] < static_cast<std::int64_t>(aspects.size()) && numbers[2] >= 1 && numbers[2] <= most_images;
    if (!sound) return std::nullopt;
    return Order{static_cast<ai::Style>(numbers[0]), static_cast<ai::Aspect>(numbers[1]), static_cast<int>(numbers[2]), *avatar};
}

// Those that can be painted here.
std::vector<Avatar> ready_ones(const Context& c, const std::vector<Avatar>& all) {
    std::vector<Avatar> out;
    std::ranges::copy_if(all, std::back_inserter(out), [&](const Avatar& a) { return a.state == avatars::State::ready && !is_foreign(c, a); });
    return out;
}

Text why_none(const Context& c, const std::vector<Avatar>& all) {
    if (std::ranges::any_of(all, [](const Avatar& a) { return a.state == avatars::State::training; })) return Text::portrait_avatar_training;
    return std::ranges::any_of(all, [&](const Avatar& a) { return is_foreign(c, a); }) ? Text::portrait_foreign : Text::portrait_no_avatar;
}

template <class F>
Step with_ready(const Turn& turn, F body) {
    if (turn.context.darkroom.provider.empty()) return told(turn, turn.context.say(Text::portraits_off));
    if (!turn.data.avatars || !turn.data.funds) return Need{.funds = true, .avatars = true};
    const auto ready = ready_ones(turn.context, *turn.data.avatars);
    if (!ready.empty()) return body(ready);
    return open_menu(turn, Place::avatars, turn.context.say(why_none(turn.context, *turn.data.avatars)));
}

// The avatar that a button names cannot be painted.
Outcome not_this(const Turn& turn, const Uuid& id) {
    const bool foreign = std::ranges::any_of(*turn.data.avatars, [&](const Avatar& a) { return a.id.value == id && is_foreign(turn.context, a); });
    return told(turn, turn.context.say(foreign ? Text::portrait_foreign : Text::avatar_gone));
}

const Avatar& chosen(const std::vector<Avatar>& ready, const Uuid& id) {
    const auto at = std::ranges::find_if(ready, [&](const Avatar& a) { return a.id.value == id; });
    return at == ready.end() ? ready.front() : *at;
}

telegram::InlineKeyboard order_keyboard(const Context& c, const std::vector<Avatar>& ready, const Order& order, bool enough) {
    telegram::InlineKeyboard out;
    if (ready.size() > 1) {
        const auto at = std::ranges::find_if(ready, [&](const Avatar& a) { return a.id.value == order.avatar; });
        Order other = order;
        other.avatar = (at + 1 == ready.end() ? ready.front() : *(at + 1)).id.value;
        out.rows.push_back({button(c.say(Text::key_avatar_choice, {{"name", shortened(avatar_name(c, *at), 40)}}), other.data("po:"))});
    }
    auto& shapes = out.rows.emplace_back();
    for (const ai::Aspect aspect : aspects) {
        Order other = order;
        other.aspect = aspect;
        shapes.push_back(button((aspect == order.aspect ? "• " : "") + aspect_text(aspect), other.data("po:")));
    }
    auto& numbers = out.rows.emplace_back();
    for (int count = 1; count <= most_images; ++count) {
        Order other = order;
        other.count = count;
        numbers.push_back(button((count == order.count ? "• " : "") + std::to_string(count), other.data("po:")));
    }
    if (enough)
        out.rows.push_back({button(c.say(Text::key_paint, {{"price", c.coins(c.prices.portrait * order.count)}}), order.data("pg:"))});
    else
        out.rows.push_back(top_up_keyboard(c.language, order.data("po:")).rows.front());
    out.rows.push_back({button(c.say(Text::key_to_style), "style_" + std::string(ai::name(order.style)))});
    return out;
}

Outcome order_card(const Turn& turn, const std::vector<Avatar>& ready, Order order) {
    const Context& c = turn.context;
    const Avatar& avatar = chosen(ready, order.avatar);
    order.avatar = avatar.id.value;
    const Coins price = c.prices.portrait * order.count, available = turn.data.funds->available;
    const bool enough = available >= price;
    const std::string caption = c.say(enough ? Text::portrait_order : Text::portrait_order_short, {{"style", style_text(c, order.style)},
                                                                                                   {"name", avatar_name(c, avatar)},
                                                                                                   {"price", c.coins(price)},
                                                                                                   {"available", c.coins(available)},
                                                                                                   {"after", c.coins(available - price)},
                                                                                                   {"missing", c.coins(price - available)}});
    return {turn.state, {pictured(turn, style_picture(order.style), caption, order_keyboard(c, ready, order, enough))}};
}

// The price is held and the work queued; the same order cannot run twice at once.
Step paint(const Turn& turn, const std::vector<Avatar>& ready, const Order& order) {
    if (!turn.data.jobs) return Need{.funds = true, .jobs = true, .avatars = true};
    const Context& c = turn.context;
    const Avatar& avatar = chosen(ready, order.avatar);
    if (avatar.id.value != order.avatar) return not_this(turn, order.avatar);
    const std::string topic = order.data("paint:");
    for (const RunningJob& job : *turn.data.jobs)
        if (job.topic == topic) return told(turn, c.say(Text::portrait_running), false);
    const Coins price = c.prices.portrait * order.count, available = turn.data.funds->available;
    if (available < price)
        return Outcome{turn.state,
                       {Say{.text = not_enough(c, price, available), .keyboard = top_up_keyboard(c.language, order.data("pg:")), .reply_to = {}}}};
    const Uuid id = c.id(0);
    const std::string started = c.say(Text::portrait_started, {{"style", style_text(c, order.style)},
                                                               {"name", avatar_name(c, avatar)},
                                                               {"count", std::int64_t{order.count}},
                                                               {"price", c.coins(price)},
                                                               {"after", c.coins(available - price)}});
    return Outcome{turn.state,
                   {Say{.text = started, .keyboard = stop_keyboard(id, c.language), .handle = live_message(id)},
                    StartJob{.id = id,
                             .kind = "portrait",
                             .topic = topic,
                             .args = {{"avatar", compact(order.avatar)},
                                      {"style", ai::name(order.style)},
                                      {"aspect", ai::name(order.aspect)},
                                      {"count", order.count},
                                      {"price", c.prices.portrait.text()}},
                             .payment = Payment{c.id(1), price, "portrait"},
                             .units = order.count}}};
}
}  // namespace

Step create_portrait(const Turn& turn, std::string_view argument) {
    return with_ready(turn, [&](const std::vector<Avatar>& ready) -> Step {
        return order_card(turn, ready, Order{.style = ai::style_of(argument).value_or(ai::all_styles.front()), .avatar = ready.front().id.value});
    });
}

// From an avatar's own card.
Step paint_avatar(const Turn& turn, std::string_view argument) {
    const auto id = uncompact(argument);
    if (!id) return hint(turn);
    return with_ready(turn, [&](const std::vector<Avatar>& ready) -> Step {
        if (chosen(ready, *id).id.value != *id) return not_this(turn, *id);
        return order_card(turn, ready, Order{.style = ai::all_styles.front(), .avatar = *id});
    });
}

Step change_order(const Turn& turn, std::string_view argument) {
    const auto order = order_of(argument);
    if (!order) return hint(turn);
    return with_ready(turn, [&](const std::vector<Avatar>& ready) -> Step { return order_card(turn, ready, *order); });
}

Step paint_order(const Turn& turn, std::string_view argument) {
    const auto order = order_of(argument);
    if (!order) return hint(turn);
    return with_ready(turn, [&](const std::vector<Avatar>& ready) { return paint(turn, ready, *order); });
}

// One more of the same: charged once, as any order.
Step paint_like(const Turn& turn, const portraits::Image& image) {
    const auto style = ai::style_of(image.style);
    const auto aspect = ai::aspect_of(image.aspect);
    if (!style || !aspect || !image.avatar) return told(turn, turn.context.say(Text::image_gone));
    return with_ready(turn, [&](const std::vector<Avatar>& ready) { return paint(turn, ready, Order{*style, *aspect, 1, image.avatar->value}); });
}

}  // namespace persona::bot::flows
