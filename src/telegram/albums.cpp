#include "telegram/albums.hpp"

#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"

namespace persona::telegram {
namespace {

using postgres::Query;

constexpr Query add_part{"albums.add", R"(
    INSERT INTO album_parts (bot_id, chat_id, album, message_id, update_id, body) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING)"};
constexpr Query read_parts{"albums.parts", R"(
    SELECT update_id, body FROM album_parts WHERE bot_id = $1 AND chat_id = $2 AND album = $3 ORDER BY message_id)"};
constexpr Query take_album{"albums.take", "SELECT album_take($1, $2, $3)"};
// Whether it is complete or quiet, by the clock of the database: parts may have come to other processes.
constexpr Query left_ms{"albums.left", R"(
    SELECT count(*), coalesce(ceil(extract(epoch FROM max(at) - now()) * 1000)::bigint, 0) + $4::bigint
    FROM album_parts WHERE bot_id = $1 AND chat_id = $2 AND album = $3)"};
constexpr Query all_open{"albums.open", "SELECT DISTINCT chat_id, album FROM album_parts WHERE bot_id = $1"};

constexpr Query open_in_chat{"albums.open_in_chat", "SELECT DISTINCT album FROM album_parts WHERE bot_id = $1 AND chat_id = $2"};

constexpr auto patience = 5s;

vault::Place place(BotId bot, UpdateId update) { return {"album_parts.body", std::to_string(bot.value) + ":" + std::to_string(update.value)}; }

}  // namespace

Albums::Albums(Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot, Close close, AlbumConfig config)
    : pool_(pool), vault_(vault), bot_(bot), on_close_(std::move(close)), config_(config), changed_(executor) {}

void Albums::add(postgres::Work& work, const Message& part, const Update& update) const {
    PERSONA_ASSERT(!part.album.empty());
    work.add(add_part, bot_, part.chat.id, part.album, part.id, update.id, vault::seal(vault_.system_key(), place(bot_, update.id), update.raw));
}

void Albums::take(postgres::Work& work, const AlbumKey& key) const { work.add(take_album, bot_, key.chat, key.album); }

void Albums::look_later(const AlbumKey& key, Millis wait) { open_[key].look_at = Deadline::Steady::now() + wait; }

void Albums::added(const AlbumKey& key) {
    const bool complete = ++open_[key].parts >= config_.most_parts;
    look_later(key, complete ? Millis(0) : config_.quiet);
    changed_.notify();
}

Task<std::vector<Update>> Albums::parts(AlbumKey key, Deadline deadline) {
    const auto rows = co_await pool_.read(deadline, read_parts, bot_, key.chat, key.album);
    std::vector<Update> out;
    for (const auto row : rows) {
        auto update = parse_update(vault::open(vault_.system_key(), place(bot_, row.get<UpdateId>(0)), row.get<Bytes>(1)));
        if (!update) throw Corrupt("a part of an album is no update");
        out.push_back(std::move(*update));
    }
    co_return out;
}

Task<void> Albums::close_chat(ChatId chat) {
    const auto rows = co_await pool_.read(Deadline::after(patience), open_in_chat, bot_, chat);
    for (const auto row : rows) co_await close({chat, row.get<std::string>(0)});
}

// Once at a time: the second caller waits for the first one's end and finds the album gone.
Task<void> Albums::close(AlbumKey key) {
    while (closing_.contains(key)) (void)co_await changed_.wait(Deadline::never());
    const auto mine = closing_.insert(key).first;
    std::exception_ptr error;
    try {
        co_await on_close_(key);
        open_.erase(key);
    } catch (...) {
        error = std::current_exception();
        look_later(key, config_.quiet);
    }
    closing_.erase(mine);
    changed_.notify();
    if (error) std::rethrow_exception(error);
}

Task<void> Albums::close_when_quiet(AlbumKey key) {
    const auto rows = co_await pool_.read(Deadline::after(patience), left_ms, bot_, key.chat, key.album, config_.quiet.count());
    const auto parts = rows[0].get<std::int64_t>(0), left = rows[0].get<std::int64_t>(1);
    if (parts == 0) {
        open_.erase(key);
    } else if (parts < config_.most_parts && left > 0) {
        look_later(key, Millis(left));
    } else {
        co_await close(key);
    }
}

Task<void> Albums::look() {
    const auto rows = co_await pool_.read(Deadline::after(patience), all_open, bot_);
    for (const auto row : rows) open_.try_emplace({row.get<ChatId>(0), row.get<std::string>(1)}, Open{Deadline::Steady::now() + config_.quiet});
}

Task<void> Albums::run() {
    auto look_at = Deadline::Steady::now();
    for (;;) {
        auto next = look_at;
        try {
            if (Deadline::Steady::now() >= look_at) {
                look_at = next = Deadline::Steady::now() + config_.look_again;
                co_await look();
            }
            std::vector<AlbumKey> due;
            for (const auto& [key, at] : open_)
                (at.look_at <= Deadline::Steady::now() ? due.push_back(key) : void(next = std::min(next, at.look_at)));
            for (const AlbumKey& key : due) co_await close_when_quiet(key);
            if (!due.empty()) continue;
        } catch (const std::exception& e) {
            if (is_cancelled(e)) throw;
            log(Level::warn, "telegram", "an album was not closed", {{"error", e.what()}});
            next = Deadline::Steady::now() + config_.quiet;
        }
        (void)co_await changed_.wait(Deadline::at(next));
    }
}

}  // namespace persona::telegram
