#include "sandbox/schema/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

using Kind = Type::Kind;

bool is_integer(const json::value& value) { return value.is_int64() || value.is_uint64(); }

bool kind_matches(Kind kind, const json::value& value) {
    switch (kind) {
        case Kind::integer: return is_integer(value);
        case Kind::number: return value.is_number();
        case Kind::boolean: return value.is_bool();
        case Kind::object: return value.is_object();
        case Kind::string:
        case Kind::file: return value.is_string();
    }
    return false;
}

class Checker {
public:
    explicit Checker(const std::vector<std::string>& uploads) : uploads_(uploads) {}

    Violations object(const ObjectType& type, const json::object& value, const std::string& path) const {
        if (!type.any.empty()) return closest(type, value, path);
        Violations found;
        for (const auto& field : type.fields) {
            const auto* member = value.if_contains(field.name);
            if (member)
                append(found, this->field(field, *member, path + field.name));
            else if (field.required && !uploaded(field))
                found.push_back(fmt::format("{}{}: required", path, field.name));
        }
        for (const auto& [name, unused] : value)
            if (!type.field(name)) found.push_back(fmt::format("{}{}: unknown field", path, std::string_view(name)));
        return found;
    }

private:
    static void append(Violations& to, Violations from) { std::ranges::move(from, std::back_inserter(to)); }

    bool uploaded(const Field& field) const {
        return std::ranges::any_of(field.types, [](const Type& t) { return t.kind == Kind::file; }) &&
               std::ranges::find(uploads_, field.name) != uploads_.end();
    }

    // Of several readings the one with the fewest violations is what the caller meant.
    Violations closest(const ObjectType& type, const json::object& value, const std::string& path) const {
        Violations best{fmt::format("{}: no {}", path, type.name)};
        bool first = true;
        for (const auto* member : type.any) {
            if (first || !best.empty()) {
                auto found = object(*member, value, path);
                if (first || found.size() < best.size()) best = std::move(found);
                first = false;
            }
        }
        return best;
    }

    Violations field(const Field& field, const json::value& value, const std::string& path) const {
        std::optional<Violations> best;
        for (const auto& type : field.types) {
            if (best && best->empty()) break;
            if (auto found = of_type(type, type.depth, value, path); found && (!best || found->size() < best->size())) best = std::move(found);
        }
        if (!best) return {fmt::format("{}: {} expected", path, expected(field))};
        if (field.limit && !field.limit->after_parsing) limit(*field.limit, value, path, *best);
        if (!field.constant.empty() && value.is_string() && value.get_string() != field.constant)
            best->push_back(fmt::format("{}: must be \"{}\"", path, field.constant));
        return std::move(*best);
    }

    // Nothing where the value is of another kind altogether.
    std::optional<Violations> of_type(const Type& type, std::size_t depth, const json::value& value, const std::string& path) const {
        if (depth > 0) {
            if (!value.is_array()) return std::nullopt;
            Violations all;
            for (std::size_t i = 0; i < value.get_array().size(); ++i) {
                const auto inner = fmt::format("{}[{}]", path, i);
                auto found = of_type(type, depth - 1, value.get_array()[i], inner);
                if (found)
                    append(all, std::move(*found));
                else
                    all.push_back(fmt::format("{}: {} expected", inner, type.name));
            }
            return all;
        }
        if (!kind_matches(type.kind, value)) return std::nullopt;
        if (type.kind == Kind::object) return object(*type.object, value.get_object(), path + ".");
        return Violations{};
    }

    static std::string expected(const Field& field) {
        std::string names;
        for (const auto& type : field.types) names += (names.empty() ? "" : " or ") + type.name;
        return names;
    }

    static void limit(const Limit& limit, const json::value& value, const std::string& path, Violations& found) {
        std::size_t size = 0;
        const char* unit = "";
        if (limit.unit == Limit::Unit::value && is_integer(value)) {
            size = static_cast<std::size_t>(std::max<std::int64_t>(0, value.to_number<std::int64_t>()));
        } else if (limit.unit == Limit::Unit::items && value.is_array()) {
            size = value.get_array().size(), unit = " items";
        } else if (value.is_string() && limit.unit == Limit::Unit::bytes) {
            size = value.get_string().size(), unit = " bytes";
        } else if (value.is_string() && limit.unit == Limit::Unit::chars) {
            size = utf16_length(value.get_string()), unit = " characters";
        } else {
            return;
        }
        if (size < limit.min || size > limit.max)
            found.push_back(fmt::format("{}: {}{}, allowed are {} to {}", path, size, unit, limit.min, limit.max));
    }

    const std::vector<std::string>& uploads_;
};

std::optional<json::value> read_as(const Type& type, std::string_view text) {
    if (type.depth > 0 || type.kind == Kind::object) {
        boost::system::error_code failed;
        auto value = json::parse(text, failed);
        if (failed || !(type.depth > 0 ? value.is_array() : value.is_object())) return std::nullopt;
        return value;
    }
    if (type.kind == Kind::integer) {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return json::value(number);
    }
    if (type.kind == Kind::number) {
        double number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return json::value(number);
    }
    if (type.kind == Kind::boolean) {
        if (text == "true" || text == "True" || text == "1" || text == "yes" || text == "t") return json::value(true);
        if (text == "false" || text == "False" || text == "0" || text == "no" || text == "f" || text.empty()) return json::value(false);
        return std::nullopt;
    }
    return json::value(json::string(text));
}

}  // namespace

json::value decode(const Field& field, std::string_view text) {
    for (const auto& type : field.types)
        if (auto value = read_as(type, text)) return std::move(*value);
    return json::value(json::string(text));
}

Violations validate(const ObjectType& method, const json::object& params, const std::vector<std::string>& uploads) {
    return Checker(uploads).object(method, params, "");
}

}  // namespace persona::sandbox
