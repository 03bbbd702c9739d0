#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "base/error.hpp"
#include "world.hpp"

namespace persona::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A folder that is gone after the test.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sandbox-test-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::vector<std::string> out;
    Journal journal(file);
    journal.replay([&](std::string_view key, std::string_view value) { out.push_back(std::string(key) + "=" + std::string(value)); });
    return out;
}

TEST(SandboxJournal, TheLastLineOfAKeyWins) {
    const Folder folder;
    {
        Journal journal(folder.path / "j");
        journal.replay([](auto, auto) { FAIL(); });
        journal.put("a", "1");
        journal.put("b", "2");
        journal.put("a", "3");
        journal.drop("b");
        journal.flush();
    }
    EXPECT_THAT(lines_of(folder.path / "j"), ElementsAre("a=3", "b="));
}

TEST(SandboxJournal, ATornLineIsCutAndTheNextOneIsWhole) {
    const Folder folder;
    std::ofstream(folder.path / "j") << "+a\t1\n+b\t2";
    {
        Journal journal(folder.path / "j");
        journal.replay([](auto, auto) {});
        journal.put("c", "3");
    }
    EXPECT_THAT(lines_of(folder.path / "j"), ElementsAre("a=1", "c=3"));
}

TEST(SandboxJournal, RewritingKeepsWhatLives) {
    const Folder folder;
    {
        Journal journal(folder.path / "j");
        journal.replay([](auto, auto) {});
        journal.put("a", "1");
        journal.flush();
        journal.rewrite([](const Journal::Put& put) { put("b", "2"); });
        journal.put("c", "3");
    }
    EXPECT_THAT(lines_of(folder.path / "j"), ElementsAre("b=2", "c=3"));
}

TEST(SandboxJournal, OneProcessAtATime) {
    const Folder folder;
    const Journal first(folder.path / "j");
    EXPECT_THROW(Journal second(folder.path / "j"), Error);
}

// Everything of a world that must survive, as text.
std::string shown(World& world) {
    std::string out;
    for (const auto& [id, user] : world.users()) out += json::serialize(user.as_record()) + "\n";
    for (const auto& [id, group] : world.groups()) out += json::serialize(group.as_record()) + "\n";
    for (const auto& [id, bot] : world.bots()) {
        out += json::serialize(bot.as_record()) + "\n";
        for (const auto& [chat, in] : bot.chats) {
            out += json::serialize(in.as_record());
            for (const auto& [number, message] : in.messages) out += json::serialize(*message.body) + message.payload + "\n";
        }
        for (const auto& [number, update] : bot.updates.all()) out += update.body + "\n";
        for (const auto& [number, callback] : bot.callbacks) out += number + "\n";
    }
    return out;
}

// Random acts of a bot and of people, the process "killed" (forgotten without a word) after each of a few.
TEST(SandboxRestart, NothingThatWasFlushedIsLost) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        const Folder folder;
        std::string before;
        std::int64_t highest_message = 0, highest_update = 0;
        for (int life = 0; life < 4; ++life) {
            World world(folder.path, "");
            BotApi api(world);
            People people(world);
            auto& bot = *world.bot_of(test::token);
            EXPECT_EQ(life == 0 ? "" : shown(world), before) << "seed " << seed;
            EXPECT_GT(bot.next_message, highest_message);
            EXPECT_GE(bot.updates.next_id().value, highest_update);
            const Time now = wall_now();
            if (life == 0) world.put_user({TelegramId(0), "Anna", "", "", "ru", ""});
            const ChatId chat(world.users().begin()->first.value);
            const auto call = [&](std::string method, json::object params) {
                params["chat_id"] = chat.value;
                api.call({test::token, std::move(method), {}, std::move(params), {}}, now);
            };
            for (int act = 0; act < 30; ++act) {
                const auto id = static_cast<std::int64_t>(random() % 40);
                switch (random() % 9) {
                    case 0: people.write(bot, chat, {{"text", std::to_string(act)}}, now).value(); break;
                    case 1: call("sendMessage", {{"text", "🙂" + std::to_string(act)}}); break;
                    case 2: call("editMessageText", {{"message_id", id}, {"text", "edited"}}); break;
                    case 3: call("deleteMessage", {{"message_id", id}}); break;
                    case 4: call("getUpdates", {{"offset", bot.updates.next_id().value - 2}}); break;
                    case 5: (void)people.press(bot, chat, {{"message_id", id}, {"data", "x"}, {"force", true}}, now); break;
                    case 6: call("setMyDescription", {{"description", std::to_string(act)}}); break;
                    case 7: (void)people.block(bot, chat, random() % 2 == 0, now); break;
                    default: (void)people.send_files(bot, chat, {{"kind", "document"}}, {{"f", "a.txt", "", "x"}}, now); break;
                }
            }
            world.flush();
            before = shown(world);
            highest_message = bot.next_message - 1;
            highest_update = bot.updates.next_id().value;
            // next_message and next_update stand in the bot's record only as of its last writing.
            world.save(bot);
            world.flush();
        }
    }
}

TEST(SandboxRestart, AnIdIsNotGivenTwiceThoughItsMessageIsGone) {
    const Folder folder;
    {
        World world(folder.path, "");
        auto& bot = *world.bot_of(test::token);
        auto& chat = world.open(bot, ChatId(world.put_user({TelegramId(0), "Anna", "", "", "ru", ""}).id.value));
        world.post(bot, chat, bot.as_from(), {{"text", "1"}}, wall_now());
        world.post(bot, chat, bot.as_from(), {{"text", "2"}}, wall_now());
        world.erase(bot, chat, MessageId(2));
        world.flush();
    }
    World world(folder.path, "");
    EXPECT_EQ(world.bot_of(test::token)->next_message, 3);
}

TEST(SandboxRestart, AFixedTokenIsTheOnlyOne) {
    World world({}, test::token);
    EXPECT_NE(world.bot_of(test::token), nullptr);
    EXPECT_EQ(world.bot_of("777:another"), nullptr);
    EXPECT_THROW(World({}, "nonsense"), BadConfig);

    const Folder folder;
    { EXPECT_NE(World(folder.path, "").bot_of("777:another"), nullptr); }
    World later(folder.path, test::token);
    EXPECT_EQ(later.bot_of("777:another"), nullptr);  // known from before, and still not the fixed one
    EXPECT_EQ(later.bot_of("777:changed"), nullptr);
    World changed({}, "777:changed");
    EXPECT_EQ(changed.main_bot()->id, BotId(777));
}

}  // namespace
}  // namespace persona::sandbox
