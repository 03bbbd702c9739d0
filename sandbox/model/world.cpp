#include "sandbox/model/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::sandbox {
namespace {

constexpr std::size_t most_messages = 5'000;  // of one chat; older ones are forgotten

std::string hash_of(std::string_view token) { return to_hex(sha256(as_bytes(token))); }

// "123456:AA…": digits, a colon, at least 3 characters of the secret's alphabet (Telegram's are 35, tests use short ones).
std::optional<BotId> id_in(std::string_view token) {
    const auto colon = token.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 16 || token.size() < colon + 4) return std::nullopt;
    const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    const auto secret = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
    if (!std::ranges::all_of(token.substr(0, colon), digit) || !std::ranges::all_of(token.substr(colon + 1), secret)) return std::nullopt;
    return BotId(std::stoll(std::string(token.substr(0, colon))));
}

}  // namespace

World::World(std::filesystem::path folder, std::string fixed_token)
    : folder_(std::move(folder)),
      fixed_hash_(fixed_token.empty() ? "" : hash_of(fixed_token)),
      journal_(folder_.empty() ? folder_ : folder_ / "journal") {
    if (!folder_.empty()) std::filesystem::create_directories(folder_ / "files");
    journal_.replay([this](std::string_view key, std::string_view value) { read(key, value); });
    for (auto& [id, bot] : bots_) restart_delivery(bot);
    // Events of a former run that left no message behind had numbers too.
    events.never_below(events.last() + 1000);
    if (fixed_token.empty()) return;
    main_bot_ = bot_of(fixed_token);
    if (!main_bot_) throw BadConfig("the fixed bot token has not the form digits:secret");
}

void World::flush() {
    journal_.flush();
    if (journal_.bloated()) compact();
}

bool World::is_token(std::string_view text) { return id_in(text).has_value(); }

Bot* World::bot_of(std::string_view token) {
    const auto id = id_in(token);
    if (!id) return nullptr;
    auto* known = bot(*id);
    if (known && known->token == token) return known;
    const auto hash = hash_of(token);
    const bool fixed = !fixed_hash_.empty();
    if (fixed ? hash != fixed_hash_ : known && known->token_hash != hash) return nullptr;
    auto& made = known ? *known : make_bot(*id);
    made.token = token;
    if (std::exchange(made.token_hash, hash) == hash) return &made;
    save(made);
    tell({.bot = made.id, .type = "bot"});
    return &made;
}

Bot& World::make_bot(BotId id) {
    auto& made = bots_[id];
    made.id = id;
    made.first_name = "Persona";
    made.username = fmt::format("persona_{}_bot", id.value);
    main_bot_ = &made;
    return made;
}

Bot* World::bot(BotId id) {
    const auto found = bots_.find(id);
    return found == bots_.end() ? nullptr : &found->second;
}

void World::save(const Bot& bot) { journal_.put(fmt::format("b/{}", bot.id.value), json::serialize(bot.as_record())); }

User& World::put_user(User user) {
    if (user.id.value == 0) {
        // Above 2^32: a bot that keeps ids in 32 bits fails at once, not in production.
        user.id = TelegramId(7'000'000'001);
        if (!users_.empty()) user.id = TelegramId(std::max(user.id.value, users_.rbegin()->first.value + 1));
    }
    if (user.phone.empty()) user.phone = fmt::format("+7900{:07}", user.id.value % 10'000'000);
    auto& kept = users_[user.id] = std::move(user);
    journal_.put(fmt::format("u/{}", kept.id.value), json::serialize(kept.as_record()));
    tell({.chat = ChatId(kept.id.value), .type = "user", .extra = {{"user", kept.as_record()}}});
    return kept;
}

const User* World::user(TelegramId id) const {
    const auto found = users_.find(id);
    return found == users_.end() ? nullptr : &found->second;
}

Group& World::put_group(Group group) {
    if (group.id.value == 0)
        group.id = ChatId(groups_.empty() ? -4'000'000'001 : std::min<std::int64_t>(-4'000'000'001, groups_.begin()->first.value - 1));
    auto& kept = groups_[group.id] = std::move(group);
    journal_.put(fmt::format("g/{}", kept.id.value), json::serialize(kept.as_record()));
    tell({.chat = kept.id, .type = "chat", .extra = {{"group", kept.as_record()}}});
    return kept;
}

const Group* World::group(ChatId id) const {
    const auto found = groups_.find(id);
    return found == groups_.end() ? nullptr : &found->second;
}

json::value World::chat_json(ChatId id) const {
    if (const auto* person = user(TelegramId(id.value))) return person->as_chat();
    if (const auto* many = group(id)) return many->as_chat();
    return nullptr;
}

Conversation& World::open(Bot& bot, ChatId chat) {
    auto [place, fresh] = bot.chats.try_emplace(chat);
    place->second.chat = chat;
    if (fresh) save(bot, place->second);
    return place->second;
}

Conversation* World::conversation(Bot& bot, ChatId chat) {
    const auto found = bot.chats.find(chat);
    return found == bot.chats.end() ? nullptr : &found->second;
}

void World::save(const Bot& bot, const Conversation& in) {
    journal_.put(fmt::format("s/{}/{}", bot.id.value, in.chat.value), json::serialize(in.as_record()));
}

