#include <random>

#include "intake_room.hpp"

namespace persona::telegram {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Intake, M12_AnUpdateThatComesAgainDoesNothing) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        co_await bot.intake.accept(text_of(1, 7, "a"));
        co_await bot.intake.accept(text_of(1, 7, "a"));
        EXPECT_EQ(co_await bot.house.ask(applied), "a");
        EXPECT_THAT(bot.repeats, ElementsAre(1));
    });
}

TEST(Intake, M12_AnUpdateThatComesTwiceAtOnceIsHandledOnce) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        for (int i = 0; i < 5; ++i) bot.spawn(bot.intake.accept(text_of(1, 7, "a")));
        co_await bot.intake.accept(text_of(1, 7, "a"));
        EXPECT_EQ(bot.handled_.size(), 1U);
        EXPECT_EQ(co_await bot.house.ask(applied), "a");
    });
}

TEST(Intake, HandlesTheUpdatesOfAPersonOneAtATimeLowestFirstAndOthersBeside) {
    auto config = brisk();
    config.park_after = 5s;
    config.callback_patience = 5s;
    with_bot(
        [](BotApiServer&, Bot& bot) -> Task<void> {
            std::map<std::int64_t, int> running;
            int most_beside = 0;
            bot.on_update = [&](const Update& update, Delivery& delivery) -> Task<void> {
                EXPECT_EQ(++running[delivery.lane], 1) << "two updates of one person at once";
                most_beside =
                    std::max(most_beside, static_cast<int>(std::ranges::count_if(running, [](const auto& lane) { return lane.second > 0; })));
                co_await pause(Millis(update.id.value % 3));
                --running[delivery.lane];
            };
            std::vector<int> ids(30);
            std::iota(ids.begin(), ids.end(), 1);
            std::shuffle(ids.begin(), ids.end(), std::mt19937(1));
            for (const int id : ids)
                bot.spawn(bot.intake.accept(id % 10 == 0 ? press_of(id, 7, std::to_string(id)) : text_of(id, 7, std::to_string(id))));
            for (int id = 31; id <= 40; ++id) bot.spawn(bot.intake.accept(text_of(id, 100 + id, "other")));
            co_await bot.handled(40);
            static constexpr postgres::Query count{"test.count", "SELECT count(*) FROM applied"};
            co_await bot.until(count, "40");
            static constexpr postgres::Query sorted{"test.sorted",
                                                    "SELECT string_agg(update_id::text, ' ' ORDER BY n) = string_agg(update_id::text, ' ' ORDER BY "
                                                    "update_id) FROM applied WHERE update_id <= 30"};
            EXPECT_EQ(co_await bot.house.ask(sorted), "t");
            EXPECT_GT(most_beside, 1);
        },
        config);
}

TEST(Intake, M10_TwoProcessesApplyEveryUpdateOnce) {
    run([]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        const auto dsn = persona::test::postgres_dsn();
        BotApiServer server(executor);
        Bot one(executor, dsn, server), two(executor, dsn, server);
        co_await one.open();
        co_await two.open();
        std::mt19937 random(7);
        for (int id = 1; id <= 60; ++id) {
            const bool both = random() % 3 == 0, first = random() % 2 == 0;
            if (both || first) one.spawn(one.intake.accept(text_of(id, 7, std::to_string(id))));
            if (both || !first) two.spawn(two.intake.accept(text_of(id, 7, std::to_string(id))));
        }
        one.retry();
        static constexpr postgres::Query counts{"test.counts", "SELECT count(*) || '/' || count(DISTINCT update_id) FROM applied"};
        co_await one.until(counts, "60/60");
        co_await one.stop();
        co_await two.stop();
        co_await server.stop();
    });
}

TEST(Intake, TriesAgainAtOnceWhatFailsAndParksItAfterThreeTries) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        int failures = 2;
        bot.on_update = [&](const Update&, Delivery&) -> Task<void> {
            if (failures-- > 0) throw Error("a fault of ours");
            co_return;
        };
        co_await bot.intake.accept(text_of(1, 7, "a"));
        EXPECT_EQ(co_await bot.house.ask(applied), "a");
        EXPECT_EQ(co_await bot.house.ask(parked_states), "");
        failures = 3;
        co_await bot.intake.accept(text_of(2, 7, "b with a secret"));
        EXPECT_EQ(bot.handled_.size(), 6U);
        EXPECT_EQ(co_await bot.house.ask(parked_states), "parked");
        static constexpr postgres::Query raw{"test.raw", "SELECT encode(body, 'escape') || p::text FROM parked_updates p"};
        EXPECT_THAT(co_await bot.house.ask(raw), testing::AllOf(Not(HasSubstr("secret")), Not(HasSubstr(to_hex(as_bytes("secret"))))));
        co_await bot.intake.accept(text_of(2, 7, "b with a secret"));
        EXPECT_THAT(bot.repeats, ElementsAre(2)) << "acknowledged: a redelivery does nothing";
        bot.retry();
        co_await bot.until(applied, "a b with a secret");
        EXPECT_TRUE(bot.handled_.back().parked);
        EXPECT_EQ(bot.handled_.back().attempt, 4);
        co_await bot.until(parked_states, "");
    });
}

