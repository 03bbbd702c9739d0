// Messages, updates and parameters are kept in Telegram's own JSON form: the sandbox adds no types of its own beside it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace persona::sandbox {

namespace json = boost::json;

// The member, or null where the object has none.
inline const json::value* find(const json::object& object, std::string_view key) { return object.if_contains(key); }

// The member as text, number or object; the empty value where it is missing or of another type.
inline std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}
inline std::int64_t integer_of(const json::object& object, std::string_view key, std::int64_t otherwise = 0) {
    const auto* value = object.if_contains(key);
    if (!value) return otherwise;
    if (value->is_int64()) return value->get_int64();
    return value->is_uint64() ? static_cast<std::int64_t>(value->get_uint64()) : otherwise;
}
inline bool flag_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_bool() && value->get_bool();
}
inline const json::object* object_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value ? value->if_object() : nullptr;
}
inline const json::array* array_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value ? value->if_array() : nullptr;
}

}  // namespace persona::sandbox
