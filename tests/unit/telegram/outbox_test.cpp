#include "outbox_room.hpp"

namespace persona::telegram {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Outbox, SaysWhatWasCommittedInOrderAndRemembersIt) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "one"), to(7, "two"), to(7, "three")});
        co_await telegram.heard(3);
        EXPECT_THAT(telegram.texts(), ElementsAre("one", "two", "three"));
        EXPECT_EQ(telegram.said[0].chat(), 7);
        co_await sender.stop();
        EXPECT_EQ(co_await house.ask(states), "sent sent sent");
        static constexpr postgres::Query ids{"test.ids", "SELECT message_id FROM outbox ORDER BY id"};
        EXPECT_EQ(co_await house.ask(ids), "101 102 103");
    });
}

TEST(Outbox, D15_KeepsNoPlainText) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "a very secret text")});
        co_await telegram.heard(1);
        static constexpr postgres::Query raw{"test.raw", "SELECT encode(body, 'escape') || o::text FROM outbox o"};
        EXPECT_THAT(co_await house.ask(raw), testing::AllOf(Not(HasSubstr("secret")), Not(HasSubstr(to_hex(as_bytes("secret"))))));
    });
}

TEST(Outbox, EditsTheMessageOfAHandle) {
    with_outbox(quick(), [](House&, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "0 %", Stream::dialogue, "job:1"), edit_of(7, "50 %", "job:1", Stream::job)});
        co_await telegram.heard(2);
        EXPECT_EQ(telegram.said[1].method, "editMessageText");
        EXPECT_EQ(telegram.said[1].params.at("message_id").as_int64(), 101);
    });
}

TEST(Outbox, EditsTheMessageOfAHandleAfterARestart) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "0 %", Stream::dialogue, "job:1")});
        co_await telegram.heard(1);
        co_await sender.stop();
        Sender next(co_await asio::this_coro::executor, house, telegram);
        next.start();
        co_await next.commit({edit_of(7, "100 %", "job:1")});
        co_await telegram.heard(2);
        EXPECT_EQ(telegram.said[1].params.at("message_id").as_int64(), 101);
        co_await next.stop();
    });
}

TEST(Outbox, SaysAnewWhatCannotBeEdited) {
    with_outbox(quick(), [](House&, Telegram& telegram, Sender& sender) -> Task<void> {
        auto gone = edit_of(7, "done", "job:1");
        gone.call = with(edit_message_text("done"), InlineKeyboard{{{{.text = "ok", .data = "ok", .url = {}}}}});
        co_await sender.commit({edit_of(7, "unknown handle", "job:2"), to(7, "0 %", Stream::dialogue, "job:1"), std::move(gone)});
        telegram.hook = [&](Said said) -> Task<void> {
            if (said.method == "editMessageText")
                telegram.answers.push_back(refusal(ApiErrorKind::refused, 400, "Bad Request: message to edit not found"));
            co_return;
        };
        co_await telegram.heard(4);
        EXPECT_EQ(telegram.said[0].method, "sendMessage");
        EXPECT_EQ(telegram.said[2].method, "editMessageText");
        EXPECT_EQ(telegram.said[3].method, "sendMessage");
        EXPECT_EQ(telegram.said[3].text(), "done");
        EXPECT_TRUE(telegram.said[3].params.contains("reply_markup"));
        EXPECT_FALSE(telegram.said[3].params.contains("message_id"));
        co_await sender.commit({edit_of(7, "really", "job:1")});
        co_await telegram.heard(5);
        EXPECT_EQ(telegram.said[4].params.at("message_id").as_int64(), 103) << "the handle names the new message";
    });
}

TEST(Outbox, D7_RepeatsAfterRetryAfterAndDelaysNobodyElse) {
    with_outbox(quick(), [](House&, Telegram& telegram, Sender& sender) -> Task<void> {
        telegram.answers.push_back(refusal(ApiErrorKind::too_many, 429, "Too Many Requests: retry after 1", 1s));
        co_await sender.commit({to(7, "a"), to(7, "b")});
        co_await telegram.heard(1);
        co_await sender.commit({to(8, "c")});
        co_await telegram.heard(2);
        EXPECT_EQ(telegram.said[1].text(), "c");
        EXPECT_LT(telegram.said[1].at - telegram.said[0].at, 900ms);
        co_await telegram.heard(4);
        EXPECT_THAT(telegram.texts(), ElementsAre("a", "c", "a", "b"));
        EXPECT_GE(telegram.said[2].at - telegram.said[0].at, 1s);
    });
}

TEST(Outbox, D7_APauseSurvivesARestart) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        telegram.answers.push_back(refusal(ApiErrorKind::too_many, 429, "Too Many Requests: retry after 1", 1s));
        co_await sender.commit({to(7, "a")});
        co_await telegram.heard(1);
        co_await sender.stop();
        Sender next(co_await asio::this_coro::executor, house, telegram);
        next.start();
        co_await next.commit({to(7, "b")});
        co_await telegram.heard(3);
        EXPECT_THAT(telegram.texts(), ElementsAre("a", "a", "b"));
        EXPECT_GE(telegram.said[1].at - telegram.said[0].at, 1s);
        co_await next.stop();
    });
}

TEST(Outbox, FindsWhatOthersCommitted) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "from here")});
        co_await telegram.heard(1);
        Sender other(co_await asio::this_coro::executor, house, telegram);
        int rings = 0;
        other.outbox.on_foreign_rows = [&] {
            ++rings;
            sender.outbox.ring();
        };
        co_await other.commit({to(7, "from there"), to(7, "and more")});
        EXPECT_EQ(rings, 1);
        co_await telegram.heard(3);
        EXPECT_THAT(telegram.texts(), ElementsAre("from here", "from there", "and more"));
    });
}

