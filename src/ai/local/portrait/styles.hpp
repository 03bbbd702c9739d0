// The looks that a cutout is rendered in. Each is a function of a scene; nothing is invented, the person is the one of the photo.
#pragma once

#include "ai/local/portrait/scene.hpp"

namespace persona::ai::portraits {

// Light and backdrop of a photographer (photo_styles.cpp).
Colours studio(const Scene& scene);
Colours business(const Scene& scene);
Colours film(const Scene& scene);
Colours noir(const Scene& scene);
Colours sunset(const Scene& scene);
Colours night_city(const Scene& scene);

// Paint, pencil and print (drawn_styles.cpp, printed_styles.cpp).
Colours watercolor(const Scene& scene);
Colours oil(const Scene& scene);
Colours pencil(const Scene& scene);
Colours comic(const Scene& scene);
Colours pop_art(const Scene& scene);

// The same cutout, style, aspect and seed give the same pixels. A tenth of a second to a second and a half at 1024 pixels, on one thread.
media::Picture rendered(const Cutout& cutout, Style style, Aspect aspect, std::uint64_t seed, int longest = 1024);

}  // namespace persona::ai::portraits