TEST(Intake, WhatComesAfterAParkedUpdateWaitsBehindIt) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        bool broken = true;
        bot.on_update = [&](const Update& update, Delivery&) -> Task<void> {
            if (broken && text_in(update) == "first") throw Error("a fault of ours");
            co_return;
        };
        co_await bot.intake.accept(text_of(1, 7, "first"));
        co_await bot.intake.accept(text_of(2, 7, "second"));
        co_await bot.intake.accept(text_of(3, 8, "other"));
        EXPECT_EQ(co_await bot.house.ask(applied), "other");
        EXPECT_EQ(co_await bot.house.ask(parked_states), "parked parked");
        broken = false;
        bot.retry();
        co_await bot.until(applied, "other first second");
    });
}

TEST(Intake, M10_AnotherProcessWaitsBehindAParkedUpdateToo) {
    run([]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        const auto dsn = persona::test::postgres_dsn();
        BotApiServer server(executor);
        Bot one(executor, dsn, server), two(executor, dsn, server);
        co_await one.open();
        co_await two.open();
        one.on_update = [](const Update&, Delivery& d) -> Task<void> {
            if (!d.parked) throw Error("a fault of ours");
            co_return;
        };
        co_await one.intake.accept(text_of(1, 7, "first"));
        co_await two.intake.accept(text_of(2, 7, "second"));
        EXPECT_EQ(co_await two.house.ask(applied), "");
        one.retry();
        co_await one.until(applied, "first second");
        co_await one.stop();
        co_await two.stop();
        co_await server.stop();
    });
}

TEST(Intake, M6_AfterFiveMoreTriesItAsksForAnApologyAndThenGivesUp) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        bot.on_update = [](const Update&, Delivery& d) -> Task<void> {
            if (!d.last || d.update == UpdateId(1)) throw Error("a fault of ours");
            co_return;
        };
        bot.retry();
        co_await bot.intake.accept(text_of(1, 7, "hopeless"));
        co_await bot.until(parked_states, "dead");
        EXPECT_EQ(bot.handled_.size(), 3U + 5U + 1U);
        EXPECT_EQ(std::ranges::count_if(bot.handled_, &Delivery::last), 1);
        co_await bot.intake.accept(text_of(2, 7, "apologised"));
        co_await bot.until(applied, "apologised");
        EXPECT_EQ(co_await bot.house.ask(parked_states), "dead");
    });
}

TEST(Intake, ParksWhatTakesTooLongOnceItsHandlerHasEnded) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        int running = 0;
        bot.on_update = [&](const Update&, Delivery& d) -> Task<void> {
            struct Count {
                int& n;
                ~Count() { --n; }
            } count{++running};
            if (!d.parked) co_await pause(1h);
        };
        const auto begin = Deadline::Steady::now();
        co_await bot.intake.accept(text_of(1, 7, "slow"));
        EXPECT_LT(Deadline::Steady::now() - begin, 5s);
        EXPECT_EQ(running, 0);
        EXPECT_EQ(co_await bot.house.ask(parked_states), "parked");
        bot.retry();
        co_await bot.until(applied, "slow");
    });
}

TEST(Intake, M8_AnswersACallbackThatWaitsTooLongExactlyOnce) {
    with_bot([](BotApiServer& server, Bot& bot) -> Task<void> {
        Signal go(co_await asio::this_coro::executor);
        bot.on_update = [&](const Update& update, Delivery& d) -> Task<void> {
            if (update.id == UpdateId(1)) co_await go.wait(Deadline::after(patience));
            if (update.id == UpdateId(2)) EXPECT_TRUE(d.callback_answered);
        };
        bot.spawn(bot.intake.accept(text_of(1, 7, "slow")));
        co_await bot.handled(1);
        bot.spawn(bot.intake.accept(press_of(2, 7, "cb")));
        co_await server.heard("answerCallbackQuery", 1);
        EXPECT_EQ(server.asked.back().params.at("callback_query_id").as_string(), "cb");
        go.notify();
        co_await bot.handled(2);
        co_await bot.until(applied, "slow callback");
        co_await bot.intake.accept(press_of(2, 7, "cb"));
        EXPECT_TRUE(bot.handled_.back().callback_answered) << "a redelivery knows of it too";
        co_await bot.stop();
        EXPECT_EQ(server.count("answerCallbackQuery"), 1U);
    });
}

