// fal.ai as an operator sets it: where it is, which endpoints learn and paint, and what is asked of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ai/remote/patience.hpp"
#include "base/secret.hpp"

namespace persona::ai::fal {

// What a trainer is told beside the photos; a dialect takes what it knows.
struct Lessons {
    std::string mode = "character";      // FAL_MODE: character, product, style, general
    int iterations = 500;                // FAL_ITERATIONS: 1 to 10,000; "steps" of a LoRA trainer
    std::string priority = "quality";    // FAL_PRIORITY: speed, quality, high_res_only
    bool captioning = true;              // FAL_CAPTIONING
    std::string trigger_word = "TOK";    // FAL_TRIGGER_WORD: stands for the person in every prompt
    int lora_rank = 32;                  // FAL_LORA_RANK: 16 or 32
    std::string finetune_type = "full";  // FAL_FINETUNE_TYPE: full, lora

    friend bool operator==(const Lessons&, const Lessons&) = default;
};

struct Config {
    Secret key;                                                  // FAL_KEY
    std::string queue_url = "https://queue.fal.run";             // FAL_QUEUE_URL
    std::string rest_url = "https://rest.fal.ai";                // FAL_REST_URL
    std::string training = "fal-ai/flux-pro-trainer";            // FAL_TRAINING_ENDPOINT
    std::string image = "fal-ai/flux-pro/v1.1-ultra-finetuned";  // FAL_IMAGE_ENDPOINT
    std::string queue_priority = "normal";                       // FAL_QUEUE_PRIORITY: low, normal
    Lessons lessons = {};
    std::optional<double> strength = {};  // FAL_STRENGTH of what was learnt, 0 to 2; nothing: the dialect's own
    Millis try_time{30'000};              // of one call
    Millis upload_time{180'000};          // of one upload or download
    PatienceConfig tries = {};
};

// The same, addresses without a slash at their end. Throws BadConfig naming the variable that is wrong and never showing the key.
Config checked(Config config);

// https, or plain http to this machine, without a slash at its end. Throws BadConfig naming the variable.
std::string checked_address(std::string url, std::string_view variable);

}  // namespace persona::ai::fal