void World::save(const Bot& bot, const Conversation& in, const Message& message) {
    // Text instead of a tree: the body is serialised once and not copied.
    journal_.put(fmt::format("m/{}/{}/{}", bot.id.value, in.chat.value, message.id.value),
                 fmt::format(R"({{"seq":{},"by_bot":{},"payload":{},"body":{}}})", message.seq, message.by_bot,
                             json::serialize(json::string(message.payload)), json::serialize(*message.body)));
}

const Message& World::post(Bot& bot, Conversation& to, const json::object& from, json::object content, Time now, json::object extra,
                           std::string payload) {
    const MessageId id(bot.next_message++);
    json::object body{{"message_id", id.value},
                      {"from", from},
                      {"chat", chat_json(to.chat)},
                      {"date", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()}};
    for (auto& [key, value] : content) body[key] = std::move(value);
    auto& message = to.messages[id];
    message = {id, 0, flag_of(from, "is_bot"), std::make_shared<const json::object>(std::move(body)), std::move(payload)};
    message.seq =
        tell({.bot = bot.id, .chat = to.chat, .type = "message", .by_bot = message.by_bot, .message = message.body, .extra = std::move(extra)});
    save(bot, to, message);
    if (to.messages.size() > most_messages) {
        journal_.drop(fmt::format("m/{}/{}/{}", bot.id.value, to.chat.value, to.messages.begin()->first.value));
        to.messages.erase(to.messages.begin());
    }
    return message;
}

const Message& World::amend(Bot& bot, Conversation& in, Message& message, json::object body) {
    message.body = std::make_shared<const json::object>(std::move(body));
    message.seq = tell({.bot = bot.id, .chat = in.chat, .type = "edit", .by_bot = message.by_bot, .message = message.body});
    save(bot, in, message);
    return message;
}

void World::erase(Bot& bot, Conversation& in, MessageId id) {
    in.messages.erase(id);
    journal_.drop(fmt::format("m/{}/{}/{}", bot.id.value, in.chat.value, id.value));
    tell({.bot = bot.id, .chat = in.chat, .type = "delete", .by_bot = true, .extra = {{"message_id", id.value}}});
}

void World::enqueue(Bot& bot, std::string_view type, std::int64_t lane, const json::value& content, Time now) {
    if (!bot.updates.allows(type)) return;
    const auto* update = bot.updates.push(type, lane, content, now);
    journal_.put(fmt::format("q/{}/{}", bot.id.value, update->id.value), fmt::format(R"({{"type":"{}","lane":{},"expires":{},"body":{}}})", type,
                                                                                     lane, update->expires.time_since_epoch().count(), update->body));
    traffic.queued(bot.id, chat_of_update(content), *update, now);
    if (bot.delivery) bot.delivery->added(update->id, lane);
    on_update(bot);
}

void World::dropped(Bot& bot, const std::vector<UpdateId>& ids) {
    for (const auto id : ids) journal_.drop(fmt::format("q/{}/{}", bot.id.value, id.value));
}

void World::restart_delivery(Bot& bot) {
    ++bot.hook;
    bot.delivery.reset();
    if (bot.webhook.url.empty()) return;
    bot.delivery.emplace(bot.webhook.max_connections);
    for (const auto& [id, update] : bot.updates.all()) bot.delivery->added(id, update.lane);
}

std::string World::add_callback(Bot& bot, Callback callback) {
    // Numbers grow with time, so the oldest come first.
    while (!bot.callbacks.empty() && bot.callbacks.begin()->second.expires < callback.expires - lifetime("callback_query"))
        drop_callback(bot, std::string(bot.callbacks.begin()->first));
    auto id = number();
    journal_.put(fmt::format("c/{}/{}", bot.id.value, id), json::serialize(json::object{{"from", callback.from.value},
                                                                                        {"chat", callback.chat.value},
                                                                                        {"message", callback.message.value},
                                                                                        {"expires", callback.expires.time_since_epoch().count()}}));
    bot.callbacks.emplace(id, callback);
    return id;
}

void World::drop_callback(Bot& bot, const std::string& id) {
    bot.callbacks.erase(id);
    journal_.drop(fmt::format("c/{}/{}", bot.id.value, id));
}

const StoredFile& World::put_file(StoredFile file, std::string_view content) {
    const auto kept_as = file.unique_id;
    if (folder_.empty()) {
        contents_[kept_as] = content;
    } else {
        std::ofstream out(folder_ / "files" / kept_as, std::ios::binary);
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!out.flush()) throw Error("cannot write a file of a chat to the data folder");
    }
    journal_.put("f/" + file.id, json::serialize(file.as_record()));
    files_by_name_[file.unique_id] = files_by_name_[file.path] = file.id;
    const auto id = file.id;
    return files_[id] = std::move(file);
}

const StoredFile* World::file(std::string_view id) const {
    auto found = files_.find(std::string(id));
    if (found != files_.end()) return &found->second;
    const auto named = files_by_name_.find(std::string(id));
    return named == files_by_name_.end() ? nullptr : &files_.at(named->second);
}

std::filesystem::path World::location(const StoredFile& file) const { return folder_ / "files" / file.unique_id; }

std::uint64_t World::tell(Event event) {
    const auto chat = event.chat;
    const auto seq = events.add(std::move(event));
    on_event(chat);
    return seq;
}

std::string World::number() {
    // Grows with time, so that a restart never gives one twice.
    next_number_ = std::max(next_number_ + 1, wall_now().time_since_epoch().count());
    return std::to_string(next_number_);
}

}  // namespace persona::sandbox
