#include "sandbox/model/delivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandbox/model/update_queue.hpp"

namespace persona::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Time start(Micros(1'800'000'000'000'000));

std::vector<int> due(Delivery& delivery, Time now) {
    std::vector<int> ids;
    for (const auto& one : delivery.due(now)) ids.push_back(static_cast<int>(one.id.value));
    return ids;
}

TEST(SandboxDelivery, OneOfALaneAtATimeLanesBesideEachOther) {
    Delivery delivery(40);
    delivery.added(UpdateId(1), 7);
    delivery.added(UpdateId(2), 7);
    delivery.added(UpdateId(3), callback_lane(TelegramId(7)));
    EXPECT_THAT(due(delivery, start), ElementsAre(1, 3));
    EXPECT_THAT(due(delivery, start), IsEmpty());
    delivery.finished(UpdateId(1), 7, {.delivered = true}, start);
    EXPECT_THAT(due(delivery, start), ElementsAre(2));
}

TEST(SandboxDelivery, KeepsToMaxConnections) {
    Delivery delivery(2);
    for (int i = 1; i <= 3; ++i) delivery.added(UpdateId(i), i);
    EXPECT_THAT(due(delivery, start), ElementsAre(1, 2));
    delivery.finished(UpdateId(2), 2, {.delivered = true}, start);
    EXPECT_THAT(due(delivery, start), ElementsAre(3));
}

TEST(SandboxDelivery, RetriesAtOnceThenDoublesUpToAMinute) {
    Delivery delivery(1);
    delivery.added(UpdateId(1), 7);
    Time now = start;
    std::vector<int> waits;
    for (int i = 0; i < 9; ++i) {
        ASSERT_THAT(due(delivery, now), ElementsAre(1));
        delivery.finished(UpdateId(1), 7, {}, now);
        ASSERT_TRUE(delivery.wake_at());
        waits.push_back(static_cast<int>((*delivery.wake_at() - now) / 1s));
        if (*delivery.wake_at() > now) EXPECT_THAT(due(delivery, *delivery.wake_at() - 1us), IsEmpty());
        now = *delivery.wake_at();
    }
    EXPECT_THAT(waits, ElementsAre(0, 1, 2, 4, 8, 16, 32, 60, 60));
}

TEST(SandboxDelivery, HonoursRetryAfterAndHoldsTheLaneBack) {
    Delivery delivery(5);
    delivery.added(UpdateId(1), 7);
    due(delivery, start);
    delivery.finished(UpdateId(1), 7, {.retry_after = 5s}, start);
    delivery.added(UpdateId(2), 7);
    delivery.added(UpdateId(3), 8);
    EXPECT_THAT(due(delivery, start + 4s), ElementsAre(3));
    EXPECT_THAT(due(delivery, start + 5s), ElementsAre(1));
    EXPECT_EQ(delivery.wake_at(), std::nullopt);
}

TEST(SandboxDelivery, RepeatsWhatIsToComeTwice) {
    Delivery delivery(5);
    delivery.added(UpdateId(1), 7);
    due(delivery, start);
    delivery.finished(UpdateId(1), 7, {.delivered = true, .repeat = true}, start);
    EXPECT_THAT(due(delivery, start), ElementsAre(1));
}

std::vector<int> take(UpdateQueue& queue, std::int64_t offset, Time now, std::size_t limit = 100) {
    std::vector<UpdateId> gone;
    std::vector<int> ids;
    for (const auto* update : queue.take(offset, limit, now, gone)) ids.push_back(static_cast<int>(update->id.value - 870'000'000));
    return ids;
}

struct Queue : UpdateQueue {
    Queue() {
        for (int i = 0; i < 3; ++i) push("message", 1, json::object(), start);
    }
};

TEST(SandboxUpdates, OffsetsConfirmAndForget) {
    Queue queue;
    EXPECT_THAT(take(queue, 0, start), ElementsAre(1, 2, 3));
    EXPECT_THAT(take(queue, 0, start, 2), ElementsAre(1, 2));
    EXPECT_THAT(take(queue, 870'000'002, start), ElementsAre(2, 3));
    EXPECT_THAT(take(queue, 870'000'002, start), ElementsAre(2, 3));
    EXPECT_THAT(take(queue, -1, start), ElementsAre(3));
    EXPECT_THAT(take(queue, 0, start), ElementsAre(3));
    EXPECT_THAT(take(queue, -5, start), ElementsAre(3));
}

TEST(SandboxUpdates, CallbacksDieAfter150SecondsMessagesAfterADay) {
    Queue queue;
    queue.push("callback_query", 1, json::object(), start);
    EXPECT_THAT(take(queue, 0, start + 149s), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(take(queue, 0, start + 150s), ElementsAre(1, 2, 3));
    EXPECT_THAT(take(queue, 0, start + 24h), IsEmpty());
}

TEST(SandboxUpdates, DuplicatesComeOnceMoreAfterTheirConfirmation) {
    UpdateQueue queue;
    queue.duplicate_next(1);
    queue.push("message", 1, json::object(), start);
    queue.push("message", 1, json::object(), start);
    EXPECT_THAT(take(queue, 0, start), ElementsAre(1, 2));
    EXPECT_THAT(take(queue, 870'000'003, start), ElementsAre(1));
    EXPECT_THAT(take(queue, 870'000'003, start), IsEmpty());
}

TEST(SandboxUpdates, OnlyWhatIsAskedFor) {
    UpdateQueue queue;
    EXPECT_TRUE(queue.allows("message"));
    EXPECT_FALSE(queue.allows("chat_member"));
    queue.allow({"callback_query"});
    EXPECT_FALSE(queue.allows("message"));
    EXPECT_TRUE(queue.allows("callback_query"));
}

}  // namespace
}  // namespace persona::sandbox
