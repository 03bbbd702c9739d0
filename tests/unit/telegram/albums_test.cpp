#include "telegram/albums.hpp"

#include "room.hpp"

namespace persona::telegram {
namespace {

using namespace test;
using testing::ElementsAre;

Update part_of(std::int64_t id, const std::string& album) {
    return *parse_update(json::serialize(json::object{
        {"update_id", id},
        {"message", {{"message_id", id}, {"media_group_id", album}, {"caption", std::to_string(id)}, {"chat", {{"id", 7}, {"type", "private"}}}}}}));
}

// One process: albums that run, and what they closed.
class Process {
public:
    Process(Executor executor, const std::string& dsn, AlbumConfig config = {.quiet = 60ms})
        : house(executor, dsn),
          closed_(executor),
          albums(
              executor, house.pool, house.vault, BotId(1), [this](AlbumKey key) { return close(key); }, config),
          group_(executor, "test") {}

    Task<void> open() {
        co_await house.open();
        group_.spawn("albums", albums.run());
    }
    Task<void> stop() {
        group_.cancel();
        co_await group_.join(Deadline::after(patience));
        house.pool.close();
    }
    Task<void> put(std::int64_t id, std::string album, bool hear = true) {
        const Update update = part_of(id, album);
        postgres::Work work;
        albums.add(work, std::get<Message>(update.what), update);
        (void)co_await house.pool.commit(std::move(work), Deadline::after(patience));
        if (hear) albums.added({ChatId(7), album});
    }
    Task<void> heard(std::size_t albums_closed) {
        const auto deadline = Deadline::after(patience);
        while (closed.size() < albums_closed)
            if (!co_await closed_.wait(deadline)) throw Error("an album does not close");
    }

    House house;
    std::vector<std::string> closed;  // captions of the parts, joined
    int refused = 0, faults = 0;      // faults: how often closing fails first

private:
    Task<void> close(AlbumKey key) {
        if (faults-- > 0) throw Error("a fault of ours");
        std::string captions;
        for (const Update& part : co_await albums.parts(key, Deadline::after(patience))) captions += std::get<Message>(part.what).caption + " ";
        postgres::Work work;
        albums.take(work, key);
        const auto done = co_await house.pool.commit(std::move(work), Deadline::after(patience));
        if (done) closed.push_back(captions);
        refused += !done;
        closed_.notify();
    }
    Signal closed_;

public:
    Albums albums;

private:
    TaskGroup group_;
};

template <class F>
void with_process(AlbumConfig config, F body) {
    run([&]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        const auto dsn = persona::test::postgres_dsn();
        Process process(executor, dsn, config);
        co_await process.open();
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(patience), "a test", body(process, dsn));
        } catch (...) { error = std::current_exception(); }
        co_await process.stop();
        if (error) std::rethrow_exception(error);
    });
}

TEST(Albums, CloseOnceAfterTheQuietInTheOrderOfTheMessages) {
    with_process({.quiet = 60ms}, [](Process& process, const std::string&) -> Task<void> {
        for (const int id : {3, 1, 2}) co_await process.put(id, "a");
        co_await process.put(2, "a");
        co_await process.put(9, "b");
        co_await process.heard(2);
        static constexpr postgres::Query left{"test.left", "SELECT count(*) FROM album_parts"};
        EXPECT_THAT(process.closed, testing::UnorderedElementsAre("1 2 3 ", "9 "));
        EXPECT_EQ(co_await process.house.ask(left), "0");
    });
}

TEST(Albums, A9_CloseAtTheTenthPartAtOnce) {
    with_process({.quiet = 1h}, [](Process& process, const std::string&) -> Task<void> {
        for (int id = 1; id <= 10; ++id) co_await process.put(id, "a");
        co_await process.heard(1);
        EXPECT_THAT(process.closed, ElementsAre("1 2 3 4 5 6 7 8 9 10 "));
    });
}

TEST(Albums, CloseAtThePersonsNextOtherEvent) {
    with_process({.quiet = 1h}, [](Process& process, const std::string&) -> Task<void> {
        co_await process.put(1, "a");
        co_await process.albums.close_chat(ChatId(8));
        EXPECT_THAT(process.closed, ElementsAre());
        co_await process.albums.close_chat(ChatId(7));
        EXPECT_THAT(process.closed, ElementsAre("1 "));
    });
}

TEST(Albums, CloseAgainAfterAFault) {
    with_process({.quiet = 10ms}, [](Process& process, const std::string&) -> Task<void> {
        process.faults = 2;
        co_await process.put(1, "a");
        co_await process.heard(1);
        EXPECT_THAT(process.closed, ElementsAre("1 "));
    });
}

TEST(Albums, OfADeadProcessAreClosedByAnotherAndOnlyOnce) {
    with_process({.quiet = 10ms, .look_again = 20ms}, [](Process& process, const std::string& dsn) -> Task<void> {
        co_await process.put(1, "a", false);  // stored, and nobody was told
        co_await process.heard(1);
        EXPECT_THAT(process.closed, ElementsAre("1 "));
        Process other(co_await asio::this_coro::executor, dsn, {.quiet = 1h});
        co_await other.open();
        co_await other.albums.close_chat(ChatId(7));
        EXPECT_THAT(other.closed, ElementsAre());
        co_await other.stop();
    });
}

}  // namespace
}  // namespace persona::telegram
