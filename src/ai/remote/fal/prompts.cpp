#include "ai/remote/fal/prompts.hpp"

#include <array>

namespace persona::ai::fal {
namespace {

constexpr std::string_view place = "{}";  // of the subject

// By Style.
constexpr std::array<std::string_view, all_styles.size()> prompts{
    "professional studio portrait photo of {}, plain grey backdrop, softbox light, sharp eyes, natural skin, 85mm lens",
    "business headshot photo of {}, dark suit, bright modern office in the background out of focus, confident friendly look, soft daylight",
    "35mm film photo of {}, fine grain, warm muted colours, candid look, shallow depth of field",
    "black and white film noir portrait of {}, hard side light, deep shadows, dramatic contrast, 1940s cinema",
    "portrait photo of {} outdoors at sunset, golden hour back light, warm glow on the hair, soft bokeh",
    "portrait photo of {} in a city street at night, neon signs and rain reflections in the background, cinematic blue and magenta light",
    "watercolor portrait of {}, loose washes, soft edges, white paper texture, delicate colours, recognisable face",
    "oil painting portrait of {}, classical technique, visible brush strokes, rich dark background, museum quality",
    "graphite pencil portrait drawing of {}, fine hatching, white paper, detailed eyes",
    "comic book portrait of {}, bold ink lines, flat bright colours, halftone shading",
    "pop art portrait of {}, screen print look, strong contrast, bright flat colour blocks, 1960s poster"};

}  // namespace

std::string prompt_of(Style style, std::string_view subject) {
    std::string out(prompts[static_cast<std::size_t>(style)]);
    return out.replace(out.find(place), place.size(), subject);
}

}  // namespace persona::ai::fal
