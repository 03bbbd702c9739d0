// An intake of a test, between a scripted Bot API server and a real database.
#pragma once

#include "bot_api_server.hpp"
#include "telegram/intake.hpp"

namespace persona::telegram::test {

inline Update text_of(std::int64_t update, std::int64_t person, const std::string& text) {
    return *parse_update(json::serialize(json::object{{"update_id", update},
                                                      {"message",
                                                       {{"message_id", update},
                                                        {"text", text},
                                                        {"chat", {{"id", person}, {"type", "private"}}},
                                                        {"from", {{"id", person}, {"is_bot", false}, {"first_name", "A"}}}}}}));
}
inline Update press_of(std::int64_t update, std::int64_t person, const std::string& callback) {
    return *parse_update(json::serialize(json::object{
        {"update_id", update},
        {"callback_query",
         {{"id", callback}, {"data", "d"}, {"chat_instance", "c"}, {"from", {{"id", person}, {"is_bot", false}, {"first_name", "A"}}}}}}));
}
inline std::string text_in(const Update& update) {
    const auto* message = std::get_if<Message>(&update.what);
    return message ? message->text : "callback";
}

inline IntakeConfig brisk() {
    IntakeConfig config;
    config.park_after = 150ms;
    config.callback_patience = 40ms;
    config.parked_backoff = 1ms;
    config.parked_time = 300ms;
    config.pre_checkout_time = 100ms;
    config.lease = 100ms;
    config.poll_wait = 1s;
    return config;
}

// What the tests' handler does unless told otherwise: one row in `applied` in the same Work as the update's own mark.
class Bot {
public:
    Bot(Executor executor, const std::string& dsn, BotApiServer& server, IntakeConfig config = brisk())
        : house(executor, dsn),
          client(executor),
          api(client, server.config()),
          applied_(executor),
          intake(
              executor, house.pool, house.vault, api, [this](const Update& u, Delivery& d) { return handle(u, d); },
              [this](const PreCheckout& q) { return check(q); }, config),
          group_(executor, "test") {}

    Task<void> open() {
        co_await house.open();
        static constexpr postgres::Query table{"test.table", "CREATE TABLE IF NOT EXISTS applied (n bigserial, update_id bigint, body text)"};
        co_await house.change(table);
    }
    void retry() { group_.spawn("parked", intake.retry_parked()); }
    void poll() { group_.spawn("poll", intake.poll()); }
    void spawn(Task<void> task) { group_.spawn("task", std::move(task)); }
    Task<void> stop() {
        group_.cancel();
        co_await intake.drain(Deadline::after(5s));
        if (!co_await group_.join(Deadline::after(patience))) throw Error("the intake does not stop");
        house.pool.close();
    }
    Task<void> handled(std::size_t calls) {
        const auto deadline = Deadline::after(patience);
        while (handled_.size() < calls)
            if (!co_await applied_.wait(deadline)) throw Error("only " + std::to_string(handled_.size()) + " updates were handled");
    }
    // Returns when the query gives the value.
    Task<void> until(const postgres::Query& query, std::string value) {
        const auto deadline = Deadline::after(patience);
        std::string now;
        while ((now = co_await house.ask(query)) != value) {
            if (deadline.passed()) throw Error(std::string(query.name) + " stays " + now);
            (void)co_await applied_.wait(Deadline::after(10ms));
        }
    }
    Task<void> commit(const Update& update, const Delivery& delivery) {
        static constexpr postgres::Query apply{"test.apply", "INSERT INTO applied (update_id, body) VALUES ($1, $2)"};
        postgres::Work work;
        delivery.take(work);
        work.add(apply, update.id, text_in(update));
        const auto done = co_await house.pool.commit(std::move(work), Deadline::after(patience));
        if (!done && done.error().code != "PS002") throw Error(done.error().code);
        if (!done) repeats.push_back(update.id.value);
    }

    House house;
    http::Client client;
    Api api;
    std::function<Task<void>(const Update&, Delivery&)> on_update;  // before the commit
    std::function<Task<Call>(const PreCheckout&)> on_check;
    std::vector<Delivery> handled_;
    std::vector<std::int64_t> repeats;

private:
    Task<void> handle(const Update& update, Delivery& delivery) {
        handled_.push_back(delivery);
        applied_.notify();
        if (on_update) co_await on_update(update, delivery);
        co_await commit(update, delivery);
        applied_.notify();
    }
    Task<Call> check(const PreCheckout& query) {
        if (on_check) co_return co_await on_check(query);
        co_return Call{"answerPreCheckoutQuery", {{"pre_checkout_query_id", query.id}, {"ok", true}}, {}};
    }
    Signal applied_;

public:
    Intake intake;

private:
    TaskGroup group_;
};

inline constexpr postgres::Query applied{"test.applied", "SELECT body FROM applied ORDER BY n"};
inline constexpr postgres::Query parked_states{"test.parked", "SELECT state FROM parked_updates ORDER BY update_id"};

template <class F>
void with_bot(F body, IntakeConfig config = brisk()) {
    run([&]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        BotApiServer server(executor);
        {
            Bot bot(executor, persona::test::postgres_dsn(), server, config);
            co_await bot.open();
            std::exception_ptr error;
            try {
                co_await within(Deadline::after(2 * patience), "a test", body(server, bot));
            } catch (...) { error = std::current_exception(); }
            co_await bot.stop();
            co_await server.stop();
            if (error) std::rethrow_exception(error);
        }
    });
}

}  // namespace persona::telegram::test
