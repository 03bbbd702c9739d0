#include "bot/state.hpp"

#include <array>
#include <boost/json.hpp>

#include "bot/ids.hpp"

namespace persona::bot {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 18> places{"main",          "assistant",     "await_audio", "await_text",     "photo",         "photographer",
                                                  "avatars",       "settings",      "naming",      "searching",      "dialogue",      "promo",
                                                  "avatar_photos", "avatar_gender", "avatar_name", "avatar_confirm", "avatar_rename", "enhance"};

std::optional<Place> place_of(std::string_view name) {
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] == name) return static_cast<Place>(i);
    return std::nullopt;
}

std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::vector<Uuid> ids_of(const json::object& object, std::string_view key) {
    std::vector<Uuid> out;
    const auto* value = object.if_contains(key);
    if (!value || !value->is_array()) return out;
    for (const json::value& item : value->get_array())
        if (const auto id = item.is_string() ? uncompact(item.get_string()) : std::nullopt; id && out.size() < most_chosen) out.push_back(*id);
    return out;
}

json::array to_array(const std::vector<Photo>& photos) {
    json::array out;
    for (const Photo& photo : photos) out.push_back(json::array{photo.file, photo.message.value, photo.bytes});
    return out;
}

std::vector<Photo> photos_of(const json::object& object) {
    std::vector<Photo> out;
    const auto* value = object.if_contains("offered");
    if (!value || !value->is_array()) return out;
    for (const json::value& item : value->get_array()) {
        const auto* row = item.if_array();
        const bool sound = row && row->size() == 3 && row->at(0).is_string() && row->at(1).is_int64() && row->at(2).is_int64();
        if (sound && out.size() < most_offered)
            out.push_back({std::string(row->at(0).get_string()), MessageId(row->at(1).get_int64()), row->at(2).get_int64()});
    }
    return out;
}

json::object to_object(const Decision& decision) {
    return {{"id", compact(decision.id)}, {"person", decision.person.value}, {"amount", decision.amount.text()}, {"reason", decision.reason}};
}

std::optional<Decision> decision_of(const json::object& object) {
    const auto* value = object.if_contains("decision");
    const auto* fields = value ? value->if_object() : nullptr;
    if (!fields) return std::nullopt;
    const auto id = uncompact(text_of(*fields, "id"));
    const auto amount = Coins::parse(text_of(*fields, "amount"));
    const auto* person = fields->if_contains("person");
    if (!id || !amount || !person || !person->is_int64()) return std::nullopt;
    return Decision{*id, TelegramId(person->get_int64()), *amount, std::string(text_of(*fields, "reason"))};
}

}  // namespace

std::string to_json(const State& state) {
    json::object out{{"v", 1}, {"place", places[static_cast<std::size_t>(state.place)]}};
    if (state.greeted) out["greeted"] = true;
    if (state.hint_at != Time{}) out["hint_at"] = to_iso(state.hint_at);
    if (state.subject) out["subject"] = compact(*state.subject);
    if (!state.query.empty()) out["query"] = state.query;
    if (state.free_talk) out["free_talk"] = true;
    if (state.decision) out["decision"] = to_object(*state.decision);
    if (!state.resume.empty()) out["resume"] = state.resume;
    if (state.offer) out["offer"] = compact(*state.offer);
    if (!state.offered.empty()) out["offered"] = to_array(state.offered);
    if (state.turned_at != Time{}) out["turned_at"] = to_iso(state.turned_at);
    json::array chosen;
    for (const Uuid& id : state.chosen) chosen.push_back(json::string(compact(id)));
    if (!chosen.empty()) out["chosen"] = std::move(chosen);
    return json::serialize(out);
}

std::optional<State> state_from_json(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    if (!object) return std::nullopt;
    const auto* version = object->if_contains("v");
    const auto known = place_of(text_of(*object, "place"));
    if (!version || *version != 1 || !known) return std::nullopt;
    State state{.place = *known};
    if (const auto* greeted = object->if_contains("greeted")) state.greeted = *greeted == true;
    state.hint_at = from_iso(text_of(*object, "hint_at")).value_or(Time{});
    state.subject = uncompact(text_of(*object, "subject"));
    state.chosen = ids_of(*object, "chosen");
    state.query = text_of(*object, "query");
    if (const auto* free = object->if_contains("free_talk")) state.free_talk = *free == true;
    state.decision = decision_of(*object);
    state.resume = text_of(*object, "resume");
    state.offer = uncompact(text_of(*object, "offer"));
    state.offered = photos_of(*object);
    state.turned_at = from_iso(text_of(*object, "turned_at")).value_or(Time{});
    return state;
}

}  // namespace persona::bot
