#include "telegram/outbox_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace persona::telegram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time t0{std::chrono::seconds(1'000'000)};

Queued message(std::int64_t id, std::int64_t chat, Stream stream = Stream::dialogue, std::string handle = {}, bool edit = false) {
    return {.id = OutboxId(id), .chat = ChatId(chat), .stream = stream, .call = {}, .handle = std::move(handle), .edit = edit};
}

std::int64_t next_id(OutboxQueue& queue, Time now) {
    const auto item = queue.next(now);
    return item ? item->id.value : 0;
}

TEST(OutboxQueue, KeepsTheOrderOfAChatAndStreamAndLetsOthersPass) {
    OutboxQueue queue({});
    for (const auto& item : {message(3, 7), message(1, 7), message(2, 8), message(4, 7, Stream::job)}) queue.push(item, t0);
    EXPECT_EQ(next_id(queue, t0), 1);
    EXPECT_EQ(next_id(queue, t0), 2);
    EXPECT_EQ(next_id(queue, t0), 4) << "3 waits for 1, the job's stream does not";
    EXPECT_EQ(next_id(queue, t0), 0);
    EXPECT_EQ(queue.wake_at(t0), Time::max());
    queue.done(OutboxId(1), t0);
    EXPECT_EQ(next_id(queue, t0), 3);
}

TEST(OutboxQueue, TakesTheDialogueFirstThenJobsThenNotices) {
    OutboxQueue queue({});
    queue.push(message(1, 1, Stream::notice), t0);
    queue.push(message(2, 2, Stream::job), t0);
    queue.push(message(3, 3), t0);
    EXPECT_EQ(next_id(queue, t0), 3);
    EXPECT_EQ(next_id(queue, t0), 2);
    EXPECT_EQ(next_id(queue, t0), 1);
}

TEST(OutboxQueue, SendsABurstToAChatAndThenOneASecond) {
    OutboxQueue queue({.per_chat = 1, .burst = 3});
    for (int i = 1; i <= 5; ++i) queue.push(message(i, 7), t0);
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(next_id(queue, t0), i);
        queue.done(OutboxId(i), t0);
    }
    EXPECT_EQ(next_id(queue, t0), 0);
    const Time at = queue.wake_at(t0);
    EXPECT_GE(at, t0 + 1s);
    EXPECT_LT(at, t0 + 1s + 10ms);
    EXPECT_EQ(next_id(queue, at - 1ms), 0);
    EXPECT_EQ(next_id(queue, at), 4);
}

TEST(OutboxQueue, SendsGroupsTwentyAMinute) {
    OutboxQueue queue({.burst = 1});
    queue.push(message(1, -5), t0);
    queue.push(message(2, -5), t0);
    queue.done(queue.next(t0)->id, t0);
    EXPECT_EQ(next_id(queue, t0 + 2900ms), 0);
    EXPECT_EQ(next_id(queue, t0 + 3001ms), 2);
}

TEST(OutboxQueue, SendsNoticesAtTheirRateOverAllChats) {
    OutboxQueue queue({.notices = 2});
    for (int i = 1; i <= 4; ++i) queue.push(message(i, i, Stream::notice), t0);
    EXPECT_EQ(next_id(queue, t0), 1);
    EXPECT_EQ(next_id(queue, t0), 2);
    EXPECT_EQ(next_id(queue, t0), 0);
    const Time at = queue.wake_at(t0);
    EXPECT_NEAR(std::chrono::duration<double>(at - t0).count(), 0.5, 0.01);
    EXPECT_EQ(next_id(queue, at), 3);
}

TEST(OutboxQueue, D7_PausesTheThrottledChatAndNoOther) {
    OutboxQueue queue({});
    queue.push(message(1, 7), t0);
    queue.push(message(2, 8), t0);
    auto item = queue.next(t0);
    EXPECT_FALSE(queue.throttled(ChatId(7), t0 + 3s, t0));
    EXPECT_THAT(queue.again(*item, t0), IsEmpty());
    EXPECT_EQ(next_id(queue, t0), 2);
    EXPECT_EQ(next_id(queue, t0 + 2999ms), 0);
    EXPECT_EQ(queue.wake_at(t0), t0 + 3s);
    EXPECT_EQ(next_id(queue, t0 + 3s), 1);
}

TEST(OutboxQueue, PausesEverythingWhenSeveralChatsAreThrottledAtOnce) {
    OutboxQueue queue({});
    queue.push(message(99, 99), t0);
    for (int chat = 1; chat <= 4; ++chat) EXPECT_FALSE(queue.throttled(ChatId(chat), t0 + 3s, t0));
    EXPECT_FALSE(queue.throttled(ChatId(4), t0 + 3s, t0)) << "the same chat again says nothing about the others";
    EXPECT_TRUE(queue.throttled(ChatId(5), t0 + 3s, t0));
    EXPECT_EQ(next_id(queue, t0 + 2s), 0);
    EXPECT_EQ(queue.wake_at(t0), t0 + 3s);
    EXPECT_EQ(next_id(queue, t0 + 3s), 99);
}

TEST(OutboxQueue, ThrottlesThatAreFarApartPauseNothingElse) {
    OutboxQueue queue({});
    for (int chat = 1; chat <= 9; ++chat) EXPECT_FALSE(queue.throttled(ChatId(chat), t0, t0 + chat * 2s));
}

