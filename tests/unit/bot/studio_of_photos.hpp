// Avatars, photos and portraits as the database would give them, for flows without any I/O.
#pragma once

#include "bot/ids.hpp"
#include "talk.hpp"

namespace persona::bot {

inline Uuid some_id(int n) { return Uuid::v5(*Uuid::parse("00000000-0000-5000-8000-0000000000aa"), std::to_string(n)); }

inline AvatarDraft draft_of(int photos, std::string name = {}) {
    AvatarDraft out{{.id = AvatarId(some_id(1)), .number = 1, .name = std::move(name), .photos = photos}, {}};
    for (int i = 0; i < photos; ++i) out.photos.push_back({.id = some_id(100 + i), .preview = "preview" + std::to_string(i)});
    return out;
}

inline avatars::Avatar avatar_of(int n, avatars::State state, bool main = false) {
    return {.id = AvatarId(some_id(n)),
            .number = n,
            .state = state,
            .main = main,
            .name = "Аватар " + std::to_string(n),
            .gender = ai::Gender::female,
            .attempt = 1,
            .reason = state == avatars::State::failed ? "late" : "",
            .preview = "preview of " + std::to_string(n),
            .provider = "local",
            .created_at = *from_iso("2026-11-20T09:00:00Z") + std::chrono::hours(n)};
}

inline telegram::File jpeg(std::int64_t bytes = 100'000) {
    return {.kind = telegram::FileKind::photo, .id = "file", .bytes = bytes, .width = 512, .height = 512};
}
inline Sent sent(telegram::File file, std::int64_t message = 9) { return {std::move(file), "", MessageId(message)}; }

}  // namespace persona::bot
