#include "studio/avatars/avatars.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/error.hpp"

namespace persona::avatars {
namespace {

namespace json = boost::json;

constexpr postgres::Query draft_query{"avatars.begin_draft", "SELECT avatar_draft($1::bigint, $2::uuid, $3::bytea, $4::int)"};
constexpr postgres::Query describe_query{
    "avatars.describe", "UPDATE user_avatars SET avatar_data = $3::bytea, updated_at = now() WHERE user_id = $1::bigint AND id = $2::uuid"};
constexpr postgres::Query add_photo_query{"avatars.add_photo",
                                          "SELECT avatar_photo_add($1::bigint, $2::uuid, $3::uuid, $4, $5, $6, $7::bytea, $8::int)"};
constexpr postgres::Query remove_photo_query{"avatars.remove_photo", "SELECT avatar_photo_remove($1::bigint, $2::uuid)"};
constexpr postgres::Query submit_query{"avatars.submit", "SELECT avatar_submit($1::bigint, $2::uuid, $3::int, $4, $5::int)"};
constexpr postgres::Query ready_query{"avatars.ready",
                                      "SELECT avatar_trained($1::bigint, $2::uuid, $3::int, $4, $5::bytea, $6::text[], $7::boolean)"};
constexpr postgres::Query failed_query{"avatars.failed", "SELECT avatar_failed($1::bigint, $2::uuid, $3::int, $4)"};
constexpr postgres::Query main_query{"avatars.make_main", "SELECT avatar_make_main($1::bigint, $2::uuid)"};
constexpr postgres::Query erase_query{"avatars.erase", "SELECT avatar_delete($1::bigint, $2::uuid)"};
constexpr postgres::Query forget_query{"avatars.forget_drafts", "SELECT avatar_forget_drafts($1::int)"};

#define PERSONA_AVATAR_COLUMNS                                                                                                                     \
    "SELECT a.id, a.number, a.state, a.is_main, a.avatar_data, a.attempt, coalesce(a.reason, ''), a.preview, coalesce(a.provider, ''), "           \
    "a.created_at,"                                                                                                                                \
    " (SELECT count(*) FROM avatar_photos p WHERE p.avatar_id = a.id), (SELECT count(*) FROM user_images i JOIN blobs b ON b.name = i.blob WHERE " \
    "i.avatar_id = a.id)"                                                                                                                          \
    " FROM user_avatars a WHERE a.user_id = $1::bigint"
constexpr postgres::Query find_query{"avatars.find", PERSONA_AVATAR_COLUMNS " AND a.id = $2::uuid"};
constexpr postgres::Query find_draft_query{"avatars.draft", PERSONA_AVATAR_COLUMNS " AND a.state = 'draft'"};
constexpr postgres::Query all_query{"avatars.all", PERSONA_AVATAR_COLUMNS " AND a.state <> 'draft' ORDER BY a.is_main DESC, a.created_at DESC, a.id"};
#undef PERSONA_AVATAR_COLUMNS
constexpr postgres::Query photos_query{"avatars.photos",
                                       "SELECT id, original, picture, preview, photo_data FROM avatar_photos"
                                       " WHERE user_id = $1::bigint AND avatar_id = $2::uuid ORDER BY position"};
constexpr postgres::Query model_query{
    "avatars.model", "SELECT model_data, provider FROM user_avatars WHERE user_id = $1::bigint AND id = $2::uuid AND state = 'ready'"};
constexpr postgres::Query files_query{"avatars.files", "SELECT blob FROM avatar_files WHERE avatar_id = $1::uuid ORDER BY position"};

constexpr std::array<std::string_view, 4> state_words{"draft", "training", "ready", "failed"};

struct Code {
    std::string_view code;
    Refused refused;
};
constexpr std::array codes{
    Code{"PS040", Refused::too_many_avatars}, Code{"PS041", Refused::no_draft},      Code{"PS042", Refused::same_photo},
    Code{"PS043", Refused::too_many_photos},  Code{"PS044", Refused::other_attempt}, Code{"PS045", Refused::too_few_photos},
};

vault::Place data_place(AvatarId id) { return {"user_avatars.avatar_data", id.value}; }
vault::Place model_place(AvatarId id) { return {"user_avatars.model_data", id.value}; }
vault::Place photo_place(const Uuid& id) { return {"avatar_photos.photo_data", id}; }

Bytes sealed_data(const vault::Key& key, AvatarId id, std::string_view name, ai::Gender gender) {
    return vault::seal(key, data_place(id), json::serialize(json::object{{"v", 1}, {"name", name}, {"gender", ai::name(gender)}}));
}

State state_of(std::string_view word) {
    const auto at = std::ranges::find(state_words, word);
    if (at == state_words.end()) throw Corrupt("an avatar is in an unknown state");
    return static_cast<State>(at - state_words.begin());
}

Avatar avatar_of(const postgres::Row& row, const vault::Key& key) {
    const AvatarId id(row.get<Uuid>(0));
    const json::value data = json::parse(vault::open(key, data_place(id), row.get<Bytes>(4)));
    return {.id = id,
            .number = row.get<std::int64_t>(1),
            .state = state_of(row.get<std::string>(2)),
            .main = row.get<bool>(3),
            .name = std::string(data.at("name").as_string()),
            .gender = ai::gender_of(data.at("gender").as_string()).value_or(ai::Gender::unknown),
            .attempt = row.get<int>(5),
            .reason = row.get<std::string>(6),
            .preview = row.get<std::string>(7),
            .provider = row.get<std::string>(8),
            .photos = row.get<int>(10),
            .images = row.get<int>(11),
            .created_at = row.get<Time>(9)};
}

// The likeness is 64 bits: as text, since a JSON number of ours has 63.
Bytes sealed_photo(const vault::Key& key, const Photo& photo) {
    return vault::seal(key, photo_place(photo.id),
                       json::serialize(json::object{{"v", 1}, {"likeness", std::to_string(photo.likeness)}, {"clearness", photo.clearness}}));
}

Photo photo_of(const postgres::Row& row, const vault::Key& key) {
    Photo out{.id = row.get<Uuid>(0), .original = row.get<std::string>(1), .picture = row.get<std::string>(2), .preview = row.get<std::string>(3)};
    const json::value data = json::parse(vault::open(key, photo_place(out.id), row.get<Bytes>(4)));
    out.likeness = std::stoull(std::string(data.at("likeness").as_string()));
    out.clearness = data.at("clearness").to_number<double>();
    return out;
}

std::optional<Avatar> first(const postgres::Rows& rows, const vault::Key& key) {
    return rows.empty() ? std::nullopt : std::optional(avatar_of(rows[0], key));
}

}  // namespace

std::optional<Refused> refused(const postgres::Refusal& refusal) {
    const auto at = std::ranges::find(codes, refusal.code, &Code::code);
    return at == codes.end() ? std::nullopt : std::optional(at->refused);
}

void begin_draft(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id) {
    work.add(draft_query, user, id, sealed_data(key, id, "", ai::Gender::unknown), most_avatars);
}

void describe(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id, std::string_view name, ai::Gender gender) {
    work.add(describe_query, user, id, sealed_data(key, id, name, gender));
}

void add_photo(postgres::Work& work, UserId user, const vault::Key& key, AvatarId draft, const Photo& photo, int most) {
    work.add(add_photo_query, user, draft, photo.id, photo.original, photo.picture, photo.preview, sealed_photo(key, photo), most);
}

void remove_photo(postgres::Work& work, UserId user, const Uuid& photo) { work.add(remove_photo_query, user, photo); }

void submit(postgres::Work& work, UserId user, AvatarId id, int attempt, std::string_view provider, int least) {
    work.add(submit_query, user, id, attempt, provider, least);
}

void ready(postgres::Work& work, UserId user, const vault::Key& key, AvatarId id, int attempt, const Model& model, bool drop_photos) {
    work.add(ready_query, user, id, attempt, model.provider, vault::seal(key, model_place(id), model.model), model.blobs, drop_photos);
}

void failed(postgres::Work& work, UserId user, AvatarId id, int attempt, std::string_view reason) {
    work.add(failed_query, user, id, attempt, reason);
}

void make_main(postgres::Work& work, UserId user, AvatarId id) { work.add(main_query, user, id); }

void erase(postgres::Work& work, UserId user, AvatarId id) { work.add(erase_query, user, id); }

Task<std::optional<Avatar>> find(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline) {
    co_return first(co_await pool.read(deadline, find_query, user, id), key);
}

Task<std::optional<Avatar>> draft(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline) {
    co_return first(co_await pool.read(deadline, find_draft_query, user), key);
}

Task<std::vector<Avatar>> all(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline) {
    std::vector<Avatar> out;
    for (const auto row : co_await pool.read(deadline, all_query, user)) out.push_back(avatar_of(row, key));
    co_return out;
}

Task<std::vector<Photo>> photos(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline) {
    std::vector<Photo> out;
    for (const auto row : co_await pool.read(deadline, photos_query, user, id)) out.push_back(photo_of(row, key));
    co_return out;
}

Task<std::optional<Model>> model(postgres::Pool& pool, UserId user, vault::Key key, AvatarId id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, model_query, user, id);
    if (rows.empty()) co_return std::nullopt;
    Model out{.model = vault::open(key, model_place(id), rows[0].get<Bytes>(0)), .blobs = {}, .provider = rows[0].get<std::string>(1)};
    for (const auto row : co_await pool.read(deadline, files_query, id)) out.blobs.push_back(row.get<std::string>(0));
    co_return out;
}

Task<std::int64_t> forget_drafts(postgres::Pool& pool, std::chrono::days age, Deadline deadline) {
    postgres::Work work;
    work.add(forget_query, static_cast<int>(age.count()));
    const auto done = co_await pool.commit(std::move(work), deadline);
    co_return done ? done->front().value<std::int64_t>() : 0;
}

}  // namespace persona::avatars
