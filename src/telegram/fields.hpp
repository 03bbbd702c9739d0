// Reads fields of one JSON object of the Bot API and remembers whether a required one was missing or one had a wrong type.
// Used by the parser only; valid as long as the document.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

namespace persona::telegram {

class Fields {
public:
    Fields(simdjson::dom::object object, bool& sound) : object_(object), sound_(&sound) {}

    bool has(std::string_view key) const { return object_ && object_->at_key(key).error() == simdjson::SUCCESS; }

    // Empty, nothing, false where the field is absent; a wrong type spoils the object.
    std::string text(std::string_view key) const { return std::string(maybe<std::string_view>(key).value_or("")); }
    std::optional<std::int64_t> number(std::string_view key) const { return maybe<std::int64_t>(key); }
    bool flag(std::string_view key) const { return maybe<bool>(key).value_or(false); }
    std::optional<Fields> object(std::string_view key) const {
        const auto inner = maybe<simdjson::dom::object>(key);
        return inner ? std::optional<Fields>(Fields(*inner, *sound_)) : std::nullopt;
    }
    std::optional<simdjson::dom::array> array(std::string_view key) const { return maybe<simdjson::dom::array>(key); }

    // Absence spoils the object too.
    std::string need_text(std::string_view key) const { return std::string(need<std::string_view>(key)); }
    std::int64_t need_number(std::string_view key) const { return need<std::int64_t>(key); }
    // An object without any field where it is absent: simdjson's own default object may not be asked for anything.
    Fields need_object(std::string_view key) const {
        const auto inner = maybe<simdjson::dom::object>(key);
        if (!inner) spoil();
        return {inner, *sound_};
    }

    void spoil() const { *sound_ = false; }
    bool& sound() const { return *sound_; }
    simdjson::dom::object raw() const { return object_.value(); }

private:
    Fields(std::optional<simdjson::dom::object> object, bool& sound) : object_(object), sound_(&sound) {}

    template <class T>
    std::optional<T> maybe(std::string_view key) const {
        simdjson::dom::element element;
        if (!object_ || object_->at_key(key).get(element) != simdjson::SUCCESS) return {};
        T value;
        if (element.get(value) == simdjson::SUCCESS) return value;
        spoil();
        return {};
    }
    template <class T>
    T need(std::string_view key) const {
        const auto value = maybe<T>(key);
        if (!value) spoil();
        return value.value_or(T());
    }

    std::optional<simdjson::dom::object> object_;
    bool* sound_;
};

}  // namespace persona::telegram
