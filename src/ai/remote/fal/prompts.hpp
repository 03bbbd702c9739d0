// What a painter is asked for, style by style. English: the models were taught with it.
#pragma once

#include <string>
#include <string_view>

#include "ai/portrait.hpp"

namespace persona::ai::fal {

// subject: "TOK man".
std::string prompt_of(Style style, std::string_view subject);

inline constexpr std::string_view negative_prompt =
    "deformed face, asymmetric eyes, extra fingers, extra limbs, blurry, low resolution, watermark, text, logo, nudity, several people";

}  // namespace persona::ai::fal