TEST(Outbox, KeepsTheOrderOfAChatAcrossProcesses) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(8, "ready")});
        co_await telegram.heard(1);
        Sender other(co_await asio::this_coro::executor, house, telegram);
        for (int i = 0; i < 10; ++i) {  // nobody rings: the sender hears of the other's rows only by looking
            co_await other.commit({to(7, std::to_string(2 * i))});
            co_await sender.commit({to(7, std::to_string(2 * i + 1))});
        }
        co_await telegram.heard(21);
        auto texts = telegram.texts();
        texts.erase(texts.begin());
        EXPECT_THAT(texts, ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"));
    });
}

TEST(Outbox, FindsWhatWasCommittedWithoutAnAnswer) {
    with_outbox(quick(), [](House&, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "first")});
        co_await telegram.heard(1);
        const auto lost = co_await sender.commit({to(7, "lost")}, false);
        EXPECT_NE(lost[0].fence, 0) << "claimed, so that nobody else looks for it";
        co_await telegram.heard(2);
        EXPECT_EQ(telegram.said[1].text(), "lost");
    });
}

TEST(Outbox, KeepsTheOrderWhenMemoryIsFull) {
    auto config = quick();
    config.most_queued = 4;
    config.per_chat_burst = 1000;
    with_outbox(config, [](House&, Telegram& telegram, Sender& sender) -> Task<void> {
        std::vector<std::string> expected;
        for (int i = 0; i < 40; ++i) {
            expected.push_back(std::to_string(i));
            co_await sender.commit({to(7, expected.back())});
        }
        co_await telegram.heard(40);
        EXPECT_EQ(telegram.texts(), expected);
    });
}

TEST(Outbox, TellsWhoHasBlockedTheBotAndGivesUpWhatIsRefused) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        std::vector<ChatId> blocked;
        sender.outbox.on_blocked = [&](ChatId chat) { blocked.push_back(chat); };
        telegram.answers.push_back(refusal(ApiErrorKind::blocked, 403, "Forbidden: bot was blocked by the user"));
        telegram.answers.push_back(refusal(ApiErrorKind::refused, 400, "Bad Request: chat not found"));
        co_await sender.commit({to(7, "a"), to(7, "b"), to(7, "c")});
        co_await telegram.heard(3);
        co_await sender.stop();
        EXPECT_THAT(blocked, ElementsAre(ChatId(7)));
        EXPECT_EQ(co_await house.ask(states), "dead dead sent");
        EXPECT_THAT(co_await house.ask(errors), HasSubstr("chat not found"));
    });
}

TEST(Outbox, SaysAReplyOnceMoreAndANoticeNotWhenNobodyKnows) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        for (int i = 0; i < 3; ++i) telegram.answers.push_back(refusal(ApiErrorKind::unknown, 0, "no answer"));
        co_await sender.commit({to(7, "reply")});
        co_await telegram.heard(2);
        co_await sender.commit({to(8, "notice", Stream::notice)});
        co_await telegram.heard(3);
        co_await sender.commit({to(9, "last")});
        co_await telegram.heard(4);
        co_await sender.stop();
        EXPECT_THAT(telegram.texts(), ElementsAre("reply", "reply", "notice", "last"));
        EXPECT_EQ(co_await house.ask(states), "uncertain uncertain sent");
    });
}

TEST(Outbox, TriesAgainWhatWasNotSentAndGivesUpInTheEnd) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        for (int i = 0; i < 2; ++i) telegram.answers.push_back(refusal(ApiErrorKind::not_sent, 0, "no connection"));
        co_await sender.commit({to(7, "a")});
        co_await telegram.heard(3);
        for (int i = 0; i < 4; ++i) telegram.answers.push_back(refusal(ApiErrorKind::server, 502, "Bad Gateway"));
        co_await sender.commit({to(7, "b"), to(7, "c")});
        co_await telegram.heard(8);
        co_await sender.stop();
        EXPECT_EQ(co_await house.ask(states), "sent dead sent");
    });
}

TEST(Outbox, EmptiesBodiesADayAfterTheyWereSaid) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "old"), to(7, "new")});
        co_await telegram.heard(2);
        co_await sender.stop();
        static constexpr postgres::Query age{"test.age", "UPDATE outbox SET done_at = now() - interval '25 hours' WHERE message_id = 101"};
        co_await house.change(age);
        Sender next(co_await asio::this_coro::executor, house, telegram);
        next.start();
        co_await next.commit({to(7, "more")});
        co_await telegram.heard(3);
        co_await next.stop();
        static constexpr postgres::Query kept{"test.kept", "SELECT body IS NOT NULL FROM outbox ORDER BY id"};
        EXPECT_EQ(co_await house.ask(kept), "f t t");
    });
}

TEST(Outbox, SurvivesALossOfTheDatabase) {
    with_outbox(quick(), [](House& house, Telegram& telegram, Sender& sender) -> Task<void> {
        co_await sender.commit({to(7, "before")});
        co_await telegram.heard(1);
        persona::test::postgres_stop();
        EXPECT_THROW(co_await sender.commit({to(7, "during")}), Unavailable);
        persona::test::postgres_start();
        for (bool done = false; !done;) try {
                co_await sender.commit({to(7, "after")});
                done = true;
            } catch (const Unavailable&) {}
        co_await telegram.heard(2);
        EXPECT_EQ(telegram.said.back().text(), "after");
        co_await sender.stop();
        EXPECT_EQ(co_await house.ask(states), "sent sent");
    });
}

}  // namespace
}  // namespace persona::telegram
