#include "studio/analytics/usage.hpp"

#include "studio/transcripts/transcripts.hpp"
#include "unit/studio/till.hpp"

namespace persona::analytics {
namespace {

using namespace test;

struct Usage : Till {
    static Task<OperationId> charged(Pool& pool, UserId user, std::string_view service, std::optional<std::string_view> document) {
        const OperationId id(Uuid::v7());
        EXPECT_EQ(co_await answer(pool, one([&](Work& work) {
                                      wallet::hold(work, user, id, coins("5"), service);
                                      wallet::capture(work, id, coins("4"), service);
                                      if (document)
                                          transcripts::add_document(work, user,
                                                                    {.id = id.value,
                                                                     .transcript = std::nullopt,
                                                                     .kind = std::string(*document),
                                                                     .file_name = "a.txt",
                                                                     .blob = "",
                                                                     .operation = id});
                                  })),
                  "");
        co_return id;
    }
};

TEST_F(Usage, C5_EveryChargedOperationLeadsToItsResultOrItsRefund) {
    with(2, [](Pool& pool) -> Task<void> {
        for (const UserId user : {ann, bob})
            co_await answer(pool, one([&](Work& work) {
                                wallet::post(work, user, coins("100"), wallet::Kind::bonus, "bonus:" + std::to_string(user.value), "promotion", "");
                            }));
        const auto made = co_await charged(pool, ann, "transcription", "transcript");
        const auto answered = co_await charged(pool, ann, "answer", std::nullopt);
        const auto failed = co_await charged(pool, ann, "output", std::nullopt);
        co_await charged(pool, bob, "output", "summary");
        EXPECT_EQ(co_await answer(pool, one(wallet::refund, failed, "it was empty")), "t");
        const OperationId voided(Uuid::v7());
        co_await answer(pool, one(wallet::hold, ann, voided, coins("1"), "output"));
        co_await answer(pool, one(wallet::void_hold, voided, "failed"));

        const auto first = co_await used(pool, ann, 0, 2, soon());
        EXPECT_EQ(first.size(), 2u);
        EXPECT_EQ(first[0].service, "output");
        EXPECT_EQ(first[0].refund->amount, coins("4"));
        EXPECT_FALSE(first[0].document);
        EXPECT_EQ(first[1].service, "answer");
        EXPECT_FALSE(first[1].refund);
        const auto rest = co_await used(pool, ann, first.back().id, 2, soon());
        EXPECT_EQ(rest.size(), 1u);
        EXPECT_EQ(rest[0].service, "transcription");
        EXPECT_EQ(rest[0].amount, coins("4"));
        EXPECT_EQ(rest[0].document->id, made.value);
        EXPECT_EQ(rest[0].document->kind, "transcript");
        EXPECT_TRUE((co_await used(pool, ann, rest.back().id, 2, soon())).empty());
        (void)answered;
    });
}

}  // namespace
}  // namespace persona::analytics
