#include "studio/transcripts/transcripts.hpp"

#include <boost/json.hpp>

#include "studio/transcripts/library.hpp"
#include "studio/transcripts/sealing.hpp"
#include "studio/transcripts/vocabulary.hpp"

namespace persona::transcripts {
namespace {

namespace json = boost::json;

constexpr postgres::Query save_query{
    "transcripts.save",
    "INSERT INTO user_transcripts (id, user_id, number, source, language, duration_ms, transcript_data, created_at, name_data, words_data)"
    " VALUES ($1::uuid, $2::bigint, $3::bigint, $4, $5, $6::bigint, $7::bytea, $8::timestamptz, $9::bytea, $10::bytea) ON CONFLICT (id) DO NOTHING"};
constexpr postgres::Query find_query{"transcripts.find",
                                     "SELECT number, source, language, duration_ms, transcript_data, created_at, name_data FROM user_transcripts "
                                     "WHERE id = $1::uuid AND user_id = $2::bigint"};
constexpr postgres::Query document_query{"transcripts.add_document",
                                         "INSERT INTO user_documents (id, user_id, transcript_id, kind, file_name, blob, operation) VALUES "
                                         "($1::uuid, $2::bigint, $3::uuid, $4, $5, $6, $7::uuid)"
                                         " ON CONFLICT (id) DO NOTHING"};
constexpr postgres::Query add_recording_query{
    "transcripts.add_recording",
    "INSERT INTO recordings (id, user_id, blob, duration_ms, price, message_id, expires_at)"
    " VALUES ($1::uuid, $2::bigint, $3, $4::bigint, $5::numeric, $6::bigint, $7::timestamptz) ON CONFLICT (id) DO NOTHING"};
constexpr postgres::Query recording_query{
    "transcripts.recording",
    "SELECT blob, duration_ms, price, message_id FROM recordings WHERE id = $1::uuid AND user_id = $2::bigint AND expires_at > now()"};

constexpr postgres::Query forget_recordings_query{"transcripts.forget_recordings", "DELETE FROM recordings WHERE expires_at < now()"};

std::string to_json(const Transcript& transcript) {
    json::array lines;
    for (const Line& line : transcript.lines) {
        json::array one{line.start.count(), line.end.count(), line.text};
        if (!line.speaker.empty()) one.push_back(json::string(line.speaker));
        lines.push_back(std::move(one));
    }
    return json::serialize(json::object{{"v", 1}, {"lines", std::move(lines)}});
}

std::vector<Line> lines_from(std::string_view text) {
    std::vector<Line> out;
    const json::value stored = json::parse(text);  // our own, sealed: what does not parse is a fault and may throw
    for (const json::value& item : stored.at("lines").as_array()) {
        const json::array& line = item.as_array();
        out.push_back({Millis(line.at(0).to_number<std::int64_t>()), Millis(line.at(1).to_number<std::int64_t>()),
                       std::string(line.at(2).as_string()), line.size() > 3 ? std::string(line.at(3).as_string()) : std::string()});
    }
    return out;
}

}  // namespace

std::string Transcript::text() const {
    std::string out;
    for (const Line& line : lines) out += (out.empty() ? "" : "\n") + line.text;
    return out;
}

void save(postgres::Work& work, UserId user, const vault::Key& key, const Transcript& t) {
    const auto name = t.name.empty() ? std::nullopt : std::optional(vault::seal(key, name_place(t.id), t.name));
    work.add(save_query, t.id, user, t.number, t.source, t.language, t.duration.count(), vault::seal(key, text_place(t.id), to_json(t)), t.created_at,
             name, vault::seal(key, words_place(t.id), vocabulary_of(t)));
    make_current(work, user, t.id);
}

Task<std::optional<Transcript>> find(postgres::Pool& pool, UserId user, const vault::Key& key, TranscriptId id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, find_query, id, user);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    Transcript out{.id = id,
                   .number = row.get<std::int64_t>(0),
                   .source = row.get<std::string>(1),
                   .language = row.get<std::string>(2),
                   .duration = Millis(row.maybe<std::int64_t>(3).value_or(0)),
                   .lines = lines_from(vault::open(key, text_place(id), row.get<Bytes>(4))),
                   .created_at = row.get<Time>(5)};
    if (const auto name = row.maybe<Bytes>(6)) out.name = vault::open(key, name_place(id), *name);
    co_return out;
}

void add_document(postgres::Work& work, UserId user, const Document& d) {
    work.add(document_query, d.id, user, d.transcript, d.kind, d.file_name, d.blob, d.operation);
}

void add_recording(postgres::Work& work, UserId user, const Recording& r, Time expires_at) {
    work.add(add_recording_query, r.id, user, r.blob, r.duration.count(), r.price, r.message, expires_at);
}

Task<std::int64_t> forget_expired_recordings(postgres::Pool& pool, Deadline deadline) {
    postgres::Work work;
    work.add(forget_recordings_query);
    const auto done = co_await pool.commit(std::move(work), deadline);
    co_return done ? done->front().touched() : 0;
}

Task<std::optional<Recording>> recording(postgres::Pool& pool, UserId user, const Uuid& id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, recording_query, id, user);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return Recording{id, row.get<std::string>(0), Millis(row.get<std::int64_t>(1)), row.get<Coins>(2), row.maybe<MessageId>(3)};
}

}  // namespace persona::transcripts
