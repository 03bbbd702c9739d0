// The endpoints of fal.ai that we speak with: each has words of its own for the same wish. One row an endpoint; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ai/portrait.hpp"
#include "ai/remote/fal/config.hpp"

namespace persona::ai::fal {

enum class Learnt : std::uint8_t {
    finetune,  // an id that fal.ai knows
    lora,      // the address of a file
};

struct TrainingDialect {
    std::string_view endpoint;
    Learnt learns;
    // JSON. archive: the address of the zip. comment: for fal.ai's own list, where the endpoint keeps one.
    std::string (*input)(const Lessons& lessons, std::string_view archive, std::string_view comment);
};

struct ImageDialect {
    std::string_view endpoint;
    Learnt takes;
    double strength;  // of what was learnt, where the operator set none
    // JSON. subject: the words that stand for the person.
    std::string (*input)(const ImageOrder& order, std::string_view subject, double strength);
};

// By the endpoint's name; null for one that we do not speak with.
const TrainingDialect* training_dialect(std::string_view endpoint);
const ImageDialect* image_dialect(std::string_view endpoint);
std::string training_endpoints();  // "a, b", for people
std::string image_endpoints();

// "TOK man": the trigger word and what the person is.
std::string subject_of(std::string_view trigger_word, Gender gender);

}  // namespace persona::ai::fal
