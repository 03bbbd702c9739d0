// 📷 Создать аватар: a draft gathers photos. A person has one draft; pressing the button again goes on with it. ⬅️ Назад keeps it for
// draft_days, ✖️ Отменить deletes it with its photos.
#include <algorithm>

#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

constexpr auto between_turns = Millis(700);  // of the pages of a gallery

std::string requirements(const Turn& turn) {
    const Context& c = turn.context;
    return c.say(Text::avatar_requirements, {{"least", std::int64_t{c.limits.least_photos}},
                                             {"most", std::int64_t{c.limits.most_photos}},
                                             {"side", std::to_string(c.limits.photo_side)},
                                             {"limit", c.limits.photo_bytes >> 20},
                                             {"price", c.coins(c.prices.avatar)},
                                             {"available", c.coins(turn.data.funds->available)}});
}

// A photo of the draft with its place among the others; its buttons change it where it stands.
Show photo_card(const Context& c, const AvatarDraft& draft, std::size_t at) {
    const int count = static_cast<int>(draft.photos.size());
    return {.picture = draft.photos[at].preview,
            .caption = gallery_caption(c, static_cast<int>(at), count),
            .keyboard = gallery_keyboard(c, draft.photos[at].id, count),
            .handle = gallery_message(draft.avatar.id.value)};
}

// In the message whose button was pressed.
Effect card(const Turn& turn, const AvatarDraft& draft, std::size_t at) {
    Show shown = photo_card(turn.context, draft, at);
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (!pressed || !pressed->message) return shown;
    return Reshow{
        .picture = std::move(shown.picture), .caption = std::move(shown.caption), .keyboard = std::move(shown.keyboard), .message = pressed->message};
}

// A photo too large for Telegram's own download, or for us: said without asking for it.
Effect too_large(const Context& c, const Photo& photo) {
    return photo_refusal(c, c.say(Text::photo_large, {{"limit", c.limits.photo_bytes >> 20}}), photo.message);
}

std::size_t place_of(const AvatarDraft& draft, std::string_view argument) {
    const auto id = uncompact(argument);
    const auto at = std::ranges::find_if(draft.photos, [&](const avatars::Photo& photo) { return photo.id == id; });
    return at == draft.photos.end() ? draft.photos.size() : static_cast<std::size_t>(at - draft.photos.begin());
}

// step: +1 or -1, from the photo that is shown.
Step turn_page(const Turn& turn, std::string_view argument, std::size_t forward) {
    return with_draft(turn, [&](const AvatarDraft& draft) -> Step {
        const Context& c = turn.context;
        if (draft.photos.empty()) return told(turn, c.say(Text::gallery_empty), false);
        if (c.now - turn.state.turned_at < between_turns) return told(turn, c.say(Text::gallery_too_fast), false);
        const std::size_t at = place_of(draft, argument), count = draft.photos.size();
        Outcome out{turn.state, {card(turn, draft, at == count ? 0 : (at + forward) % count)}};
        out.next.turned_at = c.now;
        return out;
    });
}

}  // namespace

Effect photo_refusal(const Context& c, const std::string& reason, MessageId message) {
    return Say{.text = c.say(Text::photo_refused, {{"reason", reason}}),
               .keyboard = telegram::InlineKeyboard{{{button(c.say(Text::key_understood), "ok:")}}},
               .reply_to = message};
}

Step create_avatar(const Turn& turn) {
    if (turn.context.darkroom.provider.empty()) return told(turn, turn.context.say(Text::portraits_off));
    if (!turn.data.draft || !turn.data.avatars || !turn.data.funds) return Need{.funds = true, .draft = true, .avatars = true};
    const Context& c = turn.context;
    const auto& draft = *turn.data.draft;
    if (!draft && turn.data.avatars->size() >= avatars::most_avatars)
        return open_menu(turn, Place::avatars, c.say(Text::avatars_full, {{"count", std::int64_t{avatars::most_avatars}}}));
    Outcome out = open_menu(turn, Place::avatar_photos, requirements(turn));
    if (!draft) {
        out.effects.insert(out.effects.begin(), BeginAvatar{c.id(0)});
    } else if (!draft->photos.empty()) {
        out.effects.push_back(Say{.text = c.say(Text::avatar_resumed, {{"count", static_cast<std::int64_t>(draft->photos.size())}}), .keyboard = {}});
        // Anew below what was just said, whatever button led here.
        out.effects.push_back(photo_card(c, *draft, draft->photos.size() - 1));
    }
    return out;
}

