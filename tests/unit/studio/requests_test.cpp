#include "studio/portraits/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::portraits {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr UserId ann{1};
Deadline soon() { return Deadline::after(20s); }
const Time limit = *from_iso("2030-11-22T12:00:00Z");
constexpr postgres::Query rows{"test.rows", "SELECT coalesce(string_agg(r::text, ' '), '') FROM portrait_requests r"};
constexpr postgres::Query late{"test.late", "SELECT late FROM portrait_requests WHERE id = $1::uuid"};
constexpr postgres::Query queued{
    "test.queued", "INSERT INTO jobs (id, user_id, kind, args, run_at) VALUES ($1::uuid, 1, 'train', '\\x00', now() + interval '1 hour')"};
constexpr postgres::Query due{"test.due", "SELECT run_at <= now() FROM jobs WHERE id = $1::uuid"};

struct Requests : testing::Test {
    const std::string dsn = test::postgres_dsn();
    const Uuid job = Uuid::v7();

    struct Room {
        postgres::Pool& pool;
        vault::Vault& vault;

        Task<void> begin(Uuid id, std::string provider = "fal") const {
            co_await submitting(pool, id, ann, std::move(provider), Purpose::training, limit, soon());
        }
        Task<void> take(Uuid id, std::string request) const { co_await submitted(pool, id, std::move(request), soon()); }
        Task<void> end(Uuid id) const {
            postgres::Work work;
            ended(work, id);
            EXPECT_TRUE(co_await pool.commit(std::move(work), soon()));
        }
        Task<Verdict> hear(std::string request, std::optional<Uuid> id, std::string body = "{}", std::string provider = "fal") const {
            return tell(pool, vault, std::move(provider), std::move(request), id, "OK", std::move(body), soon());
        }
        Task<std::optional<Request>> look(Uuid id) const { return find(pool, vault, id, soon()); }
    };

    void with(auto body) {
        run([&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 4});
            co_await test::add_people(pool, 1, {});
            vault::Vault vault(test::test_keyring(), pool);
            co_await vault.open(soon());
            co_await body(Room{pool, vault});
            pool.close();
        });
    }
};

TEST_F(Requests, A26_TheRowStandsBeforeTheCallAndASecondOneChangesNothing) {
    with([&](Room room) -> Task<void> {
        EXPECT_FALSE(co_await room.look(job));
        co_await room.begin(job);
        co_await submitting(room.pool, job, ann, "other", Purpose::painting, limit + 1h, soon());
        auto found = co_await room.look(job);
        EXPECT_FALSE(found->submitted);
        EXPECT_EQ(found->id, "");
        EXPECT_EQ(found->deadline, limit);
        co_await room.take(job, "request-1");
        co_await room.take(job, "request-2");
        found = co_await room.look(job);
        EXPECT_TRUE(found->submitted);
        EXPECT_EQ(found->id, "request-1") << "what is known of a request does not change";
        EXPECT_FALSE(found->told);
    });
}

TEST_F(Requests, A25_ACallThatWasSurelyNotTakenIsForgottenUnlessItWasTaken) {
    with([&](Room room) -> Task<void> {
        co_await room.begin(job);
        co_await not_submitted(room.pool, job, soon());
        EXPECT_FALSE(co_await room.look(job));
        co_await room.begin(job);
        co_await room.take(job, "request-1");
        co_await not_submitted(room.pool, job, soon());
        EXPECT_TRUE(co_await room.look(job));
    });
}

TEST_F(Requests, A27_ToldTenTimesTheFirstCountsAndTheJobIsWoken) {
    with([&](Room room) -> Task<void> {
        co_await room.begin(job);
        co_await room.take(job, "request-1");
        postgres::Work work;
        work.add(queued, job);
        EXPECT_TRUE(co_await room.pool.commit(std::move(work), soon()));
        const Verdict first = co_await room.hear("request-1", job, "the first body");
        EXPECT_EQ(first.told, Told::told);
        EXPECT_EQ(first.job, job);
        EXPECT_TRUE((co_await room.pool.read(soon(), due, job)).template value<bool>());
        for (int i = 0; i < 9; ++i) EXPECT_EQ((co_await room.hear("request-1", {}, "another body")).told, Told::before);
        EXPECT_EQ((co_await room.look(job))->told, "the first body");
    });
}

