#include "studio/accounts/accounts.hpp"

namespace persona::accounts {
namespace {

constexpr postgres::Query find_query{
    "accounts.find",
    "SELECT u.id, u.username, u.first_name, u.last_name, u.telegram_language, u.bot_blocked_at IS NOT NULL, g.language, g.time_zone, s.version, "
    "s.state_data, g.recording_language, g.notifications"
    " FROM users u JOIN user_settings g ON g.user_id = u.id JOIN user_states s ON s.user_id = u.id WHERE u.telegram_id = $1::bigint"};
constexpr postgres::Query new_id_query{"accounts.new_id", "SELECT nextval('users_id_seq')"};
constexpr postgres::Query register_query{
    "accounts.register", "SELECT account_register($1::bigint, $2::bigint, $3, $4, $5, $6, $7::bytea, $8, $9::bytea, $10::bigint, $11::numeric, $12)"};
constexpr postgres::Query put_state_query{"accounts.put_state", "SELECT state_put($1::bigint, $2::bigint, $3::bigint, $4::bytea)"};
constexpr postgres::Query profile_query{
    "accounts.follow_profile",
    "UPDATE users SET username = $2, first_name = $3, last_name = $4, telegram_language = $5, updated_at = now() WHERE id = $1::bigint"};
constexpr postgres::Query language_query{"accounts.language",
                                         "UPDATE user_settings SET language = $2, updated_at = now() WHERE user_id = $1::bigint"};
constexpr postgres::Query recording_language_query{"accounts.recording_language",
                                                   "UPDATE user_settings SET recording_language = $2, updated_at = now() WHERE user_id = $1::bigint"};
constexpr postgres::Query notices_query{"accounts.notices",
                                        "UPDATE user_settings SET notifications = $2::boolean, updated_at = now() WHERE user_id = $1::bigint"};
constexpr postgres::Query id_query{"accounts.id", "SELECT id FROM users WHERE telegram_id = $1::bigint"};
constexpr postgres::Query blocked_query{
    "accounts.blocked",
    "UPDATE users SET bot_blocked_at = CASE WHEN $2::boolean THEN coalesce(bot_blocked_at, now()) END WHERE telegram_id = $1::bigint"
    " AND (bot_blocked_at IS NOT NULL) <> $2::boolean"};
constexpr postgres::Query number_query{"accounts.next_number", "SELECT next_number($1::bigint, $2)"};
constexpr postgres::Query address_query{
    "accounts.address",
    "SELECT u.telegram_id, g.language, u.telegram_language, g.time_zone, u.first_name, g.recording_language, g.notifications FROM "
    "users u JOIN user_settings g ON g.user_id = u.id WHERE u.id = $1::bigint"};

constexpr postgres::Query told_query{"accounts.group_told", "SELECT 1 FROM greeted_groups WHERE bot_id = $1::bigint AND chat_id = $2::bigint"};
constexpr postgres::Query tell_query{"accounts.tell_group",
                                     "INSERT INTO greeted_groups (bot_id, chat_id) VALUES ($1::bigint, $2::bigint) ON CONFLICT DO NOTHING"};

vault::Place state_place(UserId user) { return {"user_states.state_data", user.value}; }

std::string text(const postgres::Row& row, int column) { return row.maybe<std::string>(column).value_or(""); }
std::optional<std::string> nullable(const std::string& value) { return value.empty() ? std::nullopt : std::optional(value); }

// Names nobody: the same person who comes back after deletion has the same key, and earns no second welcome.
std::string welcome_key(const vault::Vault& vault, TelegramId telegram) {
    const auto digest = hmac_sha256(vault.system_key().derive("welcome").bytes(), as_bytes(std::to_string(telegram.value)));
    return "welcome:" + to_hex(digest);
}

}  // namespace

Task<std::optional<Account>> find(postgres::Pool& pool, vault::Vault& vault, TelegramId telegram, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, find_query, telegram);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    Account account{.id = row.get<UserId>(0),
                    .telegram = telegram,
                    .profile = {text(row, 1), text(row, 2), text(row, 3), text(row, 4)},
                    .language = text(row, 6),
                    .time_zone = text(row, 7),
                    .recording_language = text(row, 10),
                    .notices = row.get<bool>(11),
                    .bot_blocked = row.get<bool>(5),
                    .version = row.get<std::int64_t>(8)};
    const vault::Key key = co_await vault.key_of(account.id, deadline);
    account.state = vault::open(key, state_place(account.id), row.get<Bytes>(9));
    co_return account;
}