TEST(OutboxQueue, KeepsOnlyTheNewestEditOfAHandle) {
    OutboxQueue queue({});
    EXPECT_THAT(queue.push(message(1, 7, Stream::job, "progress", true), t0), IsEmpty());
    EXPECT_THAT(queue.push(message(2, 7, Stream::job, "progress", true), t0), ElementsAre(OutboxId(1)));
    EXPECT_THAT(queue.push(message(3, 7, Stream::dialogue, "progress", true), t0), ElementsAre(OutboxId(2))) << "also across streams";
    EXPECT_THAT(queue.push(message(4, 8, Stream::job, "progress", true), t0), IsEmpty()) << "another chat's handle";
    EXPECT_THAT(queue.push(message(6, 7, Stream::job, "progress", true), t0), ElementsAre(OutboxId(3)));
    EXPECT_THAT(queue.push(message(5, 7, Stream::job, "progress", true), t0), ElementsAre(OutboxId(5))) << "late and older";
    EXPECT_EQ(queue.size(), 2U);
}

TEST(OutboxQueue, AnEditThatFailedGivesWayToANewerOne) {
    OutboxQueue queue({});
    queue.push(message(1, 7, Stream::job, "progress", true), t0);
    auto item = queue.next(t0);
    EXPECT_THAT(queue.push(message(2, 7, Stream::job, "progress", true), t0), IsEmpty());
    EXPECT_THAT(queue.again(*item, t0), ElementsAre(OutboxId(1)));
    EXPECT_EQ(next_id(queue, t0), 2);
    queue.done(OutboxId(2), t0);
    EXPECT_EQ(queue.size(), 0U);
}

TEST(OutboxQueue, AnEditWaitsForTheMessageItEdits) {
    OutboxQueue queue({});
    queue.push(message(1, 7), t0);
    queue.push(message(2, 7, Stream::dialogue, "card"), t0);
    queue.push(message(3, 7, Stream::job, "card", true), t0);
    queue.push(message(4, 7, Stream::dialogue, "card"), t0);
    EXPECT_EQ(next_id(queue, t0), 1);
    EXPECT_EQ(next_id(queue, t0), 0);
    queue.done(OutboxId(1), t0);
    EXPECT_EQ(next_id(queue, t0), 2);
    EXPECT_EQ(next_id(queue, t0), 0);
    queue.done(OutboxId(2), t0);
    EXPECT_EQ(next_id(queue, t0), 4);
    EXPECT_EQ(next_id(queue, t0), 3) << "a later message of the handle is not waited for";
}

// Random pushes, times, failures and pauses: whatever happens, each message is given until it is done, once at a time, in the
// order of its (chat, stream), and nothing is forgotten.
class Walk {
public:
    explicit Walk(unsigned seed) : random_(seed) {}

    void run() {
        for (int step = 0; step < 400; ++step) {
            now_ += Millis(pick(300));
            switch (pick(5)) {
                case 0:
                case 1: push(); break;
                case 2: take(); break;
                case 3: finish(); break;
                case 4: disturb(); break;
            }
        }
        while (queue_.size() > 0) {
            finish();
            if (queue_.size() > 0 && queue_.given() == 0 && !take()) {
                const Time at = queue_.wake_at(now_);
                ASSERT_NE(at, Time::max()) << "messages wait for nothing";
                now_ = std::max(now_, at);
            }
        }
        EXPECT_EQ(pushed_, ended_);
    }

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    void push() {
        const bool handled = pick(3) == 0;
        auto item = message(++last_id_, pick(4) - 1, static_cast<Stream>(pick(3)), handled ? "h" : "", handled && pick(2) == 0);
        pushed_.insert(item.id);
        replaced(queue_.push(std::move(item), now_));
    }
    bool take() {
        auto item = queue_.next(now_);
        if (!item) return false;
        for (const auto& [id, other] : given_) EXPECT_FALSE(other.chat == item->chat && other.stream == item->stream) << "two at once";
        auto& last = last_given_[{item->chat, item->stream}];
        EXPECT_LE(last, item->id) << "out of order";
        EXPECT_FALSE(ended_.contains(item->id)) << "given again after its end";
        EXPECT_GE(now_, paused_[item->chat]);
        last = item->id;
        given_.emplace(item->id, *item);
        return true;
    }
    void finish() {
        if (given_.empty()) return;
        auto at = std::next(given_.begin(), pick(static_cast<int>(given_.size())));
        Queued item = given_.extract(at).mapped();
        if (pick(3) == 0) {
            item.not_before = now_ + Millis(pick(2000));
            replaced(queue_.again(std::move(item), now_));
        } else {
            ended_.insert(item.id);
            queue_.done(item.id, now_);
        }
    }
    void disturb() {
        const ChatId chat(pick(4) - 1);
        paused_[chat] = std::max(paused_[chat], now_ + Millis(pick(3000)));
        queue_.pause_chat(chat, paused_[chat]);
    }
    void replaced(const std::vector<OutboxId>& ids) {
        for (const OutboxId id : ids) EXPECT_TRUE(ended_.insert(id).second);
    }

    std::mt19937 random_;
    OutboxQueue queue_{{.per_chat = 2, .burst = 3, .notices = 5}};
    Time now_ = t0;
    std::int64_t last_id_ = 0;
    std::set<OutboxId> pushed_, ended_;
    std::map<OutboxId, Queued> given_;
    std::map<std::pair<ChatId, Stream>, OutboxId> last_given_;
    std::map<ChatId, Time> paused_;
};

TEST(OutboxQueue, KeepsItsPromisesWhateverHappens) {
    for (unsigned seed = 0; seed < 300; ++seed) {
        SCOPED_TRACE(seed);
        Walk(seed).run();
        if (testing::Test::HasFailure()) break;
    }
}

}  // namespace
}  // namespace persona::telegram
