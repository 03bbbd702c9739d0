// An avatar and its photos as the rest of Persona sees them.
#pragma once

#include <string>
#include <vector>

#include "ai/portrait.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "media/pixels.hpp"

namespace persona::avatars {

enum class State { draft, training, ready, failed };

inline constexpr int most_avatars = 20;       // of one person, the draft included
inline constexpr std::size_t most_name = 50;  // grapheme clusters

struct Avatar {
    AvatarId id;
    std::int64_t number = 0;  // the person's own, running
    State state = State::draft;
    bool main = false;
    std::string name = {};  // empty while a draft has none
    ai::Gender gender = ai::Gender::unknown;
    int attempt = 0;            // trainings that were submitted
    std::string reason = {};    // class of the last failure: "photos", "late", …; empty for none
    std::string preview = {};   // blob; empty where there is none
    std::string provider = {};  // who trained it, or is to; no other can paint with its model
    int photos = 0;
    int images = 0;  // portraits that were painted of it
    Time created_at{};

    friend bool operator==(const Avatar&, const Avatar&) = default;
};

struct Photo {
    Uuid id;
    std::string original = {}, picture = {}, preview = {};  // blobs: as it was sent, upright at 1024 pixels, small
    media::Likeness likeness = 0;
    double clearness = 0;  // as ai::TrainingPhoto has it

    friend bool operator==(const Photo&, const Photo&) = default;
};

}  // namespace persona::avatars