Task<Account> register_account(postgres::Pool& pool, vault::Vault& vault, NewAccount fresh, Deadline deadline) {
    const UserId id((co_await pool.read(deadline, new_id_query)).value<std::int64_t>());
    const vault::Key key = vault::Key::random();
    const vault::WrappedKey wrapped = vault.wrap(key, id);
    const std::int64_t version = next_version(0);
    const Profile& p = fresh.profile;
    postgres::Work work;
    work.add(register_query, id, fresh.telegram, nullable(p.username), nullable(p.first_name), nullable(p.last_name), nullable(p.language),
             wrapped.bytes, wrapped.master, vault::seal(key, state_place(id), fresh.state), version, fresh.welcome,
             welcome_key(vault, fresh.telegram));
    const auto done = co_await pool.commit(std::move(work), deadline);
    if (!done) throw Error("registration was refused: " + done.error().detail);
    if (done->front().value<std::int64_t>() == id.value) vault.remember(id, key);
    // Another process may have been first: what is stored decides.
    auto account = co_await find(pool, vault, fresh.telegram, deadline);
    if (!account) throw Error("a user who was just registered is gone");
    co_return std::move(*account);
}

std::int64_t next_version(std::int64_t version) {
    const Bytes random = random_bytes(3);
    const std::int64_t low = (random[0] << 16 | random[1] << 8 | random[2]) & 0xFFFFF;
    return ((version >> 20) + 1) << 20 | low;
}

void put_state(postgres::Work& work, const Account& account, const vault::Key& key, std::string_view state, std::int64_t version) {
    work.add(put_state_query, account.id, account.version, version, vault::seal(key, state_place(account.id), state));
}

bool state_changed(const postgres::Refusal& refusal) { return refusal.code == "PS001"; }

void follow_profile(postgres::Work& work, UserId user, const Profile& p) {
    work.add(profile_query, user, nullable(p.username), nullable(p.first_name), nullable(p.last_name), nullable(p.language));
}

void choose_language(postgres::Work& work, UserId user, std::string_view language) { work.add(language_query, user, language); }

void choose_recording_language(postgres::Work& work, UserId user, std::string_view language) {
    work.add(recording_language_query, user, nullable(std::string(language)));
}

void choose_notices(postgres::Work& work, UserId user, bool wanted) { work.add(notices_query, user, wanted); }

Task<std::optional<UserId>> id_of(postgres::Pool& pool, TelegramId telegram, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, id_query, telegram);
    co_return rows.empty() ? std::nullopt : std::optional(rows[0].get<UserId>(0));
}

Task<void> mark_blocked(postgres::Pool& pool, TelegramId telegram, bool blocked, Deadline deadline) {
    postgres::Work work;
    work.add(blocked_query, telegram, blocked);
    (void)co_await pool.commit(std::move(work), deadline);
}

Task<bool> group_was_told(postgres::Pool& pool, BotId bot, ChatId group, Deadline deadline) {
    co_return !(co_await pool.read(deadline, told_query, bot, group)).empty();
}

void tell_group(postgres::Work& work, BotId bot, ChatId group) { work.add(tell_query, bot, group); }

Task<std::int64_t> next_number(postgres::Pool& pool, UserId user, std::string_view name, Deadline deadline) {
    postgres::Work work;
    work.add(number_query, user, name);
    const auto done = co_await pool.commit(std::move(work), deadline);
    if (!done) throw Error("no number: " + done.error().detail);
    co_return done->front().value<std::int64_t>();
}

Task<std::optional<Address>> address_of(postgres::Pool& pool, UserId user, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, address_query, user);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return Address{row.get<TelegramId>(0), text(row, 1), text(row, 2), text(row, 3), text(row, 4), text(row, 5), row.get<bool>(6)};
}

}  // namespace persona::accounts
