// Trainings that end later than they are answered: lost answers, killed workers, webhooks that repeat, come late or never.
#include "requests.hpp"

namespace persona::bot {
namespace {

using portraits::Told;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Reason = ai::PortraitError::Reason;

constexpr const char* charged_once = "90.00 coins, 0.00 held; charged 1, voided 0; ready 1";
constexpr const char* voided_once = "100.00 coins, 0.00 held; charged 0, voided 1; failed 1";
constexpr const char* under_way = "100.00 coins, 10.00 held; charged 0, voided 0; training 1";
constexpr const char* done = "✅ Ваш аватар готов!";
constexpr const char* failed = "❌ Ошибка обучения аватара.";

constexpr postgres::Query unknown_words{"test.unknown",
                                        "SELECT coalesce((SELECT count FROM event_counts WHERE name = 'portrait_unknown_status'), 0)::text"};

struct TrainingRequests : WorkTest {
    static void pending(Studio& s) {
        s.photographer.learn = [](int) { return ai::Pending{"request-1"}; };
    }
    static Task<Uuid> begun(Studio& s) { co_return co_await order_training(s, co_await draft_with(s)); }
    static Task<void> looked(Studio& s, int times = 1) {
        co_await hurry_until(s, [&s, until = s.photographer.looks + times] { return s.photographer.looks >= until; }, "a look");
    }
};

TEST_F(TrainingRequests, A26_AfterARestartItIsKnownPolledAndDelivered) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        Hired& first = s.hire();
        co_await begun(s);
        co_await looked(s);
        co_await s.kill(first);
        EXPECT_EQ(co_await request_books(s), "submitted, late 0");
        s.photographer.look_at_training = [](int) { return ai::Trained{"a lesson", {}}; };
        s.hire();
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 1);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(times_said(s, done), 1u);
        EXPECT_EQ(co_await request_books(s), "ended, late 0");
    });
}

TEST_F(TrainingRequests, A26_KilledInTheMiddleOfTheCallItIsNotOrderedTwice) {
    with([](Studio& s) -> Task<void> {
        bool waits = false;
        s.photographer.before = [&]() -> Task<void> {
            waits = true;
            co_await pause(1h);
        };
        Hired& first = s.hire();
        const Uuid job = co_await begun(s);
        co_await s.until([&] { return waits; }, "the call");
        co_await s.kill(first);
        EXPECT_EQ(co_await request_books(s), "submitting, late 0") << "written down before it was made";
        s.hire();
        co_await hurry_until(s, [&s, n = 0]() mutable { return ++n > 20 && s.photographer.looks == 0; }, "time");
        EXPECT_EQ(co_await hear(s, job, "a lesson that was told"), Told::told);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 1);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
    });
}

TEST_F(TrainingRequests, A26_AnEngineOfThisMachineIsAskedAgain) {
    with([](Studio& s) -> Task<void> {
        s.photographer.local = true;
        bool waits = false;
        s.photographer.before = [&]() -> Task<void> {
            waits = true;
            co_await pause(1h);
        };
        Hired& first = s.hire();
        co_await begun(s);
        co_await s.until([&] { return waits; }, "the call");
        co_await s.kill(first);
        s.photographer.before = {};
        s.hire();
        co_await s.until_quiet();
        EXPECT_EQ(s.photographer.trainings, 2);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
    });
}

TEST_F(TrainingRequests, A25_AnUncertainSubmitIsNotRepeatedAndItsWebhookCompletesIt) {
    with([](Studio& s) -> Task<void> {
        s.photographer.learn = [](int) { return Photographer::failing(Reason::uncertain); };
        s.hire();
        const Uuid job = co_await begun(s);
        co_await hurry_until(s, [&s, n = 0]() mutable { return s.photographer.trainings > 0 && ++n > 20; }, "the call");
        EXPECT_EQ(co_await avatar_books(s), under_way);
        EXPECT_EQ(co_await hear(s, job, "a lesson that was told"), Told::told);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 1);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(times_said(s, done), 1u);
    });
}

TEST_F(TrainingRequests, A30_AnUncertainSubmitOfWhichNobodyHearsIsVoidedAtItsDeadline) {
    with([](Studio& s) -> Task<void> {
        s.photographer.learn = [](int) { return Photographer::failing(Reason::uncertain); };
        s.hire();
        const Uuid job = co_await begun(s);
        co_await hurry_until(s, [&] { return s.photographer.trainings > 0; }, "the call");
        co_await let_time_pass(s, job);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 1);
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_THAT(s.texts(), Contains(AllOf(HasSubstr(failed), HasSubstr("сервис не ответил в срок."))).Times(1));
    });
}

