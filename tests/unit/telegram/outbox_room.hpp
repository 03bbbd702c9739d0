// An outbox that runs in a test.
#pragma once

#include "room.hpp"
#include "telegram/outbox.hpp"

namespace persona::telegram::test {

inline OutboxConfig quick() {
    OutboxConfig config;
    config.lease = 60ms;
    config.look_again = 30ms;
    config.retry = {.first = 1ms, .ceiling = 5ms, .tries = 4, .patience = 0ms};
    return config;
}

inline Outgoing to(std::int64_t chat, std::string text, Stream stream = Stream::dialogue, std::string handle = {}) {
    return {.chat = ChatId(chat), .stream = stream, .call = send_message(std::move(text)), .handle = std::move(handle)};
}
inline Outgoing edit_of(std::int64_t chat, std::string text, std::string handle, Stream stream = Stream::dialogue) {
    return {.chat = ChatId(chat), .stream = stream, .call = edit_message_text(std::move(text)), .handle = std::move(handle), .edit = true};
}

class Sender {
public:
    Sender(Executor executor, House& house, Telegram& telegram, OutboxConfig config = quick(), BotId bot = BotId(1))
        : house_(house),
          outbox(
              executor, house.pool, house.vault, bot, [&telegram](Call call, Deadline deadline) { return telegram(std::move(call), deadline); },
              config),
          group_(executor, "test") {}

    void start() { group_.spawn("outbox", outbox.run()); }
    Task<void> stop() {
        group_.cancel();
        if (!co_await group_.join(Deadline::after(patience))) throw Error("the outbox does not stop");
    }
    Task<std::vector<Outbox::Pending>> commit(std::vector<Outgoing> messages, bool hand_over = true) {
        postgres::Work work;
        std::vector<Outbox::Pending> pending;
        for (Outgoing& message : messages) pending.push_back(outbox.add(work, std::move(message), vault::Vault::system, house_.vault.system_key()));
        const auto done = co_await house_.pool.commit(std::move(work), Deadline::after(patience));
        if (hand_over) outbox.committed(pending, done.value());
        co_return pending;
    }

private:
    House& house_;

public:
    Outbox outbox;

private:
    TaskGroup group_;
};

inline constexpr postgres::Query states{"test.states", "SELECT state FROM outbox ORDER BY id"};
inline constexpr postgres::Query errors{"test.errors", "SELECT coalesce(error, '') FROM outbox ORDER BY id"};

// Runs the body in a fresh database with an outbox that was started.
template <class F>
void with_outbox(OutboxConfig config, F body) {
    run([&]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        House house(executor);
        co_await house.open();
        Telegram telegram(executor);
        Sender sender(executor, house, telegram, config);
        sender.start();
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(3 * patience), "a test", body(house, telegram, sender));
        } catch (...) { error = std::current_exception(); }
        co_await sender.stop();
        house.pool.close();
        if (error) std::rethrow_exception(error);
    });
}

}  // namespace persona::telegram::test
