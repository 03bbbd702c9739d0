// 👁 Просмотреть аватары: one card each, the main one first; only what its state allows can be pressed (C4).
#include <algorithm>

#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/pictures.hpp"
#include "bot/ids.hpp"
#include "studio/transcripts/name.hpp"

namespace persona::bot::flows {
namespace {

using avatars::Avatar;
using avatars::State;

telegram::InlineKeyboard keyboard(const Context& c, const Avatar& avatar, std::size_t at, std::size_t count) {
    const std::string id = avatar.id.value.text();
    telegram::InlineKeyboard out;
    if (count > 1)
        out.rows.push_back({button(c.say(Text::key_prev), "avatar_card_prev_" + std::to_string(at)),
                            button(c.say(Text::key_next), "avatar_card_next_" + std::to_string(at))});
    if (avatar.state == State::ready) {
        auto& row = out.rows.emplace_back();
        if (!is_foreign(c, avatar)) row.push_back(button(c.say(Text::key_paint_one), "av-paint:" + compact(avatar.id.value)));
        if (avatar.images > 0)
            row.push_back(button(c.say(Text::key_results, {{"count", std::to_string(avatar.images)}}), "av-img:" + compact(avatar.id.value) + ":0"));
        if (row.empty()) out.rows.pop_back();
    }
    if (avatar.state == State::training) out.rows.push_back({button(c.say(Text::label_cancel), "av-stop:" + compact(avatar.id.value))});
    if (avatar.state == State::failed) out.rows.push_back(train_again_keyboard(c, avatar, c.prices.avatar).rows.front());
    if (!avatar.main && avatar.state == State::ready) out.rows.push_back({button(c.say(Text::key_make_main), "avatar_card_main_" + id)});
    out.rows.push_back(
        {button(c.say(Text::key_rename_avatar), "avatar_card_edit_" + id), button(c.say(Text::key_delete_avatar), "avatar_card_delete_" + id)});
    out.rows.push_back({button(c.say(Text::key_to_menu), "avatar_card_menu")});
    return out;
}

Effect card(const Turn& turn, const std::vector<Avatar>& all, std::size_t at) {
    const Context& c = turn.context;
    const Avatar& avatar = all[at];
    std::string caption = c.say(Text::avatar_card, {{"name", avatar_name(c, avatar)},
                                                    {"date", shown_time(avatar.created_at, c.time_zone, c.language)},
                                                    {"gender", gender_text(c, avatar.gender)},
                                                    {"state", state_text(c, avatar)},
                                                    {"main", avatar.main ? "yes" : "no"},
                                                    {"i", std::to_string(at + 1)},
                                                    {"n", std::to_string(all.size())}});
    return pictured(turn, avatar.preview, std::move(caption), keyboard(c, avatar, at, all.size()));
}

Outcome none(const Turn& turn) { return open_menu(turn, Place::avatars, turn.context.say(Text::avatars_none)); }

template <class F>
Step with_avatars(const Turn& turn, F body) {
    if (!turn.data.avatars) return Need{.avatars = true};
    if (turn.data.avatars->empty()) return none(turn);
    return body(*turn.data.avatars);
}

// Of the old bot's buttons and of ours: a UUID with or without its hyphens.
std::optional<Uuid> id_of(std::string_view argument) {
    const auto id = Uuid::parse(argument);
    return id ? id : uncompact(argument);
}

// The named one, its place, and all.
template <class F>
Step with_avatar(const Turn& turn, std::string_view argument, F body) {
    return with_avatars(turn, [&](const std::vector<Avatar>& all) -> Step {
        const auto id = id_of(argument);
        const auto at = std::ranges::find_if(all, [&](const Avatar& avatar) { return id && avatar.id.value == *id; });
        if (at == all.end()) return told(turn, turn.context.say(Text::avatar_gone));
        return body(all, static_cast<std::size_t>(at - all.begin()));
    });
}

Step turn_card(const Turn& turn, std::string_view argument, bool forward) {
    return with_avatars(turn, [&](const std::vector<Avatar>& all) -> Step {
        const auto at = page_number(argument);
        const std::size_t count = all.size(), from = at ? static_cast<std::size_t>(*at) % count : 0;
        return Outcome{turn.state, {card(turn, all, (from + (forward ? 1 : count - 1)) % count)}};
    });
}

Outcome without_subject(Outcome outcome) {
    outcome.next.subject.reset();
    return outcome;
}

}  // namespace

Step view_avatars(const Turn& turn) {
    return with_avatars(turn, [&](const std::vector<Avatar>& all) -> Step { return Outcome{turn.state, {card(turn, all, 0)}}; });
}

Step open_avatars(const Turn& turn, std::string_view argument) {
    if (argument.empty()) return view_avatars(turn);
    return with_avatar(turn, argument,
                       [&](const std::vector<Avatar>& all, std::size_t at) -> Step { return Outcome{turn.state, {card(turn, all, at)}}; });
}

// For whoever presses a button of an avatar that went on meanwhile.
Step show_ordered(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](const std::vector<Avatar>& all, std::size_t at) -> Step {
        if (all[at].state == State::training) return told(turn, turn.context.say(Text::avatar_busy));
        return Outcome{turn.state, {card(turn, all, at)}};
    });
}

