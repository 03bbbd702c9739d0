// A photo that was sent: what it is for depends on where the person is; where nobody waits for one, what can be done with it is offered.
#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::array picture_endings{".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".heic", ".heif", ".tif", ".tiff"};

// A wizard that waits for something else asks for it again.
constexpr std::array busy_elsewhere{Place::avatar_gender, Place::avatar_name, Place::avatar_confirm, Place::avatar_rename};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

Photo photo_of(const Sent& sent) { return {sent.file.id, sent.message, sent.file.bytes.value_or(0)}; }

std::vector<Photo> pictures_of(const std::vector<Sent>& parts) {
    std::vector<Photo> out;
    for (const Sent& part : parts)
        if (is_picture(part.file) && out.size() < most_offered) out.push_back(photo_of(part));
    return out;
}

// A button that leads back here may be older than a later photo.
std::optional<std::vector<Photo>> offered(const Turn& turn, std::string_view argument) {
    const auto id = uncompact(argument);
    if (!id || turn.state.offer != id || turn.state.offered.empty()) return std::nullopt;
    return turn.state.offered;
}

Outcome too_old(const Turn& turn) { return told(turn, turn.context.say(Text::photo_offer_old)); }

Step offer(const Turn& turn, std::vector<Photo> photos) {
    if (!turn.data.funds) return Need{.funds = true};
    const Context& c = turn.context;
    const auto count = static_cast<std::int64_t>(photos.size());
    const Uuid id = c.id(0);
    telegram::InlineKeyboard keyboard;
    if (c.darkroom.enhances)
        keyboard.rows.push_back({button(c.say(Text::key_enhance_for, {{"price", c.coins(c.prices.enhancement * count)}}), "ph-enh:" + compact(id))});
    keyboard.rows.push_back({button(c.say(Text::key_to_draft), "ph-av:" + compact(id))});
    Outcome out{turn.state,
                {Say{.text = c.say(Text::photo_offer, {{"count", count}, {"available", c.coins(turn.data.funds->available)}}),
                     .keyboard = std::move(keyboard),
                     .reply_to = photos.front().message}}};
    out.next.offer = id;
    out.next.offered = std::move(photos);
    return out;
}

}  // namespace

bool is_picture(const telegram::File& file) {
    if (file.kind == telegram::FileKind::photo) return true;
    if (file.kind != telegram::FileKind::document) return false;
    const std::string name = lower(file.name);
    return file.mime.starts_with("image/") || std::ranges::any_of(picture_endings, [&](std::string_view end) { return name.ends_with(end); });
}

Step receive_photos(const Turn& turn, const std::vector<Sent>& parts) {
    if (turn.state.place == Place::enhance) return enhance_photos(turn, pictures_of(parts));
    if (std::ranges::find(busy_elsewhere, turn.state.place) != busy_elsewhere.end()) return open_menu(turn, turn.state.place);
    return offer(turn, pictures_of(parts));
}

Step enhance_offered(const Turn& turn, std::string_view argument) {
    const auto photos = offered(turn, argument);
    return photos ? enhance_photos(turn, *photos) : too_old(turn);
}

// A draft is begun where there is none; then the photos are checked as if they had been sent to it.
Step draft_offered(const Turn& turn, std::string_view argument) {
    const auto photos = offered(turn, argument);
    if (!photos) return too_old(turn);
    if (!turn.data.draft || !turn.data.avatars || !turn.data.funds) return Need{.funds = true, .draft = true, .avatars = true};
    Outcome out = std::get<Outcome>(create_avatar(turn));
    if (out.next.place != Place::avatar_photos) return out;
    const Uuid draft = *turn.data.draft ? (**turn.data.draft).avatar.id.value : turn.context.id(0);
    std::ranges::move(check_photos(turn, draft, *photos), std::back_inserter(out.effects));
    out.next.offer.reset();
    out.next.offered.clear();
    return out;
}

}  // namespace persona::bot::flows
