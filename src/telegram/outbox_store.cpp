#include "telegram/outbox_store.hpp"

#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;
using postgres::Query;
using postgres::Rows;
using postgres::Work;

// Not claimed where an earlier row of this (chat, stream) is not ours yet: it would be overtaken in memory.
constexpr Query insert_row{"outbox.add", R"(
    INSERT INTO outbox (bot_id, chat_id, stream, method, handle, edit, place, body, owner, fence)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN EXISTS (
        SELECT FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND stream = $3 AND state = 'ready' AND fence <> $10) THEN 0 ELSE $10 END
    RETURNING id, fence)"};

constexpr Query claim_foreign{"outbox.claim", R"(
    WITH due AS (SELECT id FROM outbox WHERE bot_id = $1 AND state = 'ready' AND fence <> $2 AND id > $3 ORDER BY id LIMIT $4),
    claimed AS (UPDATE outbox o SET fence = $2 FROM due WHERE o.id = due.id
        RETURNING o.id, o.chat_id, o.stream, o.handle, o.edit, o.place, o.body, o.owner, o.attempts, o.unsure, o.created_at, o.not_before)
    SELECT * FROM claimed ORDER BY id)"};

constexpr Query select_page{"outbox.page", R"(
    SELECT id, chat_id, stream, handle, edit, place, body, owner, attempts, unsure, created_at, not_before FROM outbox
    WHERE bot_id = $1 AND state = 'ready' AND fence = $2 AND id > $3 ORDER BY id LIMIT $4)"};

constexpr Query select_claimed{"outbox.claimed", "SELECT id FROM outbox WHERE bot_id = $1 AND state = 'ready' AND fence = $2"};

constexpr Query no_wait{"outbox.no_wait", "SELECT set_config('synchronous_commit', 'off', true)"};

constexpr Query write_marks{"outbox.mark", R"(
    UPDATE outbox o SET state = m.state, message_id = m.message_id, attempts = m.attempts, unsure = m.unsure, not_before = m.not_before,
        error = m.error, done_at = CASE WHEN m.state <> 'ready' THEN now() END
    FROM json_to_recordset($1::json) AS m(id bigint, state text, message_id bigint, attempts int, unsure int, not_before timestamptz, error text)
    WHERE o.id = m.id AND o.state = 'ready')"};

constexpr Query write_handles{"outbox.handles", R"(
    INSERT INTO message_handles (bot_id, chat_id, handle, message_id)
    SELECT $1, h.chat, h.handle, h.message FROM json_to_recordset($2::json) AS h(chat bigint, handle text, message bigint)
    ON CONFLICT (bot_id, chat_id, handle) DO UPDATE SET message_id = excluded.message_id, at = now())"};

constexpr Query write_pauses{"outbox.pauses", R"(
    INSERT INTO chat_pauses (bot_id, chat_id, until)
    SELECT $1, p.chat, p.until FROM json_to_recordset($2::json) AS p(chat bigint, until timestamptz)
    ON CONFLICT (bot_id, chat_id) DO UPDATE SET until = greatest(chat_pauses.until, excluded.until))"};

constexpr Query read_pauses{"outbox.read_pauses", "SELECT chat_id, until FROM chat_pauses WHERE bot_id = $1 AND until > now()"};
constexpr Query read_handle{"outbox.read_handle", "SELECT message_id FROM message_handles WHERE bot_id = $1 AND chat_id = $2 AND handle = $3"};

constexpr int sweep_batch = 2000;
constexpr Query sweeps[] = {
    {"outbox.sweep_bodies", R"(UPDATE outbox SET body = NULL WHERE id IN (
        SELECT id FROM outbox WHERE body IS NOT NULL AND done_at IS NOT NULL AND done_at < now() - interval '24 hours' LIMIT $1))"},
    {"outbox.sweep_rows", R"(DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE created_at < now() - interval '30 days' AND state <> 'ready' LIMIT $1))"},
    {"outbox.sweep_handles", R"(DELETE FROM message_handles WHERE (bot_id, chat_id, handle) IN (
        SELECT bot_id, chat_id, handle FROM message_handles WHERE at < now() - interval '30 days' LIMIT $1))"},
    {"outbox.sweep_pauses", R"(DELETE FROM chat_pauses WHERE (bot_id, chat_id) IN (
        SELECT bot_id, chat_id FROM chat_pauses WHERE until < now() LIMIT $1))"},
};

constexpr auto patience = 5s;  // for a statement of ours

json::object record(OutboxId id, const Mark& mark) {
    json::object out{
        {"id", id.value}, {"state", mark.state}, {"attempts", mark.attempts}, {"unsure", mark.unsure}, {"not_before", to_iso(mark.not_before)}};
    if (mark.message) out["message_id"] = mark.message->value;
    if (!mark.error.empty()) out["error"] = mark.error;
    return out;
}