TEST(Intake, M8_AnswersACallbackThatIsParkedUnlessItsHandlerDid) {
    with_bot([](BotApiServer& server, Bot& bot) -> Task<void> {
        bot.on_update = [&](const Update& update, Delivery& d) -> Task<void> {
            if (update.id == UpdateId(2)) d.callback_answered = true;
            if (d.parked) EXPECT_TRUE(d.callback_answered);
            if (!d.parked) throw Error("a fault of ours");
            co_return;
        };
        co_await bot.intake.accept(press_of(1, 7, "one"));
        co_await bot.intake.accept(press_of(2, 8, "two"));
        bot.retry();
        co_await bot.until(applied, "callback callback");
        co_await bot.stop();
        EXPECT_EQ(server.count("answerCallbackQuery"), 1U);
    });
}

TEST(Intake, WithoutADatabaseNothingIsAcknowledgedAndAllGoesOnAfterwards) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        co_await bot.intake.accept(text_of(1, 7, "before"));
        persona::test::postgres_stop();
        bool refused = false;
        try {
            co_await bot.intake.accept(text_of(2, 7, "during"));
        } catch (const Unavailable&) { refused = true; }
        EXPECT_TRUE(refused);
        persona::test::postgres_start();
        for (bool done = false; !done;) try {
                co_await bot.intake.accept(text_of(2, 7, "during"));
                done = true;
            } catch (const Unavailable&) {}
        bot.retry();
        co_await bot.until(applied, "before during");
    });
}

TEST(Intake, D16_DrainsWhatRunsAndTakesNothingNew) {
    with_bot([](BotApiServer&, Bot& bot) -> Task<void> {
        Signal go(co_await asio::this_coro::executor);
        bot.on_update = [&](const Update&, Delivery&) -> Task<void> { co_await go.wait(Deadline::after(50ms)); };
        bot.spawn(bot.intake.accept(text_of(1, 7, "running")));
        co_await bot.handled(1);
        EXPECT_TRUE(co_await bot.intake.drain(Deadline::after(patience)));
        EXPECT_EQ(co_await bot.house.ask(applied), "running");
        EXPECT_EQ(bot.intake.waiting(), 0U);
        bool refused = false;
        try {
            co_await bot.intake.accept(text_of(2, 7, "late"));
        } catch (const Unavailable&) { refused = true; }
        EXPECT_TRUE(refused);
    });
}

TEST(Intake, P8_AnswersAPreCheckoutBesideTheLaneAndRefusesInDoubt) {
    with_bot([](BotApiServer& server, Bot& bot) -> Task<void> {
        const auto query = [](std::string id) {
            return *parse_update(R"({"update_id":9,"pre_checkout_query":{"id":")" + id +
                                 R"(","currency":"XTR","total_amount":5,"invoice_payload":"o","from":{"id":7,"is_bot":false,"first_name":"A"}}})");
        };
        bot.on_update = [](const Update&, Delivery&) -> Task<void> { co_await pause(100ms); };
        bot.spawn(bot.intake.accept(text_of(1, 7, "slow")));
        co_await bot.handled(1);
        co_await bot.intake.accept(query("good"));
        co_await server.heard("answerPreCheckoutQuery", 1);
        EXPECT_TRUE(server.asked.back().params.at("ok").as_bool());
        bot.on_check = [](const PreCheckout&) -> Task<Call> { throw Unavailable("no database"); };
        co_await bot.intake.accept(query("bad"));
        bot.on_check = [](const PreCheckout&) -> Task<Call> {
            co_await pause(1h);
            co_return Call{};
        };
        co_await bot.intake.accept(query("slow"));
        co_await server.heard("answerPreCheckoutQuery", 3);
        for (const Asked& asked : server.asked)
            if (asked.params.contains("error_message")) EXPECT_FALSE(asked.params.at("ok").as_bool());
        EXPECT_FALSE(server.asked.back().params.at("ok").as_bool());
    });
}

}  // namespace
}  // namespace persona::telegram
