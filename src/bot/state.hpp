// Where a person is in the conversation. Kept sealed in user_states; small, because every event reads and writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"

namespace persona::bot {

enum class Place {
    main,
    assistant,
    await_audio,
    await_text,
    photo,
    photographer,
    avatars,
    settings,
    naming,
    searching,
    dialogue,
    promo,
    avatar_photos,
    avatar_gender,
    avatar_name,
    avatar_confirm,
    avatar_rename,
    enhance
};

constexpr std::size_t most_chosen = 20;

// A photo that the person sent without saying what for.
struct Photo {
    std::string file;  // Telegram's id
    MessageId message;
    std::int64_t bytes = 0;  // as Telegram said; 0 where it did not

    friend bool operator==(const Photo&, const Photo&) = default;
};
constexpr std::size_t most_offered = 10;  // an album

// What an operator was asked to confirm.
struct Decision {
    Uuid id;
    TelegramId person;
    Coins amount;  // below zero: taken
    std::string reason;

    friend bool operator==(const Decision&, const Decision&) = default;
};

struct State {
    Place place = Place::main;
    bool greeted = false;         // has seen the welcome
    Time hint_at{};               // when the last hint was given: at most one in a short interval
    std::optional<Uuid> subject;  // the transcript or avatar that gets a name
    std::vector<Uuid> chosen;     // transcripts that were ticked, at most most_chosen
    std::string query;            // what was searched for last
    bool free_talk = false;       // the dialogue is not about the current transcript
    std::optional<Decision> decision;
    std::optional<Uuid> offer;   // of the photos below
    std::vector<Photo> offered;  // at most most_offered
    Time turned_at{};            // when a page of a gallery was turned last
    std::string resume;          // what a top-up leads back to: data of the button that coins were missing for

    friend bool operator==(const State&, const State&) = default;
};

// {"v":1,"place":"await_audio","greeted":true,"hint_at":"…"}
std::string to_json(const State& state);
// Nothing for a value that this release does not know: the caller says sorry and begins anew (M6).
std::optional<State> state_from_json(std::string_view json);

}  // namespace persona::bot
