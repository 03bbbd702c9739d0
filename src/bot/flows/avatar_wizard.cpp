// The rest of the wizard: gender, name, the card with price and balance, and the order.
#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"
#include "studio/transcripts/name.hpp"

namespace persona::bot::flows {
namespace {

// Draft and funds, or what is asked for.
template <class F>
Step on_draft(const Turn& turn, F body) {
    if (!turn.data.funds) return Need{.funds = true, .draft = true};
    return with_draft(turn, body);
}

Outcome confirm(const Turn& turn, const AvatarDraft& draft, const std::string& name) {
    const Context& c = turn.context;
    std::string caption = c.say(Text::avatar_confirm, {{"name", name},
                                                       {"gender", gender_text(c, draft.avatar.gender)},
                                                       {"photos", std::to_string(draft.photos.size())},
                                                       {"price", c.coins(c.prices.avatar)},
                                                       {"available", c.coins(turn.data.funds->available)}});
    if (c.darkroom.renders) caption += "\n\n" + c.say(Text::portraits_rendered);
    const std::string id = compact(draft.avatar.id.value);
    const telegram::InlineKeyboard keyboard{
        {{button(c.say(Text::key_train), "avatar_confirm_yes:" + id)},
         {button(c.say(Text::key_edit), "avatar_confirm_edit"), button(c.say(Text::label_cancel), "avatar_cancel")}}};
    Outcome out{turn.state,
                {Show{.picture = draft.photos.empty() ? "" : draft.photos.front().preview, .caption = std::move(caption), .keyboard = keyboard}}};
    out.next.place = Place::avatar_confirm;
    return out;
}

Step choose_gender(const Turn& turn, ai::Gender gender) {
    return on_draft(turn, [&](const AvatarDraft& draft) -> Step {
        Outcome out = open_menu(turn, Place::avatar_name);
        out.effects.insert(out.effects.begin(), DescribeAvatar{draft.avatar.id.value, draft.avatar.name, gender});
        unsay_pressed(turn, out);
        return out;
    });
}

// The hold, the job and the avatar's state in one Work: five presses at once make one of each (A24).
Outcome order(const Turn& turn, const avatars::Avatar& avatar) {
    const Context& c = turn.context;
    const Uuid& id = avatar.id.value;
    const Uuid job = training_job(id, avatar.attempt);
    const std::string name = avatar_name(c, avatar);
    const Coins price = c.prices.avatar, left = turn.data.funds->available - price;
    Outcome out = open_menu(turn, Place::avatars, c.say(Text::avatar_submitted, {{"name", name}}));
    out.effects.insert(out.effects.begin(), {SubmitAvatar{id, avatar.attempt, c.darkroom.provider, c.limits.least_photos},
                                             StartJob{.id = job,
                                                      .kind = "train",
                                                      .topic = "train:" + compact(id),
                                                      .args = {{"avatar", compact(id)}, {"attempt", avatar.attempt + 1}, {"price", price.text()}},
                                                      .payment = Payment{training_operation(id, avatar.attempt), price, "avatar"}}});
    out.effects.push_back(Say{.text = c.say(Text::avatar_training, {{"name", name}, {"price", c.coins(price)}, {"after", c.coins(left)}}),
                              .keyboard = stop_keyboard(job, c.language),
                              .handle = live_message(job)});
    unsay_pressed(turn, out);
    return out;
}

Outcome lacking(const Turn& turn, const std::string& act) {
    const Context& c = turn.context;
    return {turn.state,
            {Say{.text = not_enough(c, c.prices.avatar, turn.data.funds->available), .keyboard = top_up_keyboard(c.language, act), .reply_to = {}}}};
}

}  // namespace

Outcome ask_gender(const Turn& turn) {
    const Context& c = turn.context;
    Outcome out{turn.state,
                {Say{.text = c.say(Text::avatar_ask_gender),
                     .keyboard = telegram::InlineKeyboard{
                         {{button(c.say(Text::label_man), "avatar_type_man"), button(c.say(Text::label_woman), "avatar_type_woman")},
                          {button(c.say(Text::label_cancel), "avatar_cancel")}}}}}};
    out.next.place = Place::avatar_gender;
    return out;
}

Step choose_type(const Turn& turn, std::string_view argument) {
    if (argument == "man") return choose_gender(turn, ai::Gender::male);
    if (argument == "woman") return choose_gender(turn, ai::Gender::female);
    return told(turn, turn.context.say(Text::avatar_gender_unknown));
}

Step choose_man(const Turn& turn) { return turn.state.place == Place::avatar_gender ? choose_gender(turn, ai::Gender::male) : say_freely(turn); }
Step choose_woman(const Turn& turn) { return turn.state.place == Place::avatar_gender ? choose_gender(turn, ai::Gender::female) : say_freely(turn); }

Step receive_gender(const Turn& turn) { return told(turn, turn.context.say(Text::avatar_gender_unknown)); }

Outcome ask_avatar_name_again(const Turn& turn, transcripts::NameFault fault) {
    const Text question = fault == transcripts::NameFault::empty   ? Text::avatar_name_empty
                          : fault == transcripts::NameFault::long_ ? Text::avatar_name_long
                                                                   : Text::avatar_name_control;
    return open_menu(turn, turn.state.place, turn.context.say(question, {{"most", static_cast<std::int64_t>(avatars::most_name)}}));
}

Step receive_avatar_name(const Turn& turn) {
    return on_draft(turn, [&](const AvatarDraft& draft) -> Step {
        const auto name = transcripts::name_of(std::get<Said>(turn.event).text, avatars::most_name);
        if (!name) return ask_avatar_name_again(turn, name.error());
        Outcome out = confirm(turn, draft, *name);
        out.effects.insert(out.effects.begin(), DescribeAvatar{draft.avatar.id.value, *name, draft.avatar.gender});
        return out;
    });
}

Step show_confirm(const Turn& turn) {
    return on_draft(turn, [&](const AvatarDraft& draft) -> Step { return confirm(turn, draft, avatar_name(turn.context, draft.avatar)); });
}

Step edit_avatar(const Turn& turn, std::string_view) {
    return on_draft(turn, [&](const AvatarDraft&) -> Step {
        Outcome out = ask_gender(turn);
        unsay_pressed(turn, out);
        return out;
    });
}

// A button of the old bot named no draft: it shows what would be ordered, and for how much.
Step confirm_avatar(const Turn& turn, std::string_view argument) {
    if (!turn.data.draft || !turn.data.funds) return Need{.funds = true, .draft = true};
    const auto id = uncompact(argument);
    const Context& c = turn.context;
    if (id && (!*turn.data.draft || (*turn.data.draft)->avatar.id.value != *id)) return show_ordered(turn, argument);
    if (!*turn.data.draft) return draft_gone(turn);
    const AvatarDraft& draft = **turn.data.draft;
    if (const auto words = photos_missing(c, draft)) return told(turn, *words);
    if (draft.avatar.name.empty()) return ask_gender(turn);
    if (!id) return confirm(turn, draft, draft.avatar.name);
    if (turn.data.funds->available < c.prices.avatar) return lacking(turn, "avatar_confirm_yes:" + std::string(argument));
    return order(turn, draft.avatar);
}

// "<avatar>:<attempt>": after a training that failed, with the photos that are there.
Step train_again(const Turn& turn, std::string_view argument) {
    const std::size_t colon = std::min(argument.find(':'), argument.size());
    const auto id = uncompact(argument.substr(0, colon));
    const auto attempt = whole_number(argument.substr(std::min(colon + 1, argument.size())));
    if (!id || !attempt) return hint(turn);
    if (!turn.data.avatars || !turn.data.funds) return Need{.funds = true, .avatars = true};
    const Context& c = turn.context;
    for (const avatars::Avatar& avatar : *turn.data.avatars) {
        if (avatar.id.value != *id) continue;
        if (avatar.state != avatars::State::failed || avatar.attempt != *attempt) return told(turn, c.say(Text::avatar_busy));
        if (turn.data.funds->available < c.prices.avatar) return lacking(turn, "av-again:" + std::string(argument));
        return order(turn, avatar);
    }
    return told(turn, c.say(Text::avatar_gone));
}

}  // namespace persona::bot::flows
