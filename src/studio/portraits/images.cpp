#include "studio/portraits/images.hpp"

namespace persona::portraits {
namespace {

constexpr postgres::Query add_query{"portraits.add",
                                    "INSERT INTO user_images (id, user_id, avatar_id, style, aspect, operation, blob, file_name)"
                                    " VALUES ($1::uuid, $2::bigint, $3::uuid, $4, $5, $6::uuid, $7, $8) ON CONFLICT (id) DO NOTHING"};
constexpr postgres::Query document_query{"portraits.document",
                                         "INSERT INTO user_documents (id, user_id, kind, file_name, blob, operation)"
                                         " VALUES ($1::uuid, $2::bigint, $3, $4, $5, $6::uuid) ON CONFLICT (id) DO NOTHING"};
constexpr postgres::Query erase_query{"portraits.erase", "SELECT image_delete($1::bigint, $2::uuid)"};
constexpr postgres::Query keep_query{"portraits.keep", "SELECT image_keep($1::bigint, $2::uuid)"};

constexpr postgres::Query forget_query{"portraits.forget", "DELETE FROM user_images i WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.name = i.blob)"};

// An hour more than now: what is sent waits in the outbox before its file is read.
#define PERSONA_IMAGE_COLUMNS                                                                                                \
    "SELECT i.id, i.avatar_id, i.style, i.aspect, i.operation, i.blob, i.file_name, i.kept, i.created_at FROM user_images i" \
    " JOIN blobs b ON b.name = i.blob AND (b.expires_at IS NULL OR b.expires_at > now() + interval '1 hour')"                \
    " WHERE i.user_id = $1::bigint"
constexpr postgres::Query find_query{"portraits.find", PERSONA_IMAGE_COLUMNS " AND i.id = $2::uuid"};
constexpr postgres::Query avatar_query{
    "portraits.of_avatar", PERSONA_IMAGE_COLUMNS " AND i.avatar_id = $2::uuid ORDER BY i.created_at DESC, i.id DESC OFFSET $3::int LIMIT $4::int"};
#undef PERSONA_IMAGE_COLUMNS

Image image_of(const postgres::Row& row) {
    Image out{.id = row.get<Uuid>(0),
              .avatar = row.maybe<AvatarId>(1),
              .style = row.get<std::string>(2),
              .aspect = row.get<std::string>(3),
              .operation = row.maybe<OperationId>(4),
              .blob = row.get<std::string>(5),
              .file_name = row.get<std::string>(6),
              .kept = row.get<bool>(7),
              .created_at = row.get<Time>(8)};
    return out;
}

}  // namespace

void add(postgres::Work& work, UserId user, const Image& image) {
    work.add(add_query, image.id, user, image.avatar, image.style, image.aspect, image.operation, image.blob, image.file_name);
    work.add(document_query, image.id, user, image.avatar ? "portrait" : "enhanced", image.file_name, image.blob, image.operation);
}

void erase(postgres::Work& work, UserId user, const Uuid& id) { work.add(erase_query, user, id); }

void keep(postgres::Work& work, UserId user, const Uuid& id) { work.add(keep_query, user, id); }

Task<std::optional<Image>> find(postgres::Pool& pool, UserId user, Uuid id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, find_query, user, id);
    co_return rows.empty() ? std::nullopt : std::optional(image_of(rows[0]));
}

Task<std::vector<Image>> of_avatar(postgres::Pool& pool, UserId user, AvatarId avatar, int skip, int most, Deadline deadline) {
    std::vector<Image> out;
    for (const auto row : co_await pool.read(deadline, avatar_query, user, avatar, skip, most)) out.push_back(image_of(row));
    co_return out;
}

Task<void> forget_expired(postgres::Pool& pool, Deadline deadline) {
    postgres::Work work;
    work.add(forget_query);
    (void)co_await pool.commit(std::move(work), deadline);
}

}  // namespace persona::portraits