Queued row_of(const postgres::Row& row, const vault::Key& key) {
    const auto sealed = row.get<Bytes>(6);
    return {.id = row.get<OutboxId>(0),
            .chat = row.get<ChatId>(1),
            .stream = static_cast<Stream>(row.get<int>(2)),
            .call = decode(vault::open(key, vault::Place("outbox.body", row.get<Uuid>(5)), sealed)),
            .handle = row.maybe<std::string>(3).value_or(""),
            .edit = row.get<bool>(4),
            .attempts = row.get<int>(8),
            .unsure = row.get<int>(9),
            .created = row.get<Time>(10),
            .not_before = row.get<Time>(11)};
}

}  // namespace

std::size_t OutboxStore::add(Work& work, ChatId chat, Stream stream, const Call& call, const std::string& handle, bool edit, UserId owner,
                             const vault::Key& key, std::int64_t fence) const {
    const Uuid place = Uuid::v7();
    const Bytes body = vault::seal(key, vault::Place("outbox.body", place), encode(call));
    const auto named = handle.empty() ? std::nullopt : std::optional(handle);
    return work.add(insert_row, bot_, chat, static_cast<int>(stream), call.method, named, edit, place, body, owner, fence);
}

Task<OutboxPage> OutboxStore::read(const Rows& rows) {
    OutboxPage out;
    out.full = rows.size() == page_size;
    for (const auto row : rows) {
        out.last = row.get<OutboxId>(0);
        try {
            out.rows.push_back(row_of(row, co_await vault_.key_of(row.get<UserId>(7), Deadline::after(patience))));
        } catch (const Unavailable&) { throw; } catch (const Error& e) {
            log(Level::error, "telegram", "a stored message does not open", {{"outbox", out.last.value}, {"error", e.what()}});
            out.unreadable.push_back(out.last);
        }
    }
    co_return out;
}

Task<OutboxPage> OutboxStore::claim(std::int64_t fence) {
    Work work;
    work.add(claim_foreign, bot_, fence, 0, page_size);
    const auto done = co_await pool_.commit(std::move(work), Deadline::after(patience));
    co_return co_await read(done.value()[0]);
}

// Foreign rows are claimed from the lowest id on, so that no page of ours skips one that is not ours yet.
Task<OutboxPage> OutboxStore::page(std::int64_t fence, OutboxId after) {
    Work work;
    work.add(claim_foreign, bot_, fence, after, page_size);
    work.add(select_page, bot_, fence, after, page_size);
    const auto done = co_await pool_.commit(std::move(work), Deadline::after(patience));
    co_return co_await read(done.value()[1]);
}

Task<std::vector<OutboxId>> OutboxStore::claimed(std::int64_t fence) {
    const Rows rows = co_await pool_.read(Deadline::after(patience), select_claimed, bot_, fence);
    std::vector<OutboxId> out;
    for (const auto row : rows) out.push_back(row.get<OutboxId>(0));
    co_return out;
}

Task<void> OutboxStore::write(const Marks& marks, const Pauses& pauses) {
    json::array records, paused;
    std::map<std::pair<ChatId, std::string>, MessageId> named;  // one row each: an upsert must not meet a row twice
    for (const auto& [id, mark] : marks) {
        records.push_back(record(id, mark));
        if (mark.message && !mark.handle.empty()) named[{mark.chat, mark.handle}] = *mark.message;
    }
    json::array handles;
    for (const auto& [name, message] : named)
        handles.push_back(json::object{{"chat", name.first.value}, {"handle", name.second}, {"message", message.value}});
    for (const auto& [chat, until] : pauses) paused.push_back(json::object{{"chat", chat.value}, {"until", to_iso(until)}});
    Work work;
    work.add(no_wait);
    work.add(write_marks, json::serialize(records));
    if (!handles.empty()) work.add(write_handles, bot_, json::serialize(handles));
    if (!paused.empty()) work.add(write_pauses, bot_, json::serialize(paused));
    (void)co_await pool_.commit(std::move(work), Deadline::after(patience));
}

Task<Pauses> OutboxStore::pauses() {
    const Rows rows = co_await pool_.read(Deadline::after(patience), read_pauses, bot_);
    Pauses out;
    for (const auto row : rows) out[row.get<ChatId>(0)] = row.get<Time>(1);
    co_return out;
}

Task<std::optional<MessageId>> OutboxStore::message_of(ChatId chat, std::string handle) {
    const Rows rows = co_await pool_.read(Deadline::after(patience), read_handle, bot_, chat, handle);
    co_return rows.empty() ? std::nullopt : std::optional(rows[0].get<MessageId>(0));
}

Task<bool> OutboxStore::sweep() {
    bool more = false;
    for (const Query& query : sweeps) {
        Work work;
        work.add(query, sweep_batch);
        const auto done = co_await pool_.commit(std::move(work), Deadline::after(patience));
        more |= (*done)[0].touched() == sweep_batch;
    }
    co_return more;
}

}  // namespace persona::telegram
