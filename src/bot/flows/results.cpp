// Portraits that were painted: kept, painted once more, shared, deleted; and an avatar's gallery of them.
#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

// The picture that a button names, or word that it is gone.
template <class F>
Step with_image(const Turn& turn, std::string_view argument, F body) {
    const auto id = uncompact(argument);
    if (!id) return hint(turn);
    if (!turn.data.image) return Need{.image = id};
    if (!*turn.data.image) return told(turn, turn.context.say(Text::image_gone));
    return body(**turn.data.image);
}

void rebutton(const Turn& turn, Outcome& out, telegram::InlineKeyboard keyboard) {
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (pressed && pressed->message) out.effects.push_back(Rebutton{*pressed->message, std::move(keyboard)});
}

telegram::InlineKeyboard keyboard_of(const Context& c, const portraits::Image& image, bool kept) {
    return image.avatar ? image_keyboard(c, image.id, kept) : enhanced_keyboard(c, image.id);
}

}  // namespace

Step keep_image(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) -> Step {
        Outcome out{turn.state, {KeepImage{image.id}, Toast{turn.context.say(Text::image_kept)}}};
        rebutton(turn, out, keyboard_of(turn.context, image, true));
        return out;
    });
}

Step more_images(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) { return paint_like(turn, image); });
}

Step share_image(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) -> Step {
        return Outcome{turn.state, {SendFile{image.blob, image.file_name, turn.context.say(Text::image_shared), {}}}};
    });
}

Step ask_delete_image(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) -> Step {
        const Context& c = turn.context;
        Outcome out{turn.state, {}};
        const std::string id = compact(image.id);
        rebutton(turn, out, {{{button(c.say(Text::key_delete_yes), "pi-gone:" + id), button(c.say(Text::key_delete_no), "pi-back:" + id)}}});
        return out;
    });
}

Step spare_image(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) -> Step {
        Outcome out{turn.state, {}};
        rebutton(turn, out, keyboard_of(turn.context, image, image.kept));
        return out;
    });
}

Step delete_image(const Turn& turn, std::string_view argument) {
    return with_image(turn, argument, [&](const portraits::Image& image) -> Step {
        Outcome out{turn.state, {EraseImage{image.id}, Toast{turn.context.say(Text::image_deleted)}}};
        unsay_pressed(turn, out);
        return out;
    });
}

// "<avatar>:<place>"
Step results(const Turn& turn, std::string_view argument) {
    const std::size_t colon = std::min(argument.find(':'), argument.size());
    const auto id = uncompact(argument.substr(0, colon));
    const auto at = page_number(argument.substr(std::min(colon + 1, argument.size())));
    if (!id || !at) return hint(turn);
    if (!turn.data.avatars || !turn.data.frame) return Need{.avatars = true, .frame = Frame{*id, *at}};
    const Context& c = turn.context;
    const auto avatar = std::ranges::find_if(*turn.data.avatars, [&](const avatars::Avatar& a) { return a.id.value == *id; });
    if (avatar == turn.data.avatars->end()) return told(turn, c.say(Text::avatar_gone));
    const auto& image = *turn.data.frame;
    if (!image && *at > 0) return results(turn, std::string(argument.substr(0, colon)) + ":0");
    if (!image) return told(turn, c.say(Text::results_none));
    const auto style = ai::style_of(image->style);
    const std::string caption = c.say(Text::results_card, {{"style", style ? style_text(c, *style) : image->style},
                                                           {"name", avatar_name(c, *avatar)},
                                                           {"i", std::to_string(*at + 1)},
                                                           {"n", std::to_string(std::max(avatar->images, *at + 1))},
                                                           {"kept", image->kept ? "yes" : "no"}});
    const auto page = [&](int to) { return "av-img:" + compact(*id) + ":" + std::to_string(to); };
    telegram::InlineKeyboard keyboard = image_keyboard(c, image->id, image->kept);
    if (avatar->images > 1)
        keyboard.rows.insert(keyboard.rows.begin(), {button(c.say(Text::key_prev), page((*at + avatar->images - 1) % avatar->images)),
                                                     button(c.say(Text::key_next), page((*at + 1) % avatar->images))});
    keyboard.rows.push_back({button(c.say(Text::key_to_avatar), "av:" + compact(*id))});
    return Outcome{turn.state, {pictured(turn, image->blob, caption, std::move(keyboard))}};
}

}  // namespace persona::bot::flows
