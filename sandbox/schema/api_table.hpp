// The official Bot API as a table: every method's parameters with their types and limits, and the types they contain.
// Read once from bot_api.json, which schema/make_bot_api.py derives from the published description.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::sandbox {

struct ObjectType;

struct Type {
    enum class Kind { integer, number, string, boolean, file, object };
    Kind kind = Kind::string;
    std::size_t depth = 0;               // of nested arrays around the kind
    const ObjectType* object = nullptr;  // of Kind::object
    std::string name;                    // as the documentation writes it, "Array of …" included
};

struct Limit {
    enum class Unit { chars, bytes, items, value };  // chars are UTF-16 code units, as Telegram counts
    Unit unit = Unit::chars;
    std::size_t min = 0, max = 0;
    bool after_parsing = false;  // counts the text without its markup
};

struct Field {
    std::string name;
    std::vector<Type> types;  // any of them
    bool required = false;
    std::optional<Limit> limit;
    std::string constant;  // of a discriminator: the only value allowed
};

struct ObjectType {
    std::string name;
    std::vector<Field> fields;
    std::vector<const ObjectType*> any;  // of a union: its members, and then no fields
    const Field* field(std::string_view wanted) const;
};

class ApiTable {
public:
    // The table compiled into the program.
    static const ApiTable& official();
    // Throws Error where the text is not a table.
    explicit ApiTable(std::string_view text);

    // Letter case does not matter, as at Telegram. Null: no such method.
    const ObjectType* method(std::string_view name) const;
    const ObjectType* type(std::string_view name) const;
    std::size_t size() const { return methods_.size(); }

private:
    std::map<std::string, ObjectType, std::less<>> methods_;  // by lower-case name
    std::map<std::string, ObjectType, std::less<>> types_;
};

}  // namespace persona::sandbox
