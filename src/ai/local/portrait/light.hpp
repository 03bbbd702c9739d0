// What a photographer does with light and the darkroom: exposure, lights on the edge of a person, and the finish of a print.
#pragma once

#include "ai/local/portrait/scene.hpp"

namespace persona::ai::portraits {

// Brings a face that is far too dark or too bright half the way back; skin keeps its own tone.
void expose(Scene& scene);
// The face's middle brightness raised to this power is 0.56: for prints that know few tones, so that every skin keeps its drawing.
float even_power(const Scene& scene);
// Skin a little more even, pores and lines still there. strength: 0 to 1.
Colours retouched(const Scene& scene, float strength);
// A light from the scene's side and from above: brighter there, darker on the far side. strength: 0 to 1.
Colours lit(const Scene& scene, const Colours& colours, float strength);
// A light from behind on the edges that look to x (-1 left, 1 right) and up. width: pixels at 1024.
Colours rim(const Scene& scene, const Colours& colours, float x, float up, float width, Colour light);

// The person before a backdrop whose brightness spills over their edges.
Colours placed(const Scene& scene, const Colours& colours, const Colours& backdrop, float spill);

// A finish. All at rest by default.
struct Print {
    float contrast = 0;  // an S about the middle; -1 to 1
    float saturation = 1;
    float fade = 0;                            // blacks are lifted so far
    Colour shadows{0, 0, 0}, lights{0, 0, 0};  // added to the dark and to the bright
    float vignette = 0;
    float grain = 0;  // deviation
    float glow = 0;   // what is bright shines over
    Colour glow_colour = white;
};
Colours printed(const Scene& scene, const Colours& colours, const Print& print);

}  // namespace persona::ai::portraits
