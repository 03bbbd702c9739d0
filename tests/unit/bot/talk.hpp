// A person in front of the flows, without any I/O: says, presses, sends; what the flows ask for is answered from `data`.
#pragma once

#include <gtest/gtest.h>

#include "bot/menus.hpp"
#include "bot/turn.hpp"

namespace persona::bot {

class Talk {
public:
    State state;
    Data known;  // what the database would answer
    Context context{.now = *from_iso("2026-11-22T12:00:00Z"),
                    .language = Language::ru,
                    .time_zone = "Europe/Moscow",
                    .first_name = "Анна",
                    .heard = {"en"},
                    .event_id = *Uuid::parse("00000000-0000-5000-8000-000000000001")};
    std::vector<Effect> effects;  // of the last turn
    int rounds = 0;
    Need asked;  // when a search, a page of the ledger or a code was asked for

    Talk() {
        known.funds = Funds{Coins::hundredths(10000), {}};
        known.current.emplace();
        known.jobs.emplace();
        known.history.emplace();
        known.recording.emplace();
        known.transcript.emplace();
        known.found.emplace();
        known.card.emplace();
        known.document.emplace();
        known.last_file.emplace();
        known.ledger.emplace();
        known.promo.emplace();
        known.usage.emplace();
        known.person.emplace();
        known.draft.emplace();
        known.avatars.emplace();
        known.frame.emplace();
        known.image.emplace();
    }

    Talk& say(std::string text) { return event(Said{std::move(text), MessageId(7)}); }
    Talk& press(std::string data) { return event(Pressed{std::move(data), MessageId(8)}); }
    Talk& send(telegram::File file) { return event(Sent{std::move(file), "", MessageId(9)}); }
    Talk& event(const Event& event) {
        Data data;
        for (rounds = 0; rounds <= 3; ++rounds) {
            Step next = step({state, event, data, context});
            if (auto* outcome = std::get_if<Outcome>(&next)) {
                state = outcome->next;
                effects = std::move(outcome->effects);
                return *this;
            }
            const Need& need = std::get<Need>(next);
            if (need.funds) data.funds = known.funds;
            if (need.current) data.current = known.current;
            if (need.jobs) data.jobs = known.jobs;
            if (need.history) data.history = known.history;
            if (need.recording) data.recording = known.recording;
            if (need.transcript) data.transcript = known.transcript;
            if (need.found) data.found = known.found, asked = need;
            if (need.card) data.card = known.card;
            if (need.document) data.document = known.document;
            if (need.last_file) data.last_file = known.last_file;
            if (need.ledger) data.ledger = known.ledger, asked = need;
            if (need.promo) data.promo = known.promo;
            if (need.usage) data.usage = known.usage, asked = need;
            if (need.summary) data.summary = known.summary;
            if (need.person) data.person = known.person;
            if (need.draft) data.draft = known.draft;
            if (need.avatars) data.avatars = known.avatars;
            if (need.frame) data.frame = known.frame, asked = need;
            if (need.image) data.image = known.image, asked = need;
            if (!need.code.empty()) data.offer = known.offer, asked = need;
        }
        ADD_FAILURE() << "asked for data more than three times";
        return *this;
    }

    template <class T>
    std::vector<T> all() const {
        std::vector<T> out;
        for (const Effect& effect : effects)
            if (const auto* e = std::get_if<T>(&effect)) out.push_back(*e);
        return out;
    }
    std::string text() const {
        const auto said = all<Say>();
        return said.empty() ? "" : said.front().text;
    }
    std::string toast() const {
        const auto toasts = all<Toast>();
        return toasts.empty() ? "" : toasts.front().text;
    }
    // Data of the inline buttons, row by row.
    std::vector<std::string> inline_data() const {
        std::vector<std::string> out;
        const auto take = [&](const telegram::InlineKeyboard& keyboard) {
            for (const auto& row : keyboard.rows)
                for (const auto& button : row) out.push_back(button.data);
        };
        for (const Say& said : all<Say>())
            if (const auto* keyboard = std::get_if<telegram::InlineKeyboard>(&said.keyboard)) take(*keyboard);
        for (const Redraw& redrawn : all<Redraw>()) take(redrawn.keyboard);
        for (const Show& shown : all<Show>()) take(shown.keyboard);
        for (const Reshow& reshown : all<Reshow>()) take(reshown.keyboard);
        for (const Rebutton& changed : all<Rebutton>()) take(changed.keyboard);
        return out;
    }
    // The caption of the picture that was shown or changed.
    std::string caption() const {
        if (const auto shown = all<Show>(); !shown.empty()) return shown.back().caption;
        const auto reshown = all<Reshow>();
        return reshown.empty() ? "" : reshown.back().caption;
    }
    std::string redrawn() const {
        const auto all_redrawn = all<Redraw>();
        return all_redrawn.empty() ? "" : all_redrawn.front().text;
    }
    // Labels of the reply keyboard, row by row.
    std::vector<std::string> buttons() const {
        std::vector<std::string> out;
        for (const Say& said : all<Say>())
            if (const auto* keyboard = std::get_if<telegram::ReplyKeyboard>(&said.keyboard))
                for (const auto& row : keyboard->rows) out.insert(out.end(), row.begin(), row.end());
        return out;
    }
};

}  // namespace persona::bot
