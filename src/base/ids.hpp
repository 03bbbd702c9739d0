// Ids that cannot be mixed up: a user's row, a Telegram user and a chat are different types although all are 64 bits.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "base/uuid.hpp"

namespace persona {

template <class Tag, class Rep>
struct Id {
    Rep value{};

    constexpr Id() = default;
    constexpr explicit Id(Rep v) : value(v) {}
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using UserId = Id<struct UserIdTag, std::int64_t>;          // users.id
using TelegramId = Id<struct TelegramIdTag, std::int64_t>;  // a user's id at Telegram, up to 52 bits
using ChatId = Id<struct ChatIdTag, std::int64_t>;          // a private chat has its user's id; groups are negative
using MessageId = Id<struct MessageIdTag, std::int64_t>;
using UpdateId = Id<struct UpdateIdTag, std::int64_t>;
using BotId = Id<struct BotIdTag, std::int64_t>;  // the number before the colon of a token
using OutboxId = Id<struct OutboxIdTag, std::int64_t>;

using JobId = Id<struct JobIdTag, Uuid>;
using OperationId = Id<struct OperationIdTag, Uuid>;  // what a hold pays for; decided once
using TranscriptId = Id<struct TranscriptIdTag, Uuid>;
using AvatarId = Id<struct AvatarIdTag, Uuid>;
using BlobId = Id<struct BlobIdTag, Uuid>;

}  // namespace persona

template <class Tag, class Rep>
struct std::hash<persona::Id<Tag, Rep>> {
    std::size_t operator()(const persona::Id<Tag, Rep>& id) const noexcept { return std::hash<Rep>()(id.value); }
};