Step prev_card(const Turn& turn, std::string_view argument) { return turn_card(turn, argument, false); }
Step next_card(const Turn& turn, std::string_view argument) { return turn_card(turn, argument, true); }

Step make_main_avatar(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](std::vector<Avatar> all, std::size_t at) -> Step {
        const Context& c = turn.context;
        for (Avatar& avatar : all) avatar.main = &avatar == &all[at];
        std::rotate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        return Outcome{
            turn.state,
            {MakeMainAvatar{all.front().id.value}, Toast{c.say(Text::avatar_main_set, {{"name", avatar_name(c, all.front())}})}, card(turn, all, 0)}};
    });
}

Step ask_avatar_name(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](const std::vector<Avatar>& all, std::size_t at) -> Step {
        Outcome out =
            open_menu(turn, Place::avatar_rename, turn.context.say(Text::avatar_ask_rename, {{"name", avatar_name(turn.context, all[at])}}));
        out.next.subject = all[at].id.value;
        return out;
    });
}

// One text is the name; the next one is not (A35).
Step rename_avatar(const Turn& turn) {
    if (!turn.state.subject) return without_subject(open_menu(turn, Place::avatars));
    return with_avatar(turn, compact(*turn.state.subject), [&](const std::vector<Avatar>& all, std::size_t at) -> Step {
        const Context& c = turn.context;
        const auto name = transcripts::name_of(std::get<Said>(turn.event).text, avatars::most_name);
        if (!name) return ask_avatar_name_again(turn, name.error());
        Outcome out = without_subject(open_menu(turn, Place::avatars, c.say(Text::avatar_renamed, {{"name", *name}})));
        out.effects.insert(out.effects.begin(), DescribeAvatar{all[at].id.value, *name, all[at].gender});
        return out;
    });
}

Step ask_delete_avatar(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](const std::vector<Avatar>& all, std::size_t at) -> Step {
        const Context& c = turn.context;
        const Avatar& avatar = all[at];
        const std::string question = c.say(Text::avatar_delete_question, {{"name", avatar_name(c, avatar)},
                                                                          {"images", std::int64_t{avatar.images}},
                                                                          {"training", avatar.state == State::training ? "yes" : "no"}});
        const std::string id = compact(avatar.id.value);
        const telegram::InlineKeyboard choice{
            {{button(c.say(Text::key_delete_yes), "av-gone:" + id), button(c.say(Text::key_delete_no), "av:" + id)}}};
        return Outcome{turn.state, {pictured(turn, avatar.preview, question, choice)}};
    });
}

// A37: one in training is cancelled with its job, whose hold is voided: nothing is charged.
Step delete_avatar(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](std::vector<Avatar> all, std::size_t at) -> Step {
        const Avatar gone = all[at];
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
        Outcome out = all.empty() ? none(turn) : Outcome{turn.state, {}};
        if (gone.state == State::training) out.effects.push_back(CancelJob{training_job(gone.id.value, gone.attempt - 1)});
        out.effects.push_back(EraseAvatar{gone.id.value});
        out.effects.push_back(Toast{turn.context.say(Text::avatar_deleted)});
        if (all.empty()) {
            unsay_pressed(turn, out);
            return out;
        }
        if (gone.main) {  // as avatar_delete chooses: ready ones first, then the newest
            const auto next = std::ranges::min_element(
                all, {}, [](const Avatar& a) { return std::pair(a.state != State::ready, -a.created_at.time_since_epoch().count()); });
            next->main = true;
            std::rotate(all.begin(), next, next + 1);
        }
        out.effects.push_back(card(turn, all, 0));
        return out;
    });
}

Step stop_training(const Turn& turn, std::string_view argument) {
    return with_avatar(turn, argument, [&](const std::vector<Avatar>& all, std::size_t at) -> Step {
        if (all[at].state != State::training) return told(turn, turn.context.say(Text::too_late_to_cancel), false);
        return Outcome{turn.state, {CancelJob{training_job(all[at].id.value, all[at].attempt - 1)}, Toast{turn.context.say(Text::cancelling)}}};
    });
}

Step avatar_menu(const Turn& turn, std::string_view) { return open_menu(turn, Place::avatars); }

}  // namespace persona::bot::flows
