// `persona up`: everything on one machine, from nothing, over ends of every kind.
#include <gtest/gtest.h>
#include <signal.h>

#include "http/url.hpp"
#include "installation.hpp"
#include "support/places.hpp"

namespace persona::e2e {
namespace {

namespace fs = std::filesystem;

class Up : public testing::Test {
protected:
    Up() {
        // As root the servers run as a system user, who must be able to walk here.
        fs::permissions(folder_.path(), fs::perms(0755));
    }
    ~Up() override {
        if (up_.running()) up_.end(SIGINT);
        if (HasFailure()) std::cerr << up_.log();
    }

    Program program(const std::string& log, const std::string& data = "data") const {
        return {"up",
                {(places::programs() / "persona").string(), "up"},
                {{"PERSONA_DATA", (folder_.path() / data).string()},
                 {"PERSONA_HTTP", "127.0.0.1:" + http_},
                 {"PERSONA_SANDBOX", "127.0.0.1:" + sandbox_},
                 {"PERSONA_MODELS", places::models().string()}},
                folder_.path() / log};
    }
    // Until it says that it is ready; what it said is read from where its last start began.
    void start() {
        const auto begin = up_.log().size();
        up_.launch();
        ASSERT_TRUE(eventually([&] { return up_.log().find("Persona is ready.", begin) != std::string::npos; }, 60));
    }
    json::value sandbox(const std::string& method, const std::string& path, const json::value& body = nullptr) {
        return ask(method, "http://127.0.0.1:" + sandbox_ + path, body);
    }
    std::string chat() const { return "/sandbox/chats/" + std::to_string(anna_) + "/messages"; }
    // Whether a message with `part` comes after it was said. After a kill the reply before it may come once more, first: the
    // outbox promises at least once.
    bool answers(const std::string& text, const std::string& part) {
        const auto seq = sandbox("POST", chat(), json::object{{"text", text}}).at("seq").to_number<std::int64_t>();
        const auto answer = sandbox("GET", "/sandbox/wait?timeout=30&chat=" + std::to_string(anna_) + "&after=" + std::to_string(seq) +
                                               "&contains=" + http::percent_encode(part));
        return !answer.at("events").as_array().empty();
    }
    std::size_t messages() { return sandbox("GET", chat()).at("messages").as_array().size(); }

    TemporaryFolder folder_;
    std::string http_ = std::to_string(free_port()), sandbox_ = std::to_string(free_port());
    std::int64_t anna_ = 0;
    Program up_ = program("up.log");
};

TEST_F(Up, M9_StartsFromNothingAndGoesOnAfterEveryEnd) {
    start();
    for (const std::string& line :
         {"http://127.0.0.1:" + sandbox_ + "/", "http://127.0.0.1:" + http_ + "/readyz", std::string("master.key"), std::string("Languages heard:")})
        EXPECT_TRUE(up_.log().contains(line)) << line;
    int status = 0;
    ask("GET", "http://127.0.0.1:" + http_ + "/readyz", nullptr, &status);
    EXPECT_EQ(status, 200);
    anna_ = sandbox("POST", "/sandbox/users", json::object{{"first_name", "Анна"}, {"language_code", "ru"}}).at("id").to_number<std::int64_t>();
    EXPECT_TRUE(answers("/start", "Здравствуйте, Анна"));
    EXPECT_TRUE(answers("🖼 Мои аватары", "Мои аватары"));

    // A second one on the same folder is refused and harms nothing.
    Program second = program("second.log");
    EXPECT_NE(second.run(), 0);
    EXPECT_TRUE(second.log().contains(folder_.path().string())) << second.log();
    EXPECT_TRUE(answers("/balance", "100.00"));

    ASSERT_EQ(up_.end(SIGINT), 0);
    EXPECT_TRUE(up_.log().contains("Stopped."));
    start();
    EXPECT_EQ(messages(), 6u);
    EXPECT_TRUE(answers("⬅️ Назад", "ИИ фотограф"));

    ASSERT_EQ(up_.end(SIGKILL), 128 + SIGKILL);
    start();
    EXPECT_TRUE(answers("⬅️ Назад", "Работа с фото"));
    EXPECT_TRUE(answers("/balance", "100.00"));
    EXPECT_EQ(sandbox("GET", "/sandbox/violations").at("violations").as_array().size(), 0u);
    ASSERT_EQ(up_.end(SIGTERM), 0);
}

}  // namespace
}  // namespace persona::e2e
