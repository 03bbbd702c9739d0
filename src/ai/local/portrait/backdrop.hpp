// What stands behind the person: painted walls, skies and lights, drawn by a seed.
#pragma once

#include "ai/local/portrait/scene.hpp"

namespace persona::ai::portraits {

// Clouds: smooth noise from 0 to 1 about 0.5; cell: pixels at 1024 of the largest patches; stretch: how much wider than high they are.
Plane clouds(const Scene& scene, int salt, float cell, float stretch = 1);

// A cloth wall lit from the scene's side: bright behind the shoulders, dark in the corners.
Colours cloth(const Scene& scene, Colour bright, Colour dark, float mottle);
// An office out of focus: tall windows, a darker floor.
Colours office(const Scene& scene);
// A wall with the light of a window on it: panes cut by bars; soft: pixels at 1024.
Colours window_light(const Scene& scene, Colour bright, Colour dark, float panes, float slant, float soft);
Colours evening_sky(const Scene& scene);
Colours city_night(const Scene& scene);
// Rays from behind the head.
Colours rays(const Scene& scene, Colour one, Colour other);

}  // namespace persona::ai::portraits
