// The whole state of this Telegram, on one thread. Changes go to the journal as they are made; flush() before the answer that
// tells of them makes them safe. Owned by main; the Bot API and the people's side both act through it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sandbox/model/entities.hpp"
#include "sandbox/model/events.hpp"
#include "sandbox/model/faults.hpp"
#include "sandbox/model/journal.hpp"
#include "sandbox/model/recorder.hpp"
#include "sandbox/model/traffic.hpp"

namespace persona::sandbox {

struct Upload {
    std::string field, name, mime, content;
};

class World {
public:
    // folder: journal and files; empty keeps nothing (tests). fixed_token: the only one accepted; empty accepts any of the
    // right shape. Throws Error where the journal is locked or does not read.
    World(std::filesystem::path folder, std::string fixed_token);

    // Called after each event of a chat, and after each update that a bot may fetch. Set once, before the first call.
    std::function<void(ChatId)> on_event = [](ChatId) {};
    std::function<void(Bot&)> on_update = [](Bot&) {};

    void flush();

    // True for "digits:secret".
    static bool is_token(std::string_view text);
    // The bot of a token "id:secret"; made on its first call. Null: the token is not accepted.
    Bot* bot_of(std::string_view token);
    Bot* bot(BotId id);
    // The one that people write to unless they name another: the latest made. Null: none yet.
    Bot* main_bot() { return main_bot_; }
    std::map<BotId, Bot>& bots() { return bots_; }
    void save(const Bot& bot);

    // An id of 0 takes the next free one. Overwrites the person of that id.
    User& put_user(User user);
    const User* user(TelegramId id) const;
    const std::map<TelegramId, User>& users() const { return users_; }
    Group& put_group(Group group);
    const Group* group(ChatId id) const;
    const std::map<ChatId, Group>& groups() const { return groups_; }
    // The Chat object of a person or a group; null where there is none.
    json::value chat_json(ChatId id) const;

    // Made on first use by the people's side; null from the bot's side where nobody wrote yet.
    Conversation& open(Bot& bot, ChatId chat);
    Conversation* conversation(Bot& bot, ChatId chat);
    void save(const Bot& bot, const Conversation& conversation);

    // Adds message_id, date and chat to the content. extra: told with the event (a reply keyboard).
    const Message& post(Bot& bot, Conversation& to, const json::object& from, json::object content, Time now, json::object extra = {},
                        std::string payload = {});
    // Replaces the body and tells of an edit.
    const Message& amend(Bot& bot, Conversation& in, Message& message, json::object body);
    void erase(Bot& bot, Conversation& in, MessageId id);

    // Queues an update for the bot, unless its type is not asked for.
    void enqueue(Bot& bot, std::string_view type, std::int64_t lane, const json::value& content, Time now);
    void dropped(Bot& bot, const std::vector<UpdateId>& ids);
    // Starts (or ends, without a url) the delivery of what waits.
    void restart_delivery(Bot& bot);

    std::string add_callback(Bot& bot, Callback callback);
    void drop_callback(Bot& bot, const std::string& id);

    const StoredFile& put_file(StoredFile file, std::string_view content);
    // By file_id, unique id, or the path that getFile told.
    const StoredFile* file(std::string_view id) const;
    std::filesystem::path location(const StoredFile& file) const;

    std::uint64_t tell(Event event);
    std::string number();  // unique, for callback queries, albums, charges

    Events events;
    Recorder recorder;
    Traffic traffic;
    Faults faults;

private:
    void read(std::string_view key, std::string_view value);
    void read_bot(const json::object& record);
    void read_message(BotId bot, ChatId chat, MessageId id, std::string_view value);
    void compact();
    void save(const Bot& bot, const Conversation& in, const Message& message);
    Bot& make_bot(BotId id);

    std::filesystem::path folder_;
    std::string fixed_hash_;
    Journal journal_;
    std::map<BotId, Bot> bots_;
    Bot* main_bot_ = nullptr;
    std::map<TelegramId, User> users_;
    std::map<ChatId, Group> groups_;
    std::unordered_map<std::string, StoredFile> files_;           // by file_id
    std::unordered_map<std::string, std::string> files_by_name_;  // unique id or path to file_id
    std::unordered_map<std::string, std::string> contents_;       // of files, where there is no folder
    std::int64_t next_number_ = 0;
};

}  // namespace persona::sandbox
