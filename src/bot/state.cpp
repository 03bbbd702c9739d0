#include "bot/state.hpp"

#include <array>
#include <boost/json.hpp>

namespace persona::bot {
namespace {

constexpr std::array<std::string_view, 8> places{"main", "assistant", "await_audio", "await_text", "photo", "photographer", "avatars", "settings"};

std::optional<Place> place_of(std::string_view name) {
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] == name) return static_cast<Place>(i);
    return std::nullopt;
}

}  // namespace

std::string to_json(const State& state) {
    boost::json::object out{{"v", 1}, {"place", places[static_cast<std::size_t>(state.place)]}};
    if (state.greeted) out["greeted"] = true;
    if (state.hint_at != Time{}) out["hint_at"] = to_iso(state.hint_at);
    return boost::json::serialize(out);
}

std::optional<State> state_from_json(std::string_view json) {
    boost::system::error_code error;
    const auto value = boost::json::parse(json, error);
    const auto* object = error ? nullptr : value.if_object();
    if (!object) return std::nullopt;
    const auto* version = object->if_contains("v");
    const auto* place = object->if_contains("place");
    if (!version || *version != 1 || !place || !place->is_string()) return std::nullopt;
    const auto known = place_of(place->get_string());
    if (!known) return std::nullopt;
    State state{.place = *known};
    if (const auto* greeted = object->if_contains("greeted")) state.greeted = *greeted == true;
    if (const auto* at = object->if_contains("hint_at"); at && at->is_string()) state.hint_at = from_iso(at->get_string()).value_or(Time{});
    return state;
}

}  // namespace persona::bot