std::vector<Effect> check_photos(const Turn& turn, const Uuid& draft, const std::vector<Photo>& photos) {
    const Context& c = turn.context;
    std::vector<Effect> out;
    boost::json::array files;
    for (const Photo& photo : photos) {
        if (photo.bytes > c.limits.photo_bytes)
            out.push_back(too_large(c, photo));
        else
            files.push_back({{"file", photo.file}, {"message", photo.message.value}});
    }
    if (files.empty()) return out;
    const Uuid id = c.id(10);
    const auto count = static_cast<std::int64_t>(files.size());
    if (count > 1)
        out.push_back(Say{.text = c.say(Text::photos_checking, {{"count", count}}), .keyboard = {}, .handle = live_message(id)});
    else
        out.push_back(Busy{"upload_photo"});
    out.push_back(StartJob{.id = id,
                           .kind = "photos",
                           .topic = "photos:" + compact(draft),
                           .args = {{"avatar", compact(draft)}, {"files", std::move(files)}},
                           .payment = {},
                           .units = count});
    return out;
}

Step receive_draft_photos(const Turn& turn, const std::vector<Sent>& parts) {
    return with_draft(turn, [&](const AvatarDraft& draft) -> Step {
        const Context& c = turn.context;
        Outcome out{turn.state, {}};
        std::vector<Photo> photos;
        for (const Sent& part : parts) {
            const bool picture = part.file.kind == telegram::FileKind::photo || part.file.kind == telegram::FileKind::document;
            if (picture)
                photos.push_back({part.file.id, part.message, part.file.bytes.value_or(0)});
            else
                out.effects.push_back(photo_refusal(c, c.say(Text::photo_format), part.message));
        }
        if (static_cast<int>(draft.photos.size()) >= c.limits.most_photos && !photos.empty()) {
            out.effects.push_back(Say{.text = c.say(Text::photo_limit, {{"most", std::int64_t{c.limits.most_photos}}}),
                                      .keyboard = {},
                                      .reply_to = photos.front().message});
            return out;
        }
        std::ranges::move(check_photos(turn, draft.avatar.id.value, photos), std::back_inserter(out.effects));
        return out;
    });
}

Step draft_prev(const Turn& turn, std::string_view argument) {
    return with_draft(turn, [&](const AvatarDraft& draft) { return turn_page(turn, argument, draft.photos.empty() ? 0 : draft.photos.size() - 1); });
}

Step draft_next(const Turn& turn, std::string_view argument) { return turn_page(turn, argument, 1); }

// A button of the old bot named no photo: it takes none away, and shows those that are there.
Step draft_remove(const Turn& turn, std::string_view argument) {
    return with_draft(turn, [&](const AvatarDraft& draft) -> Step {
        const std::size_t at = place_of(draft, argument);
        if (draft.photos.empty()) return told(turn, turn.context.say(Text::gallery_empty), false);
        if (at == draft.photos.size()) return Outcome{turn.state, {card(turn, draft, 0)}};
        AvatarDraft left = draft;
        left.photos.erase(left.photos.begin() + static_cast<std::ptrdiff_t>(at));
        Outcome out{turn.state, {RemovePhoto{draft.photos[at].id}}};
        if (!left.photos.empty()) {
            out.effects.push_back(card(turn, left, std::min(at, left.photos.size() - 1)));
            return out;
        }
        out.effects.push_back(Say{.text = turn.context.say(Text::gallery_empty), .keyboard = {}});
        unsay_pressed(turn, out);
        return out;
    });
}

// A14: the button may be older than a photo that was taken out.
Step draft_continue(const Turn& turn, std::string_view) {
    return with_draft(turn, [&](const AvatarDraft& draft) -> Step {
        if (const auto words = photos_missing(turn.context, draft)) return told(turn, *words);
        return ask_gender(turn);
    });
}

// M4.
Step leave_draft(const Turn& turn) {
    const Context& c = turn.context;
    return open_menu(turn, Place::avatars,
                     c.say(Text::avatar_cancelled) + "\n" + c.say(Text::avatar_draft_kept, {{"days", std::int64_t{draft_days}}}));
}

Step drop_draft(const Turn& turn, std::string_view) {
    if (!turn.data.draft) return Need{.draft = true};
    const Context& c = turn.context;
    const auto& draft = *turn.data.draft;
    const bool photos = draft && !draft->photos.empty();
    Outcome out = open_menu(turn, Place::avatars, c.say(Text::avatar_cancelled) + (photos ? "\n" + c.say(Text::avatar_draft_deleted) : ""));
    if (!draft) return out;  // a card of long ago stays where it is
    out.effects.insert(out.effects.begin(), EraseAvatar{draft->avatar.id.value});
    unsay_pressed(turn, out);
    return out;
}

Step understood(const Turn& turn, std::string_view) {
    Outcome out{turn.state, {}};
    unsay_pressed(turn, out);
    return out;
}

}  // namespace persona::bot::flows
