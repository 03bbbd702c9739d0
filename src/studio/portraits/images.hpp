// Pictures that were made and paid for: portraits of an avatar, enhanced photos. Each is a blob that expires unless its owner keeps it.
#pragma once

#include <optional>
#include <vector>

#include "postgres/pool.hpp"
#include "studio/portraits/image.hpp"

namespace persona::portraits {

// Its blob belongs to the same Work (storage::add_row). It is also a document of the person's: what was paid for links to it.
void add(postgres::Work& work, UserId user, const Image& image);
// Twice does nothing.
void erase(postgres::Work& work, UserId user, const Uuid& id);
void keep(postgres::Work& work, UserId user, const Uuid& id);

// Nothing where it is gone, its file too.
Task<std::optional<Image>> find(postgres::Pool& pool, UserId user, Uuid id, Deadline deadline);
// Of an avatar, newest first.
Task<std::vector<Image>> of_avatar(postgres::Pool& pool, UserId user, AvatarId avatar, int skip, int most, Deadline deadline);

// Rows whose file has expired.
Task<void> forget_expired(postgres::Pool& pool, Deadline deadline);

}  // namespace persona::portraits
