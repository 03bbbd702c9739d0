#include "sandbox/schema/api_table.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "sandbox/json.hpp"

namespace persona::sandbox {
namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr char table_text[] = {
#embed "bot_api.json"
};
#pragma clang diagnostic pop

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

Type read_type(std::string_view text, std::map<std::string, ObjectType, std::less<>>& types) {
    static const std::map<std::string_view, Type::Kind> plain = {{"Integer", Type::Kind::integer},
                                                                 {"Float", Type::Kind::number},
                                                                 {"String", Type::Kind::string},
                                                                 {"Boolean", Type::Kind::boolean},
                                                                 {"InputFile", Type::Kind::file}};
    Type type;
    type.name = text;
    for (; text.starts_with("Array of "); ++type.depth) text.remove_prefix(9);
    if (const auto known = plain.find(text); known != plain.end()) {
        type.kind = known->second;
    } else {
        type.kind = Type::Kind::object;
        type.object = &types[std::string(text)];
    }
    return type;
}

std::optional<Limit> read_limit(const json::object& source) {
    static const std::map<std::string_view, Limit::Unit> units = {
        {"chars", Limit::Unit::chars}, {"bytes", Limit::Unit::bytes}, {"items", Limit::Unit::items}, {"value", Limit::Unit::value}};
    if (!source.contains("u")) return std::nullopt;
    return Limit{units.at(text_of(source, "u")), static_cast<std::size_t>(integer_of(source, "min")),
                 static_cast<std::size_t>(integer_of(source, "max")), source.contains("p")};
}

std::vector<Field> read_fields(const json::object& source, std::map<std::string, ObjectType, std::less<>>& types) {
    std::vector<Field> fields;
    for (const auto& [name, value] : source) {
        const auto& from = value.as_object();
        Field field{name, {}, from.contains("r"), read_limit(from), std::string(text_of(from, "c"))};
        for (const auto& type : from.at("t").as_array()) field.types.push_back(read_type(std::string_view(type.as_string()), types));
        fields.push_back(std::move(field));
    }
    return fields;
}

}  // namespace

const Field* ObjectType::field(std::string_view wanted) const {
    const auto found = std::ranges::find(fields, wanted, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

const ApiTable& ApiTable::official() {
    static const ApiTable table(std::string_view(table_text, sizeof table_text));
    return table;
}

ApiTable::ApiTable(std::string_view text) {
    try {
        const auto root = json::parse(text).as_object();
        for (const auto& [name, value] : root.at("types").as_object()) {
            auto& type = types_[name];  // may exist already: another type named it
            type.name = name;
            if (const auto* any = array_of(value.as_object(), "any"))
                for (const auto& member : *any) type.any.push_back(&types_[std::string(member.as_string())]);
            else
                type.fields = read_fields(value.at("fields").as_object(), types_);
        }
        for (const auto& [name, value] : root.at("methods").as_object())
            methods_[lower(name)] = ObjectType{name, read_fields(value.as_object(), types_), {}};
    } catch (const std::exception& e) { throw Error(std::string("the Bot API table does not read: ") + e.what()); }
}

const ObjectType* ApiTable::method(std::string_view name) const {
    const auto found = methods_.find(lower(name));
    return found == methods_.end() ? nullptr : &found->second;
}

const ObjectType* ApiTable::type(std::string_view name) const {
    const auto found = types_.find(name);
    return found == types_.end() ? nullptr : &found->second;
}

}  // namespace persona::sandbox
