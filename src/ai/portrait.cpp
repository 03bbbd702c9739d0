#include "ai/portrait.hpp"

#include <algorithm>

namespace persona::ai {
namespace {

constexpr std::array<std::string_view, 11> style_names{"studio",     "business", "film",   "noir",  "sunset", "night_city",
                                                       "watercolor", "oil",      "pencil", "comic", "pop_art"};
static_assert(style_names.size() == all_styles.size());
constexpr std::array<std::string_view, 3> aspect_names{"portrait", "square", "landscape"};
constexpr std::array<std::string_view, 3> gender_names{"unknown", "male", "female"};

template <class E>
std::optional<E> value_of(const auto& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? std::nullopt : std::optional(static_cast<E>(at - names.begin()));
}

}  // namespace

std::string_view name(Style style) { return style_names[static_cast<std::size_t>(style)]; }
std::optional<Style> style_of(std::string_view name) { return value_of<Style>(style_names, name); }
std::string_view name(Aspect aspect) { return aspect_names[static_cast<std::size_t>(aspect)]; }
std::optional<Aspect> aspect_of(std::string_view name) { return value_of<Aspect>(aspect_names, name); }
std::string_view name(Gender gender) { return gender_names[static_cast<std::size_t>(gender)]; }
std::optional<Gender> gender_of(std::string_view name) { return value_of<Gender>(gender_names, name); }

Size size_of(Aspect aspect, int longest) {
    const int shorter = longest * 3 / 4;
    switch (aspect) {
        case Aspect::portrait: return {shorter, longest};
        case Aspect::square: return {longest, longest};
        case Aspect::landscape: return {longest, shorter};
    }
    return {longest, longest};
}

}  // namespace persona::ai