TEST_F(TrainingRequests, A27_ToldTenTimesAndFoundByAskingItIsReadyOnce) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        s.hire();
        s.hire();
        const Uuid job = co_await begun(s);
        co_await looked(s);
        s.photographer.look_at_training = [](int) { return ai::Trained{"a lesson", {}}; };
        for (int i = 0; i < 10; ++i) EXPECT_THAT(co_await hear(s, job, "a lesson"), testing::AnyOf(Told::told, Told::before, Told::late));
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await hear(s, job, "a lesson"), Told::late);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(times_said(s, done), 1u);
    });
}

TEST_F(TrainingRequests, A29_AnErrorThatIsToldRepeatedlyIsOneRefundAndOneNotice) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        s.photographer.read = [](std::string) { return Photographer::failing(Reason::refused); };
        s.hire();
        const Uuid job = co_await begun(s);
        co_await looked(s);
        for (int i = 0; i < 5; ++i) co_await hear(s, job, "no", "ERROR");
        co_await hurry_until_quiet(s);
        for (int i = 0; i < 5; ++i) EXPECT_EQ(co_await hear(s, job, "no", "ERROR"), Told::late);
        co_await s.until_quiet();
        EXPECT_EQ(s.photographer.reads, 1);
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ(times_said(s, failed), 1u);
        EXPECT_THAT(buttons_of(s, failed), testing::StartsWith("av-again:"));
    });
}

TEST_F(TrainingRequests, A30_WithoutAResultInTimeItFailsAndALateOneIsOnlyCounted) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        s.hire();
        const Uuid job = co_await begun(s);
        co_await looked(s);
        co_await let_time_pass(s, job);
        co_await hurry_until_quiet(s);
        EXPECT_THAT(s.photographer.cancelled, ElementsAre("request-1"));
        EXPECT_THAT(s.texts(), Contains(AllOf(HasSubstr(failed), HasSubstr("сервис не ответил в срок."))).Times(1));
        for (int i = 0; i < 2; ++i) EXPECT_EQ(co_await hear(s, job, "a lesson"), Told::late);
        co_await s.until_quiet();
        EXPECT_EQ(co_await request_books(s), "ended, late 2");
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ(times_said(s, failed), 1u);
        EXPECT_FALSE(s.said(done));
    });
}

TEST_F(TrainingRequests, A30_AnEndThatIsToldButNeverReadEndsAtTheDeadlineToo) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        s.photographer.read = [](std::string) { return Photographer::failing(Reason::unreachable); };
        s.hire();
        const Uuid job = co_await begun(s);
        co_await looked(s);
        co_await hear(s, job, "a lesson that nobody can fetch");
        co_await hurry_until(s, [&] { return s.photographer.reads > 1; }, "a second try");
        EXPECT_EQ(co_await avatar_books(s), under_way);
        co_await let_time_pass(s, job);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ(times_said(s, failed), 1u);
    });
}

TEST_F(TrainingRequests, A25_AProviderThatIsDownWhileItTrainsIsAskedOn) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        s.photographer.look_at_training = [](int time) -> Photographer::Learnt {
            return time <= 10 ? Photographer::Learnt(Photographer::failing(Reason::unreachable)) : ai::Trained{"a lesson", {}};
        };
        s.hire();
        co_await begun(s);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 1) << "more looks in vain than a job has tries";
        EXPECT_EQ(co_await avatar_books(s), charged_once);
    });
}

TEST_F(TrainingRequests, A31_AnUnknownWordChangesNothingAndIsCounted) {
    with([](Studio& s) -> Task<void> {
        pending(s);
        bool clear = false;
        s.photographer.look_at_training = [&](int) -> Photographer::Learnt {
            return clear ? Photographer::Learnt(ai::Trained{"a lesson", {}}) : Photographer::failing(Reason::unknown_status);
        };
        s.hire();
        co_await begun(s);
        EXPECT_EQ(co_await s.ask(unknown_words), "0");
        co_await looked(s, 3);
        EXPECT_EQ(co_await avatar_books(s), under_way);
        EXPECT_GE(std::stoi(co_await s.ask(unknown_words)), 2);
        EXPECT_FALSE(s.said(done));
        clear = true;
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
    });
}

}  // namespace
}  // namespace persona::bot
