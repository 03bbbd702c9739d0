// The sender is killed again and again at every point that matters; what people received is compared with what was promised.
#include <random>
#include <set>

#include "outbox_room.hpp"

namespace persona::telegram {
namespace {

using namespace test;

struct Received {
    std::map<std::string, int> times;
    std::map<std::string, std::vector<int>> first_of_lane;  // "chat stream": numbers in the order of their first arrival

    void note(const std::string& text) {
        if (times[text]++) return;
        const auto blank = text.rfind(' ');
        first_of_lane[text.substr(0, blank)].push_back(std::stoi(text.substr(blank + 1)));
    }
};

// One life of a sender: at its `fatal`-th call it dies, before Telegram executed the call or after. From then on it gets no
// answer, and its pool is closed: no mark is written any more.
class Life {
public:
    Life(Executor executor, const std::string& dsn, BotId bot, Received& received, int fatal, bool executed)
        : house(executor, dsn),
          over_(executor),
          received_(received),
          fatal_(fatal),
          executed_(executed),
          outbox(
              executor, house.pool, house.vault, bot, [this](Call call, Deadline) { return answer(std::move(call)); }, config()),
          group_(executor, "test") {}

    // Until it dies, or nothing is left to be said.
    Task<void> live(BotId bot) {
        group_.spawn("outbox", outbox.run());
        const auto deadline = Deadline::after(patience);
        while (!dead_ && co_await left(bot) > 0 && !deadline.passed()) (void)co_await over_.wait(Deadline::after(20ms));
        group_.cancel();
        if (!co_await group_.join(Deadline::after(patience))) throw Error("the outbox does not stop");
        house.pool.close();
    }
    Task<std::int64_t> left(BotId bot) {
        static constexpr postgres::Query open{"test.open", "SELECT count(*) FROM outbox WHERE bot_id = $1 AND state = 'ready'"};
        try {
            co_return (co_await house.pool.read(Deadline::after(patience), open, bot)).value<std::int64_t>();
        } catch (const Unavailable&) {  // it has died in the meantime
        }
        co_return 1;
    }
    bool dead() const { return dead_; }

    House house;

private:
    static OutboxConfig config() {
        auto out = quick();
        out.last_words = 5ms;
        out.notice_rate = 1000;
        return out;
    }
    Task<ApiResult<json::value>> answer(Call call) {
        const bool dies = ++calls_ == fatal_;
        if (!dead_ && (!dies || executed_)) received_.note(std::string(call.params.at("text").as_string()));
        if (dies) {
            dead_ = true;
            house.pool.close();
        }
        over_.notify();
        if (dead_) {
            Signal never(co_await asio::this_coro::executor);
            co_await never.wait(Deadline::never());
        }
        co_return json::object{{"message_id", calls_}};
    }

    Signal over_;
    Received& received_;
    int fatal_, calls_ = 0;
    bool executed_, dead_ = false;

public:
    Outbox outbox;

private:
    TaskGroup group_;
};

struct Sum {
    int lives = 0, repeated = 0;
};

Task<void> simulate(Executor executor, std::string dsn, unsigned seed, Sum& sum) {
    std::mt19937 random(seed);
    const auto pick = [&](int below) { return std::uniform_int_distribution<int>(0, below - 1)(random); };
    const BotId bot(1000 + seed);
    Received received;
    std::set<std::string> replies, notices;
    int number = 0, lives = 0;
    {  // A process that only writes, as an API server does.
        House house(executor, dsn);
        co_await house.open();
        Telegram silent(executor);
        Sender writer(executor, house, silent, quick(), bot);
        for (int i = 0; i < 12; ++i) {
            const auto stream = static_cast<Stream>(pick(3));
            const int chat = 1 + pick(2);
            const std::string text = std::to_string(chat) + " " + std::to_string(static_cast<int>(stream)) + " " + std::to_string(++number);
            (stream == Stream::notice ? notices : replies).insert(text);
            co_await writer.commit({to(chat, text, stream)});
        }
        house.pool.close();
    }
    for (bool dead = true; dead; ++lives) {
        Life life(executor, dsn, bot, received, lives < 8 ? 1 + pick(4) : 1000, pick(2) == 0);
        co_await life.house.open();
        co_await life.live(bot);
        dead = life.dead();
    }
    EXPECT_LE(lives, 9) << "the last life could not finish";
    for (const auto& text : replies) EXPECT_GE(received.times[text], 1) << text << " was lost";
    for (const auto& text : notices) EXPECT_LE(received.times[text], 1) << text << " was repeated";
    for (const auto& [lane, numbers] : received.first_of_lane) EXPECT_TRUE(std::ranges::is_sorted(numbers)) << "out of order: " << lane;
    for (const auto& [text, times] : received.times) sum.repeated += times - 1;
    sum.lives += lives;
}

TEST(OutboxCrash, M9_NothingIsLostNorOutOfOrderAndNoNoticeIsRepeated) {
    const std::string dsn = persona::test::postgres_dsn();
    Sum sum;
    for (unsigned seed = 0; seed < 12 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        run([&]() -> Task<void> {
            co_await within(Deadline::after(3 * patience), "a simulation", simulate(co_await asio::this_coro::executor, dsn, seed, sum));
        });
    }
    // A repetition needs a death: at most what was under way or not yet marked then.
    EXPECT_LE(sum.repeated, sum.lives * 4);
    RecordProperty("lives", sum.lives);
    RecordProperty("repeated", sum.repeated);
}

}  // namespace
}  // namespace persona::telegram
