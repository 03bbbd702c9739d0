// Faults that need a route: downloads, and the list that the page shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "http/router.hpp"
#include "sandbox/server/bot_routes.hpp"
#include "sandbox/server/test_routes.hpp"
#include "world.hpp"

namespace persona::sandbox {
namespace {

using testing::ElementsAre;

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sandbox-faults-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

struct Pieces : http::BodyWriter {
    std::vector<std::string> sent;
    Task<void> write(std::string_view bytes) override {
        sent.emplace_back(bytes);
        co_return;
    }
    std::string all() const {
        std::string text;
        for (const auto& piece : sent) text += piece;
        return text;
    }
};

struct Routes {
    Folder folder;
    World world{folder.path, ""};
    asio::io_context io{1};
    Station station{io.get_executor(), world};
    http::Router bots{bot_routes(station)}, tests{test_routes(station)};
    Bot& bot = *world.bot_of(test::token);
    std::string content = std::string(1'000, 'x');
    StoredFile file = store(world, *media_kind("document"), {"document", "a.txt", "text/plain", content}, {});

    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        std::exception_ptr failed;
        asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
            failed = error;
            if (!error) result.emplace(std::move(value));
        });
        io.restart();
        io.run();
        if (failed) std::rethrow_exception(failed);
        return std::move(*result);
    }
    void run(Task<void> task) {
        run([](Task<void> inner) -> Task<bool> {
            co_await std::move(inner);
            co_return true;
        }(std::move(task)));
    }
    http::Response download() {
        http::Request request{.method = "GET", .path = {"file", "bot" + std::string(test::token)}};
        const auto slash = file.path.find('/');
        request.path.push_back(file.path.substr(0, slash));
        request.path.push_back(file.path.substr(slash + 1));
        return run(bots(std::move(request)));
    }
    json::object ask(std::string method, json::object body = {}) {
        http::Request request{.method = std::move(method), .path = {"sandbox", "faults"}, .body = json::serialize(body)};
        return json::parse(std::get<std::string>(run(tests(std::move(request))).body)).as_object();
    }
};

TEST(SandboxFaults, ASlowFileTricklesAndIsWhole) {
    Routes r;
    r.ask("POST", {{"method", "file"}, {"kind", "slow"}, {"delay_ms", 40}});
    auto response = r.download();
    Pieces out;
    const auto began = std::chrono::steady_clock::now();
    r.run(std::get<http::BodyProducer>(response.body)(out));
    EXPECT_GE(std::chrono::steady_clock::now() - began, 38ms);
    EXPECT_EQ(out.sent.size(), 20U);
    EXPECT_EQ(out.all(), r.content);
    EXPECT_TRUE(std::holds_alternative<http::FileBody>(r.download().body));  // once, as asked
}

TEST(SandboxFaults, AFileIsCutInTheMiddleOrRefused) {
    Routes r;
    r.ask("POST", {{"method", "file"}, {"kind", "drop_after"}});
    auto cut = r.download();
    Pieces out;
    EXPECT_THROW(r.run(std::get<http::BodyProducer>(cut.body)(out)), boost::system::system_error);
    EXPECT_LT(out.all().size(), r.content.size());
    r.ask("POST", {{"method", "file"}, {"kind", "500"}});
    EXPECT_EQ(r.download().status, 500U);
    r.ask("POST", {{"method", "file"}, {"kind", "drop_before"}});
    EXPECT_THROW(r.download(), boost::system::system_error);
}

TEST(SandboxFaults, EveryMethodDoesNotMeanFiles) {
    Routes r;
    r.ask("POST", {{"kind", "500"}});
    EXPECT_EQ(r.download().status, 200U);
}

TEST(SandboxFaults, ADuplicateIsFetchedAgainAfterItsConfirmationOnce) {
    Routes r;
    r.ask("POST", {{"kind", "duplicate_update"}});
    const auto now = Time(Micros(1'800'000'000'000'000));
    r.world.enqueue(r.bot, "message", 1, json::object{{"text", "twice"}}, now);
    std::vector<UpdateId> gone;
    const auto id = r.bot.updates.take(0, 1, now, gone).at(0)->id;
    EXPECT_EQ(r.bot.updates.take(id.value + 1, 1, now, gone).at(0)->id, id);
    EXPECT_TRUE(r.bot.updates.take(id.value + 1, 1, now, gone).empty());
    EXPECT_THAT(gone, ElementsAre(id));
}

TEST(SandboxFaults, TheListNamesEveryKindUntilItIsCleared) {
    Routes r;
    for (const auto* kind : {"500", "slow", "duplicate_update"}) r.ask("POST", {{"kind", kind}, {"count", 3}});
    std::vector<std::string> kinds;
    for (const auto& fault : r.ask("GET").at("faults").as_array()) kinds.emplace_back(fault.at("kind").as_string());
    EXPECT_THAT(kinds, ElementsAre("500", "slow", "duplicate_update"));
    r.ask("DELETE");
    EXPECT_TRUE(r.ask("GET").at("faults").as_array().empty());
}

}  // namespace
}  // namespace persona::sandbox
