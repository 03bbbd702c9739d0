// What the jobs of photos and portraits work with, beside the Workshop. Owned by main; everything in it outlives the worker.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ai/enhance.hpp"
#include "ai/portrait.hpp"
#include "media/picture_reader.hpp"

namespace persona::bot {

enum class FaceRule { required, ignored };

struct Atelier {
    const media::PictureReader& reader;
    // On a thread of the CPU pool. Empty: no model, faces are not looked for.
    std::function<std::vector<ai::Face>(const media::Picture&)> faces;
    ai::PortraitEngine& portraits;
    const ai::EnhanceEngine* enhance = nullptr;  // null: switched off
    FaceRule rule = FaceRule::required;          // of an avatar's photos
    bool drop_photos = false;                    // an avatar's photos are deleted when it is ready
    Millis training_limit = std::chrono::hours(2);
    Millis painting_limit = std::chrono::minutes(15);
    Millis look_again = 3s;  // at a provider's work, at first; then ever less often
    // Where the provider tells the end of this job; empty: nowhere, it is only asked.
    std::function<std::string(const Uuid& job)> webhook = {};
    std::string webhook_of(const Uuid& job) const { return webhook ? webhook(job) : std::string(); }
};

}  // namespace persona::bot
