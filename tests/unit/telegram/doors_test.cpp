// The two doors of the intake: long poll and webhook.
#include "intake_room.hpp"

namespace persona::telegram {
namespace {

using namespace test;
using testing::ElementsAre;

// getUpdates as Telegram does it: what is at or above the offset, else it waits (here: until new updates are put in).
// The server owns it, since a long poll under way outlives the body of a test.
class Feed {
public:
    explicit Feed(Executor executor) : fed_(executor) {}
    static Feed& of(BotApiServer& server, Executor executor) {
        auto feed = std::make_shared<Feed>(executor);
        server.always["getUpdates"] = [feed](const Asked& asked) { return feed->answer(asked); };
        return *feed;
    }
    void put(const Update& update) {
        updates_[update.id.value] = update.raw;
        fed_.notify();
    }
    std::int64_t confirmed = 0;

private:
    Task<http::Response> answer(Asked asked) {
        if (const auto* offset = asked.params.if_contains("offset")) confirmed = std::max(confirmed, offset->as_int64());
        const auto wait = Deadline::after(std::chrono::seconds(asked.params.at("timeout").as_int64()));
        for (;;) {
            std::string list;
            for (auto at = updates_.lower_bound(confirmed); at != updates_.end(); ++at) list += (list.empty() ? "" : ",") + at->second;
            if (!list.empty() || wait.passed()) co_return BotApiServer::ok("[" + list + "]");
            (void)co_await fed_.wait(wait);
        }
    }
    std::map<std::int64_t, std::string> updates_;
    Signal fed_;
};

TEST(Poll, TakesUpdatesAndConfirmsWhatIsCommitted) {
    with_bot([](BotApiServer& server, Bot& bot) -> Task<void> {
        Feed& feed = Feed::of(server, co_await asio::this_coro::executor);
        bot.poll();
        feed.put(text_of(10, 7, "a"));
        feed.put(text_of(11, 8, "b"));
        static constexpr postgres::Query sorted{"test.bodies", "SELECT body FROM applied ORDER BY body"};
        co_await bot.until(sorted, "a b");
        co_await server.heard("getUpdates", 2);
        feed.put(text_of(12, 7, "c"));
        co_await bot.until(sorted, "a b c");
        EXPECT_GE(feed.confirmed, 12);
        EXPECT_EQ(server.asked.front().method, "deleteWebhook");
        EXPECT_FALSE(server.asked.front().params.at("drop_pending_updates").as_bool());
        const auto& first = server.asked.at(1).params;
        EXPECT_EQ(first.at("limit").as_int64(), 100);
        EXPECT_FALSE(first.contains("offset"));
        EXPECT_EQ(json::serialize(first.at("allowed_updates")), R"(["message","callback_query","pre_checkout_query","my_chat_member"])");
        EXPECT_EQ(server.count("deleteWebhook"), 1U);
        const auto begin = Deadline::Steady::now();
        co_await bot.stop();
        EXPECT_LT(Deadline::Steady::now() - begin, 800ms) << "a long poll under way ends at once";
    });
}

TEST(Poll, ConfirmsNothingWhileTheDatabaseIsAway) {
    auto config = brisk();
    config.lease = 1min;  // else polling itself would stop without a database
    with_bot(
        [](BotApiServer& server, Bot& bot) -> Task<void> {
            Feed& feed = Feed::of(server, co_await asio::this_coro::executor);
            bot.poll();
            feed.put(text_of(10, 7, "a"));
            co_await bot.until(applied, "a");
            co_await server.heard("getUpdates", 2);
            persona::test::postgres_stop();
            feed.put(text_of(11, 7, "b"));
            co_await bot.handled(2);
            persona::test::postgres_start();
            for (bool up = false; !up;) try {
                    co_await bot.house.ask(applied);
                    up = true;
                } catch (const Unavailable&) {}
            bot.retry();
            co_await bot.until(applied, "a b");
        },
        config);
}

TEST(Poll, BacksOffAndSaysWhyWhenAnotherPolls) {
    with_bot([](BotApiServer& server, Bot& bot) -> Task<void> {
        Feed& feed = Feed::of(server, co_await asio::this_coro::executor);
        server.once["getUpdates"].push_back(BotApiServer::refuse(409, "Conflict: terminated by other getUpdates request"));
        server.once["getUpdates"].push_back(http::Response::text(502, "<html>"));
        testing::internal::CaptureStderr();
        bot.poll();
        feed.put(text_of(10, 7, "a"));
        co_await bot.until(applied, "a");
        EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("terminated by other getUpdates"));
        EXPECT_EQ(server.count("deleteWebhook"), 2U) << "a webhook may be the reason";
    });
}

TEST(Poll, M10_TwoProcessesNeverPollAtOnceAndOneTakesOver) {
    run([]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        const auto dsn = persona::test::postgres_dsn();
        BotApiServer server(executor);
        Feed& feed = Feed::of(server, executor);
        Bot one(executor, dsn, server), two(executor, dsn, server);
        co_await one.open();
        co_await two.open();
        one.poll();
        co_await server.heard("getUpdates", 1);
        two.poll();
        feed.put(text_of(1, 7, "a"));
        co_await one.until(applied, "a");
        EXPECT_EQ(one.handled_.size(), 1U);
        EXPECT_EQ(server.count("deleteWebhook"), 1U) << "the other has not begun";
        co_await one.stop();
        feed.put(text_of(2, 7, "b"));
        co_await two.handled(1);
        co_await two.until(applied, "a b");
        co_await two.stop();
        co_await server.stop();
    });
}

TEST(Webhook, AnswersAfterTheCommitAndRefusesStrangers) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        const Secret secret("a-webhook-secret");
        const auto post = [&](std::string given, std::string body) -> Task<unsigned> {
            http::Request request{.method = "POST", .body = std::move(body)};
            if (!given.empty()) request.headers.add("x-telegram-bot-api-secret-token", given);
            co_return (co_await webhook(bot.intake, secret, request)).status;
        };
        const std::string good = text_of(1, 7, "a").raw;
        EXPECT_EQ(co_await post("", good), 401U);
        EXPECT_EQ(co_await post("a-webhook-secres", good), 401U);
        EXPECT_EQ(co_await post("a-webhook-secret-", good), 401U);
        EXPECT_EQ(co_await post("a-webhook-secret", "{}"), 400U);
        EXPECT_EQ(co_await bot.house.ask(applied), "");
        EXPECT_EQ(co_await post("a-webhook-secret", good), 200U);
        EXPECT_EQ(co_await bot.house.ask(applied), "a");
        const http::Request bare{.method = "POST", .body = good};
        EXPECT_EQ((co_await webhook(bot.intake, Secret(), bare)).status, 401U) << "without a secret the door is shut";
    });
}

TEST(Webhook, AsksToComeBackWhenTheDatabaseIsAway) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        const Secret secret("a-webhook-secret");
        http::Request request{.method = "POST", .body = text_of(1, 7, "a").raw};
        request.headers.add("X-Telegram-Bot-Api-Secret-Token", secret.reveal());
        persona::test::postgres_stop();
        const auto away = co_await webhook(bot.intake, secret, request);
        EXPECT_EQ(away.status, 503U);
        EXPECT_EQ(away.headers.value("Retry-After"), "5");
        persona::test::postgres_start();
        unsigned status = 503;
        while (status == 503) status = (co_await webhook(bot.intake, secret, request)).status;
        EXPECT_EQ(status, 200U);
        bot.retry();
        co_await bot.until(applied, "a");
    });
}

}  // namespace
}  // namespace persona::telegram
