#include "sandbox/text/formatted.hpp"

#include <algorithm>

#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {

json::array Formatted::entities_json() const {
    json::array out;
    for (const auto& entity : entities) {
        json::object one{{"offset", entity.offset}, {"length", entity.length}, {"type", entity.type}};
        if (entity.type == "text_link") one["url"] = entity.argument;
        if (entity.type == "pre" && !entity.argument.empty()) one["language"] = entity.argument;
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<Entity> read_entities(const json::array& source) {
    std::vector<Entity> entities;
    for (const auto& value : source) {
        const auto* one = value.if_object();
        if (!one) continue;
        entities.push_back({static_cast<std::size_t>(std::max<std::int64_t>(0, integer_of(*one, "offset"))),
                            static_cast<std::size_t>(std::max<std::int64_t>(0, integer_of(*one, "length"))), std::string(text_of(*one, "type")),
                            std::string(one->contains("url") ? text_of(*one, "url") : text_of(*one, "language"))});
    }
    return entities;
}

void trim(Formatted& formatted) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto end = formatted.text.find_last_not_of(blanks);
    formatted.text.resize(end == std::string::npos ? 0 : end + 1);
    const auto start = std::min(formatted.text.find_first_not_of(blanks), formatted.text.size());
    formatted.text.erase(0, start);
    const auto units = utf16_length(formatted.text);
    for (auto& entity : formatted.entities) {
        const auto stop = std::min(entity.offset + entity.length, units + start);
        const auto from = std::max(entity.offset, start);
        entity.offset = std::min(from - start, units);
        entity.length = stop > from ? stop - from : 0;
    }
    std::erase_if(formatted.entities, [](const Entity& e) { return e.length == 0; });
}

}  // namespace persona::sandbox
