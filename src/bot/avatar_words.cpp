#include "bot/avatar_words.hpp"

#include <array>

#include "bot/ids.hpp"

namespace persona::bot {
namespace {

telegram::Button button(std::string text, std::string data) { return {.text = std::move(text), .data = std::move(data), .url = {}}; }

constexpr std::array style_texts{Text::style_studio, Text::style_business,   Text::style_film,       Text::style_noir,
                                 Text::style_sunset, Text::style_night_city, Text::style_watercolor, Text::style_oil,
                                 Text::style_pencil, Text::style_comic,      Text::style_pop_art};
static_assert(style_texts.size() == ai::all_styles.size());

struct Reason {
    std::string_view reason;
    Text text;
};
constexpr std::array reasons{Reason{"photos", Text::reason_photos}, Reason{"refused", Text::reason_refused}, Reason{"late", Text::reason_late},
                             Reason{"cancelled", Text::reason_cancelled}};

}  // namespace

std::string avatar_name(const Context& c, const avatars::Avatar& avatar) { return avatar.name.empty() ? c.say(Text::avatar_unnamed) : avatar.name; }

std::string gender_text(const Context& c, ai::Gender gender) {
    return c.say(gender == ai::Gender::male ? Text::gender_male : gender == ai::Gender::female ? Text::gender_female : Text::gender_unknown);
}

std::string reason_text(const Context& c, std::string_view reason) {
    for (const Reason& row : reasons)
        if (row.reason == reason) return c.say(row.text);
    return c.say(Text::reason_other);
}

bool is_foreign(const Context& c, const avatars::Avatar& avatar) {
    return avatar.state == avatars::State::ready && !c.darkroom.provider.empty() && avatar.provider != c.darkroom.provider;
}

std::string state_text(const Context& c, const avatars::Avatar& avatar) {
    switch (avatar.state) {
        case avatars::State::ready: return c.say(is_foreign(c, avatar) ? Text::state_foreign : Text::state_ready);
        case avatars::State::failed: return c.say(Text::state_failed, {{"reason", reason_text(c, avatar.reason)}});
        default: return c.say(Text::state_training);
    }
}

std::string style_text(const Context& c, ai::Style style) { return c.say(style_texts[static_cast<std::size_t>(style)]); }

std::string style_picture(ai::Style style) { return "asset:styles/" + std::string(ai::name(style)) + ".jpg"; }

std::string aspect_text(ai::Aspect aspect) { return aspect == ai::Aspect::portrait ? "3:4" : aspect == ai::Aspect::square ? "1:1" : "4:3"; }

std::string gallery_message(const Uuid& draft) { return "gallery:" + compact(draft); }

std::string gallery_caption(const Context& c, int at, int count) {
    const std::string where = c.say(Text::gallery_card, {{"i", std::int64_t{at} + 1}, {"n", std::int64_t{count}}});
    const std::int64_t missing = c.limits.least_photos - count;
    if (missing > 0) return where + "\n" + c.say(Text::gallery_missing, {{"missing", missing}});
    return where + "\n" + c.say(Text::gallery_enough, {{"room", std::max<std::int64_t>(0, c.limits.most_photos - count)}});
}

telegram::InlineKeyboard gallery_keyboard(const Context& c, const Uuid& photo, int count) {
    const std::string id = compact(photo);
    telegram::InlineKeyboard out;
    if (count > 1)
        out.rows.push_back({button(c.say(Text::key_prev), "avatar_gallery_prev:" + id), button(c.say(Text::key_next), "avatar_gallery_next:" + id)});
    out.rows.push_back({button(c.say(Text::key_remove_photo), "avatar_gallery_delete:" + id)});
    if (count >= c.limits.least_photos) out.rows.push_back({button(c.say(Text::key_continue), "avatar_gallery_continue")});
    out.rows.push_back({button(c.say(Text::label_cancel), "avatar_cancel")});
    return out;
}

telegram::InlineKeyboard avatar_ready_keyboard(const Context& c) { return {{{button(c.say(Text::key_paint_one), "gallery_styles")}}}; }

telegram::InlineKeyboard train_again_keyboard(const Context& c, const avatars::Avatar& avatar, Coins price) {
    return {{{button(c.say(Text::key_train_again, {{"price", c.coins(price)}}),
                     "av-again:" + compact(avatar.id.value) + ":" + std::to_string(avatar.attempt))}}};
}

telegram::InlineKeyboard image_keyboard(const Context& c, const Uuid& image, bool kept) {
    const std::string id = compact(image);
    return {{{button(c.say(kept ? Text::key_kept : Text::key_keep_image), "pi-keep:" + id),
              button(c.say(Text::key_one_more, {{"price", c.coins(c.prices.portrait)}}), "pi-more:" + id)},
             {button(c.say(Text::key_share), "pi-file:" + id), button(c.say(Text::key_delete_image), "pi-ask:" + id)}}};
}

telegram::InlineKeyboard enhanced_keyboard(const Context& c, const Uuid& image) {
    return {{{button(c.say(Text::key_delete_image), "pi-ask:" + compact(image))}}};
}

Uuid training_job(const Uuid& avatar, int attempt) { return Uuid::v5(avatar, "train:" + std::to_string(attempt)); }
Uuid training_operation(const Uuid& avatar, int attempt) { return Uuid::v5(avatar, "training:" + std::to_string(attempt)); }

}  // namespace persona::bot
