#include "bot/ids.hpp"

#include "base/bytes.hpp"

namespace persona::bot {

std::string compact(const Uuid& id) { return to_hex(id.bytes); }

std::optional<Uuid> uncompact(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != 16) return std::nullopt;
    Uuid id;
    std::copy(bytes->begin(), bytes->end(), id.bytes.begin());
    return id;
}

}  // namespace persona::bot
