// 🖼 Образы: the styles with their pictures.
#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"

namespace persona::bot::flows {
namespace {

// Two of ours name a style by its word; those of the old bot had words of their own, and mean the first.
std::size_t index_of(std::string_view argument) {
    const auto style = ai::style_of(argument);
    return style ? static_cast<std::size_t>(*style) : 0;
}

Step with_funds(const Turn& turn, auto body) {
    if (!turn.data.funds) return Need{.funds = true};
    return body(turn.data.funds->available);
}

Effect style_card(const Turn& turn, std::size_t at, Coins available) {
    const Context& c = turn.context;
    const ai::Style style = ai::all_styles[at];
    const std::string word(ai::name(style));
    std::string caption = c.say(Text::style_card, {{"style", style_text(c, style)},
                                                   {"i", std::to_string(at + 1)},
                                                   {"n", std::to_string(ai::all_styles.size())},
                                                   {"price", c.coins(c.prices.portrait)},
                                                   {"available", c.coins(available)}});
    if (c.darkroom.renders) caption += "\n\n" + c.say(Text::portraits_rendered);
    return pictured(turn, style_picture(style), std::move(caption),
                    {{{button(c.say(Text::key_prev), "gallery_prev:" + word), button(c.say(Text::key_next), "gallery_next:" + word)},
                      {button(c.say(Text::key_style_list), "gallery_styles"), button(c.say(Text::key_paint_one), "gallery_create:" + word)},
                      {button(c.say(Text::key_to_menu), "gallery_back")}}});
}

Step turn_style(const Turn& turn, std::string_view argument, std::size_t forward) {
    const auto style = ai::style_of(argument);
    const std::size_t at = style ? (index_of(argument) + forward) % ai::all_styles.size() : 0;
    return with_funds(turn, [&](Coins available) -> Step { return Outcome{turn.state, {style_card(turn, at, available)}}; });
}

}  // namespace

Step styles(const Turn& turn) {
    return with_funds(turn, [&](Coins available) -> Step { return Outcome{turn.state, {style_card(turn, 0, available)}}; });
}

Step open_style(const Turn& turn, std::string_view argument) {
    return with_funds(turn, [&](Coins available) -> Step { return Outcome{turn.state, {style_card(turn, index_of(argument), available)}}; });
}

Step prev_style(const Turn& turn, std::string_view argument) { return turn_style(turn, argument, ai::all_styles.size() - 1); }
Step next_style(const Turn& turn, std::string_view argument) { return turn_style(turn, argument, 1); }

Step list_styles(const Turn& turn, std::string_view) {
    return with_funds(turn, [&](Coins available) -> Step {
        const Context& c = turn.context;
        telegram::InlineKeyboard keyboard;
        for (const ai::Style style : ai::all_styles) {
            if (keyboard.rows.empty() || keyboard.rows.back().size() == 2) keyboard.rows.emplace_back();
            keyboard.rows.back().push_back(button(style_text(c, style), "style_" + std::string(ai::name(style))));
        }
        keyboard.rows.push_back({button(c.say(Text::key_to_menu), "gallery_back")});
        const std::string caption = c.say(Text::style_choose, {{"price", c.coins(c.prices.portrait)}, {"available", c.coins(available)}});
        return Outcome{turn.state, {pictured(turn, style_picture(ai::all_styles.front()), caption, std::move(keyboard))}};
    });
}

Step leave_styles(const Turn& turn, std::string_view) { return open_menu(turn, Place::photographer); }

}  // namespace persona::bot::flows
