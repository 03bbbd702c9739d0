#include "bot/redis_hot_states.hpp"

#include <fmt/format.h>

namespace persona::bot {
namespace {

constexpr auto copy_lives = std::chrono::seconds(3600);
constexpr auto told_for = 10s;             // one notice in this time
constexpr auto redis_patience = 200ms;     // PostgreSQL answers instead
constexpr std::size_t most_writes = 1000;  // under way; beyond it a copy is just not kept

// KEYS: limit, session, told. ARGV: ms an update costs, burst, ms of the notice. Generic cell rate: the time at which the
// person's credit is full again moves by one interval with each update.
const redis::Script look_script("hot.find", R"(
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or '0')
if full < now then full = now end
if full - now > interval * (burst - 1) then
  local first = redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[3])
  return {0, first and 1 or 0, false}
end
full = full + interval
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', string.format('%.0f', full - now + 1000))
return {1, 0, redis.call('HGET', KEYS[2], 's')}
)");

// KEYS: session. ARGV: version as 20 digits, session, seconds. Numbers of Lua are doubles: versions are compared as text.
const redis::Script keep_script("hot.put", R"(
local known = redis.call('HGET', KEYS[1], 'v')
if known and known >= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 's', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
)");

}  // namespace

HotStates::Found LocalLimit::ask(TelegramId person, std::chrono::steady_clock::time_point now) {
    if (people_.size() >= most_people) people_.clear();
    const auto interval = std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(1 / limit_.per_second));
    Entry& entry = people_[person];
    if (entry.full_at < now) entry.full_at = now;
    if (entry.full_at - now > interval * (limit_.burst - 1)) {
        const bool first = entry.told_at + told_for < now;
        if (first) entry.told_at = now;
        return {.allowed = false, .first_refusal = first, .session = {}};
    }
    entry.full_at += interval;
    return {};
}

RedisHotStates::RedisHotStates(Executor executor, redis::Redis& redis, std::string epoch, RateLimit limit)
    : redis_(redis), epoch_(std::move(epoch)), limit_(limit), local_(limit), writes_(executor, "bot") {}

// The braces keep a person's keys on one node of a cluster.
std::string RedisHotStates::key(TelegramId person, std::string_view what) const {
    return fmt::format("persona:{}:{{{}}}:{}", epoch_, person.value, what);
}

Task<HotStates::Found> RedisHotStates::find(TelegramId person, Deadline deadline) {
    if (!redis_.connected()) co_return local_.ask(person, std::chrono::steady_clock::now());
    const auto interval = static_cast<std::int64_t>(1000 / limit_.per_second);
    try {
        std::vector<std::string> keys{key(person, "limit"), key(person, "session"), key(person, "told")};
        std::vector<std::string> args{std::to_string(interval), std::to_string(limit_.burst), std::to_string(Millis(told_for).count())};
        const redis::Value value = co_await redis_.run(look_script, std::move(keys), std::move(args), deadline.within(redis_patience));
        const auto& fields = value.items;
        Found found{.allowed = fields.at(0).number == 1, .first_refusal = fields.at(1).number == 1, .session = {}};
        if (!fields.at(2).is_null()) found.session = fields.at(2).text;
        co_return found;
    } catch (const Unavailable&) {
    } catch (const redis::Refused&) {}
    co_return local_.ask(person, std::chrono::steady_clock::now());
}

void RedisHotStates::put(TelegramId person, std::int64_t version, std::string session) {
    if (redis_.connected() && writes_.size() < most_writes) writes_.spawn("keep a hot state", write(person, version, std::move(session)));
}

Task<void> RedisHotStates::write(TelegramId person, std::int64_t version, std::string session) {
    try {
        std::vector<std::string> keys{key(person, "session")};
        std::vector<std::string> args{fmt::format("{:020}", version), std::move(session), std::to_string(copy_lives.count())};
        co_await redis_.run(keep_script, std::move(keys), std::move(args), Deadline::after(redis_patience));
    } catch (const Unavailable&) {  // no copy, no harm
    } catch (const redis::Refused&) {}
}

Task<void> RedisHotStates::stop() {
    writes_.cancel();
    co_await writes_.join(Deadline::after(1s));
}

}  // namespace persona::bot
