// Reading the state back, and writing it whole when the journal has grown too long.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/error.hpp"
#include "sandbox/model/world.hpp"

namespace persona::sandbox {
namespace {

// "m/12/34/56" → 12, 34, 56
std::vector<std::int64_t> numbers_in(std::string_view key) {
    std::vector<std::int64_t> out;
    for (std::size_t at = 2; at <= key.size();) {
        const auto end = std::min(key.find('/', at), key.size());
        std::int64_t number = 0;
        std::from_chars(key.data() + at, key.data() + end, number);
        out.push_back(number);
        at = end + 1;
    }
    return out;
}

Time time_of(const json::object& record, std::string_view key) { return Time(Micros(integer_of(record, key))); }

}  // namespace

void World::read(std::string_view key, std::string_view value) {
    const auto ids = numbers_in(key);
    if (key[0] == 'm') return read_message(BotId(ids.at(0)), ChatId(ids.at(1)), MessageId(ids.at(2)), value);
    if (key[0] == 'q') bots_[BotId(ids.at(0))].updates.never_below(UpdateId(ids.at(1) + 1));
    if (value.empty()) return;
    const auto record = json::parse(value).as_object();
    switch (key[0]) {
        case 'b': return read_bot(record);
        case 'u': users_[TelegramId(ids.at(0))] = User::from_record(record); return;
        case 'g': groups_[ChatId(ids.at(0))] = Group::from_record(record); return;
        case 's': {
            auto& in = bots_[BotId(ids.at(0))].chats[ChatId(ids.at(1))];
            in.chat = ChatId(ids.at(1));
            in.keyboard = record.at("keyboard");
            in.blocked = flag_of(record, "blocked");
            return;
        }
        case 'q':
            bots_[BotId(ids.at(0))].updates.restore({UpdateId(ids.at(1)), std::string(text_of(record, "type")), integer_of(record, "lane"),
                                                     time_of(record, "expires"), json::serialize(record.at("body")), false});
            return;
        case 'c':
            bots_[BotId(ids.at(0))].callbacks[std::string(key.substr(key.rfind('/') + 1))] = {
                TelegramId(integer_of(record, "from")), ChatId(integer_of(record, "chat")), MessageId(integer_of(record, "message")),
                time_of(record, "expires")};
            return;
        case 'f': {
            auto file = StoredFile::from_record(record);
            files_by_name_[file.unique_id] = files_by_name_[file.path] = file.id;
            files_[file.id] = std::move(file);
            return;
        }
        default: throw Corrupt(fmt::format("the sandbox's journal has an unknown key {}", key));
    }
}

void World::read_bot(const json::object& record) {
    auto& bot = make_bot(BotId(integer_of(record, "id")));
    bot.token_hash = text_of(record, "token_hash");
    bot.first_name = text_of(record, "first_name");
    bot.username = text_of(record, "username");
    bot.next_message = std::max(bot.next_message, integer_of(record, "next_message"));
    bot.updates.never_below(UpdateId(integer_of(record, "next_update")));
    bot.settings = record.at("settings").as_object();
    std::set<std::string, std::less<>> allowed;
    for (const auto& type : record.at("allowed").as_array()) allowed.emplace(type.as_string());
    bot.updates.allow(std::move(allowed));
    const auto& hook = record.at("webhook").as_object();
    bot.webhook = {std::string(text_of(hook, "url")), std::string(text_of(hook, "secret")),
                   static_cast<std::size_t>(integer_of(hook, "max_connections")), integer_of(hook, "last_error_date"),
                   std::string(text_of(hook, "last_error_message"))};
}

void World::read_message(BotId bot_id, ChatId chat, MessageId id, std::string_view value) {
    auto& bot = bots_[bot_id];
    bot.next_message = std::max(bot.next_message, id.value + 1);
    if (value.empty()) return;
    auto record = json::parse(value).as_object();
    Message message{id, static_cast<std::uint64_t>(integer_of(record, "seq")), flag_of(record, "by_bot"),
                    std::make_shared<const json::object>(std::move(record.at("body").as_object())), std::string(text_of(record, "payload"))};
    events.never_below(message.seq + 1);
    auto& in = bot.chats[chat];
    in.chat = chat;
    in.messages.insert_or_assign(id, std::move(message));
}

void World::compact() {
    journal_.rewrite([this](const Journal::Put& put) {
        for (const auto& [id, user] : users_) put(fmt::format("u/{}", id.value), json::serialize(user.as_record()));
        for (const auto& [id, group] : groups_) put(fmt::format("g/{}", id.value), json::serialize(group.as_record()));
        for (const auto& [id, file] : files_) put("f/" + id, json::serialize(file.as_record()));
        for (const auto& [id, bot] : bots_) {
            put(fmt::format("b/{}", id.value), json::serialize(bot.as_record()));
            for (const auto& [chat, in] : bot.chats) {
                put(fmt::format("s/{}/{}", id.value, chat.value), json::serialize(in.as_record()));
                for (const auto& [number, message] : in.messages)
                    put(fmt::format("m/{}/{}/{}", id.value, chat.value, number.value),
                        json::serialize(
                            json::object{{"seq", message.seq}, {"by_bot", message.by_bot}, {"payload", message.payload}, {"body", *message.body}}));
            }
            for (const auto& [number, update] : bot.updates.all())
                put(fmt::format("q/{}/{}", id.value, number.value), fmt::format(R"({{"type":"{}","lane":{},"expires":{},"body":{}}})", update.type,
                                                                                update.lane, update.expires.time_since_epoch().count(), update.body));
            for (const auto& [number, callback] : bot.callbacks)
                put(fmt::format("c/{}/{}", id.value, number),
                    json::serialize(json::object{{"from", callback.from.value},
                                                 {"chat", callback.chat.value},
                                                 {"message", callback.message.value},
                                                 {"expires", callback.expires.time_since_epoch().count()}}));
        }
    });
}

}  // namespace persona::sandbox
