#include "studio/assistant/memory.hpp"

#include <boost/json.hpp>

namespace persona::assistant {
namespace {

namespace json = boost::json;

constexpr postgres::Query recall_query{"assistant.recall", "SELECT memory, epoch FROM dialogues WHERE user_id = $1::bigint"};
constexpr postgres::Query remember_query{"assistant.remember", "SELECT dialogue_remember($1::bigint, $2::bytea, $3::bigint)"};
constexpr postgres::Query forget_query{"assistant.forget", "SELECT dialogue_forget($1::bigint)"};

vault::Place place(UserId user) { return {"dialogues.memory", user.value}; }

std::string to_json(const Memory& memory) {
    json::array exchanges;
    for (const Exchange& e : memory.exchanges) exchanges.push_back(json::array{e.question, e.answer});
    return json::serialize(json::object{{"v", 1}, {"exchanges", std::move(exchanges)}});
}

std::vector<Exchange> from_json(std::string_view text) {
    std::vector<Exchange> out;
    const json::value stored = json::parse(text);  // our own, sealed: what does not parse is a fault and may throw
    for (const json::value& item : stored.at("exchanges").as_array())
        out.push_back({std::string(item.as_array().at(0).as_string()), std::string(item.as_array().at(1).as_string())});
    return out;
}

// Not within a character.
std::string beginning(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return text.substr(0, most) + "…";
}

std::size_t bytes(const std::vector<Exchange>& exchanges) {
    std::size_t sum = 0;
    for (const Exchange& e : exchanges) sum += e.question.size() + e.answer.size();
    return sum;
}

}  // namespace

void add(Memory& memory, Exchange exchange) {
    auto& all = memory.exchanges;
    all.push_back({beginning(std::move(exchange.question), most_bytes / 4), beginning(std::move(exchange.answer), most_bytes / 2)});
    while (all.size() > most_exchanges || (all.size() > 1 && bytes(all) > most_bytes)) all.erase(all.begin());
}

Task<Memory> recall(postgres::Pool& pool, UserId user, const vault::Key& key, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, recall_query, user);
    if (rows.empty()) co_return Memory{};
    Memory out{.exchanges = {}, .epoch = rows[0].get<std::int64_t>(1)};
    if (const auto sealed = rows[0].maybe<Bytes>(0)) out.exchanges = from_json(vault::open(key, place(user), *sealed));
    co_return out;
}

void remember(postgres::Work& work, UserId user, const vault::Key& key, const Memory& memory) {
    work.add(remember_query, user, vault::seal(key, place(user), to_json(memory)), memory.epoch);
}

void forget(postgres::Work& work, UserId user) { work.add(forget_query, user); }

}  // namespace persona::assistant