TEST_F(Requests, A26_ALostAnswerIsFoundByWhatItsWebhookNames) {
    with([&](Room room) -> Task<void> {
        co_await room.begin(job);
        EXPECT_EQ((co_await room.hear("request-1", job, "body")).told, Told::told);
        const auto found = co_await room.look(job);
        EXPECT_TRUE(found->submitted);
        EXPECT_EQ(found->id, "request-1");
        EXPECT_EQ(found->told, "body");
        co_await room.take(job, "request-2");
        EXPECT_EQ((co_await room.look(job))->id, "request-1");
    });
}

TEST_F(Requests, A28_AForeignOrUnknownOneChangesNothing) {
    with([&](Room room) -> Task<void> {
        const Uuid other = Uuid::v7();
        co_await room.begin(job);
        co_await room.take(job, "request-1");
        co_await room.begin(other);
        const std::string before = (co_await room.pool.read(soon(), rows)).template value<std::string>();
        EXPECT_EQ((co_await room.hear("request-1", other)).told, Told::foreign);
        EXPECT_EQ((co_await room.hear("request-404", {})).told, Told::unknown);
        EXPECT_EQ((co_await room.hear("request-404", Uuid::v7())).told, Told::unknown);
        EXPECT_EQ((co_await room.hear("request-404", job)).told, Told::unknown) << "its own request has another id";
        EXPECT_EQ((co_await room.hear("request-1", job, "{}", "another provider")).told, Told::unknown);
        EXPECT_EQ((co_await room.pool.read(soon(), rows)).template value<std::string>(), before);
    });
}

TEST_F(Requests, A30_WhatComesWhenAllIsDecidedIsCountedAndForgotten) {
    with([&](Room room) -> Task<void> {
        co_await room.begin(job);
        co_await room.take(job, "request-1");
        co_await room.end(job);
        co_await room.end(job);
        for (int i = 0; i < 2; ++i) EXPECT_EQ((co_await room.hear("request-1", job)).told, Told::late);
        EXPECT_EQ((co_await room.pool.read(soon(), late, job)).template value<int>(), 2);
        EXPECT_FALSE((co_await room.look(job))->told);
        const Uuid nameless = Uuid::v7();
        co_await room.begin(nameless);
        co_await room.end(nameless);
        EXPECT_EQ((co_await room.hear("request-2", nameless)).told, Told::late) << "also one whose answer never came";
    });
}

TEST_F(Requests, WhatAProviderTellsIsSealedAndGoesWithTheEnd) {
    with([&](Room room) -> Task<void> {
        co_await room.begin(job);
        co_await room.take(job, "request-1");
        co_await room.hear("request-1", job, "https://provider/lora-of-anna");
        const std::string sealed = (co_await room.pool.read(soon(), rows)).template value<std::string>();
        EXPECT_THAT(sealed, Not(HasSubstr(to_hex(as_bytes("lora-of-anna")))));
        EXPECT_THAT(sealed, HasSubstr("OK"));
        co_await room.end(job);
        EXPECT_FALSE((co_await room.look(job))->told);
    });
}

TEST_F(Requests, A31_RareEventsAreCountedForEver) {
    with([&](Room room) -> Task<void> {
        postgres::Work work;
        for (int i = 0; i < 3; ++i) count_event(work, "portrait_unknown_status");
        EXPECT_TRUE(co_await room.pool.commit(std::move(work), soon()));
        static constexpr postgres::Query counted{"test.counted", "SELECT name || ' ' || count FROM event_counts"};
        EXPECT_EQ((co_await room.pool.read(soon(), counted)).template value<std::string>(), "portrait_unknown_status 3");
    });
}

}  // namespace
}  // namespace persona::portraits
