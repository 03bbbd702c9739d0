// Avatars: a draft gathers photos, a training makes a model of them. Every rule stands in migrations/0020_avatars.sql; names, genders and what
// is known of the photos are sealed with the owner's key. Appenders add a call to a Work; the Refusal of a broken rule undoes all of it.
#pragma once

#include <optional>
#include <string_view>

#include "postgres/pool.hpp"
#include "studio/avatars/avatar.hpp"
#include "vault/seal.hpp"

namespace persona::avatars {

enum class Refused {
    too_many_avatars,
    no_draft,  // any more
    same_photo,
    too_many_photos,
    other_attempt,  // not in the attempt that was shown, or in another state
    too_few_photos,
};
// Nothing when another room refused.
std::optional<Refused> refused(const postgres::Refusal& refusal);

// A person has one draft at most: where there is one, nothing happens. Refused: too_many_avatars.
void begin_draft(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id);
// Name and gender, whatever state it is in. Nothing happens where it is gone.
void describe(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id, std::string_view name, ai::Gender gender);
// Its blobs belong to the same Work (storage::add_row). Refused: no_draft, same_photo, too_many_photos.
void add_photo(postgres::Work& work, UserId user, const vault::Key& key, AvatarId draft, const Photo& photo, int most);
// Of a draft; its files go with it.
void remove_photo(postgres::Work& work, UserId user, const Uuid& photo);
// The first one that is submitted becomes the main one. attempt: as it was shown. Refused: other_attempt, too_few_photos.
void submit(postgres::Work& work, UserId user, AvatarId id, int attempt, std::string_view provider, int least);

struct Model {
    std::string model;               // the provider's own words
    std::vector<std::string> blobs;  // of its files, in their order
    std::string provider;            // who trained it
};
// attempt: the one that trained. drop_photos: only the preview stays of them. Refused: other_attempt.
void ready(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id, int attempt, const Model& model, bool drop_photos);
void failed(postgres::Work& work, UserId user, AvatarId id, int attempt, std::string_view reason);
void make_main(postgres::Work& work, UserId user, AvatarId id);
// With its photos, its model and its portraits.
void erase(postgres::Work& work, UserId user, AvatarId id);

Task<std::optional<Avatar>> find(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline);
Task<std::optional<Avatar>> draft(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline);
// All but the draft: the main one first, then the newest.
Task<std::vector<Avatar>> all(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline);
// In the order they were sent.
Task<std::vector<Photo>> photos(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline);
// Of a ready one.
Task<std::optional<Model>> model(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline);

// Deletes drafts that nobody touched for so long, at most a hundred; gives how many.
Task<std::int64_t> forget_drafts(postgres::Pool& pool, std::chrono::days age, Deadline deadline);

}  // namespace persona::avatars
