#include "telegram/api.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "base/log.hpp"
#include "bot_api_server.hpp"
#include "support/temporary_folder.hpp"

namespace persona::telegram {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

template <class F>
void with_server(F body, bool local = false, OpenAttachment open = {}) {
    run([&]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        BotApiServer server(executor);
        http::Client client(executor);
        auto config = server.config();
        config.local = local;
        Api api(client, config, open);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(patience), "a test", body(server, api));
        } catch (...) { error = std::current_exception(); }
        co_await server.stop();
        if (error) std::rethrow_exception(error);
    });
}

Deadline soon() { return Deadline::after(5s); }

TEST(Api, D9_NamesTheSettingThatIsWrongAndNeverItsValue) {
    struct Case {
        std::string token, base, named;
    };
    const Case cases[] = {
        {"", "https://api.telegram.org", "TELEGRAM_TOKEN"},
        {"7654321", "https://api.telegram.org", "TELEGRAM_TOKEN"},
        {"abc:secretsecret", "https://api.telegram.org", "TELEGRAM_TOKEN"},
        {token, "http://api.telegram.org", "TELEGRAM_API_URL"},
        {token, "http://localhost.evil.example", "TELEGRAM_API_URL"},
        {token, "http://127.evil.example", "TELEGRAM_API_URL"},
        {token, "ftp://x", "TELEGRAM_API_URL"},
        {token, "https://", "TELEGRAM_API_URL"},
        {token, "https://user:password@host", "TELEGRAM_API_URL"},
    };
    run([&]() -> Task<void> {
        http::Client client(co_await asio::this_coro::executor);
        for (const Case& c : cases) {
            try {
                Api api(client, {.token = Secret(c.token), .base = c.base});
                ADD_FAILURE() << c.base << " was taken";
            } catch (const BadConfig& e) {
                EXPECT_THAT(e.what(), testing::StartsWith(c.named));
                EXPECT_THAT(std::string(e.what()), testing::AllOf(Not(HasSubstr("secretsecret")), Not(HasSubstr("password"))));
            }
        }
        for (const auto* base : {"http://localhost:8081", "http://127.0.0.1:1/", "http://[::1]:5", "https://example.org/tg/"})
            Api(client, {.token = Secret(token), .base = base});
        EXPECT_EQ(Api(client, {.token = Secret(token)}).bot(), BotId(123456));
    });
}

TEST(Api, TellsWhatEveryAnswerMeans) {
    struct Case {
        http::Response answer;
        ApiErrorKind kind;
        int code;
        std::chrono::seconds retry_after;
    };
    with_server([&](BotApiServer& server, Api& api) -> Task<void> {
        std::vector<Case> cases;
        cases.push_back({BotApiServer::refuse(400, "Bad Request: chat not found"), ApiErrorKind::refused, 400, 0s});
        cases.push_back({BotApiServer::refuse(401, "Unauthorized"), ApiErrorKind::refused, 401, 0s});
        cases.push_back({BotApiServer::refuse(403, "Forbidden: bot was blocked by the user"), ApiErrorKind::blocked, 403, 0s});
        cases.push_back({BotApiServer::refuse(429, "Too Many Requests: retry after 3", 3), ApiErrorKind::too_many, 429, 3s});
        cases.push_back({BotApiServer::refuse(429, "Too Many Requests"), ApiErrorKind::too_many, 429, 1s});
        cases.push_back({BotApiServer::refuse(502, "Bad Gateway"), ApiErrorKind::server, 502, 0s});
        cases.push_back({http::Response::text(502, "<html>Bad Gateway"), ApiErrorKind::server, 502, 0s});
        cases.push_back({http::Response::text(200, "not json"), ApiErrorKind::server, 200, 0s});
        cases.push_back({http::Response::json("[]"), ApiErrorKind::server, 200, 0s});
        for (Case& c : cases) {
            server.once["sendMessage"].push_back(std::move(c.answer));
            const auto answer = co_await api.call(send_message("hi"), soon());
            EXPECT_FALSE(answer);
            if (answer) continue;
            EXPECT_EQ(answer.error().kind, c.kind) << answer.error().description;
            EXPECT_EQ(answer.error().code, c.code);
            EXPECT_EQ(answer.error().retry_after, c.retry_after);
        }
        server.once["sendMessage"].push_back(BotApiServer::ok(R"({"message_id":5})"));
        const auto answer = co_await api.call(send_message("hi \xF0\x9F\x98\x80"), soon());
        EXPECT_EQ(answer.value().at("message_id").as_int64(), 5);
        EXPECT_EQ(server.asked.back().params.at("text").as_string(), "hi \xF0\x9F\x98\x80");
    });
}

TEST(Api, UploadsAnAttachmentUnderItsName) {
    OpenAttachment open = [](const Attachment& file, Deadline) -> Task<std::string> {
        if (file.blob == "gone") throw Corrupt("no such blob");
        co_return "bytes of " + file.blob;
    };
    with_server(
        [](BotApiServer& server, Api& api) -> Task<void> {
            auto call =
                with(send_document({.field = "document", .blob = "b1", .file_name = "протокол.docx"}, "Ваш транскрипт"), ReplyKeyboard{{{"a"}}});
            call.params["chat_id"] = 7;
            EXPECT_TRUE(co_await api.call(std::move(call), soon()));
            const std::string& body = server.asked.back().body;
            for (const auto* part : {"bytes of b1", "протокол.docx", "Ваш транскрипт", "name=\"chat_id\"", R"({"keyboard":[[{"text":"a"}]])"})
                EXPECT_THAT(body, HasSubstr(part));
            const auto lost = co_await api.call(send_document({.field = "document", .blob = "gone", .file_name = "x"}, ""), soon());
            EXPECT_EQ(lost.error().kind, ApiErrorKind::lost);
            EXPECT_EQ(server.count("sendDocument"), 1U);
        },
        false, open);
}

TEST(Api, T5_DownloadsWithinTheLimitAndLeavesNothingOtherwise) {
    const TemporaryFolder temporary;
    const auto& folder = temporary.path();
    with_server([&](BotApiServer& server, Api& api) -> Task<void> {
        const std::string bytes(300'000, 'x');
        server.files["voice/file 1.oga"] = bytes;
        server.always["getFile"] = [](const Asked&) -> Task<http::Response> {
            co_return BotApiServer::ok(R"({"file_id":"f","file_path":"voice/file 1.oga"})");
        };
        const auto target = folder / "a";
        EXPECT_EQ((co_await api.download("f", target, 300'000, soon())).value(), 300'000);
        EXPECT_EQ(read_file(target), bytes);
        std::filesystem::remove(target);
        const auto large = co_await api.download("f", target, 299'999, soon());
        EXPECT_EQ(large.error().kind, ApiErrorKind::refused);
        EXPECT_THAT(large.error().description, HasSubstr("file is too big"));
        EXPECT_FALSE(std::filesystem::exists(target));
        server.files.clear();
        EXPECT_FALSE(co_await api.download("f", target, 300'000, soon()));
        EXPECT_FALSE(std::filesystem::exists(target));
        server.once["getFile"].push_back(BotApiServer::ok(R"({"file_id":"f","file_path":"v","file_size":300001})"));
        EXPECT_THAT((co_await api.download("f", target, 300'000, soon())).error().description, HasSubstr("too big"));
        server.once["getFile"].push_back(BotApiServer::refuse(400, "Bad Request: file is too big"));
        EXPECT_THAT((co_await api.download("f", target, 300'000, soon())).error().description, HasSubstr("too big"));
    });
}

TEST(Api, CopiesTheFileOfALocalServer) {
    const TemporaryFolder temporary;
    const auto& folder = temporary.path();
    temporary.file("there", std::string(3 << 20, 'y'));
    with_server(
        [&](BotApiServer& server, Api& api) -> Task<void> {
            server.always["getFile"] = [&](const Asked&) -> Task<http::Response> {
                co_return BotApiServer::ok(json::serialize(json::object{{"file_path", (folder / "there").string()}}));
            };
            EXPECT_EQ((co_await api.download("f", folder / "here", 3 << 20, soon())).value(), 3 << 20);
            EXPECT_EQ(read_file(folder / "here").size(), 3U << 20);
            EXPECT_FALSE(co_await api.download("f", folder / "no", (3 << 20) - 1, soon()));
            EXPECT_FALSE(std::filesystem::exists(folder / "no"));
        },
        true);
}

// Every way a call can fail, with servers that repeat the URL back: nothing that comes out may hold the token.
TEST(Api, T11_NoFailureShowsTheToken) {
    testing::internal::CaptureStderr();
    std::vector<std::string> seen;
    const auto note = [&](const auto& answer) {
        EXPECT_FALSE(answer);
        if (!answer) seen.push_back(answer.error().description);
        if (!answer) log(Level::warn, "telegram", "a failure", {{"description", answer.error().description}});
    };
    with_server([&](BotApiServer& server, Api& api) -> Task<void> {
        const TemporaryFolder temporary;
        const auto target = temporary.path() / "target";
        const std::string url = server.base() + "/bot" + token + "/sendMessage";
        server.once["sendMessage"].push_back(BotApiServer::refuse(400, "Bad Request: " + url));
        server.once["sendMessage"].push_back(BotApiServer::refuse(429, url, 1));
        server.once["sendMessage"].push_back(http::Response::text(502, url));
        for (int i = 0; i < 3; ++i) note(co_await api.call(send_message("hi"), soon()));
        server.once["getUpdates"].push_back(BotApiServer::refuse(409, "Conflict: " + url));
        note(co_await api.updates(0, 0s, soon()));
        server.once["getFile"].push_back(BotApiServer::ok(R"({"file_path":"lost"})"));
        note(co_await api.download("f", target, 10, soon()));
        server.once["getFile"].push_back(BotApiServer::ok("{}"));
        note(co_await api.download("f", target, 10, soon()));
        server.always["sendMessage"] = [](const Asked&) -> Task<http::Response> {
            co_await pause(10s);
            co_return BotApiServer::ok("true");
        };
        note(co_await api.call(send_message("hi"), Deadline::after(50ms)));
        EXPECT_EQ((co_await api.call(send_message("hi"), Deadline::after(50ms))).error().kind, ApiErrorKind::unknown);
        const auto executor = co_await asio::this_coro::executor;
        asio::ip::tcp::acceptor closed(executor, {asio::ip::make_address("127.0.0.1"), 0});
        const auto port = closed.local_endpoint().port();
        closed.close();
        http::Client client(executor);
        for (const std::string& base : {"http://127.0.0.1:" + std::to_string(port), std::string("https://no-such-host.invalid")}) {
            Api dead(client, {.token = Secret(token), .base = base});
            note(co_await dead.call(send_message("hi"), Deadline::after(2s)));
            note(co_await dead.download("f", target, 10, Deadline::after(2s)));
        }
        Api refused(client, {.token = Secret(token), .base = "http://127.0.0.1:" + std::to_string(port)});
        EXPECT_EQ((co_await refused.call(send_message("hi"), soon())).error().kind, ApiErrorKind::not_sent);
    });
    seen.push_back(testing::internal::GetCapturedStderr());
    EXPECT_GE(seen.size(), 11U);
    for (const std::string& text : seen) {
        EXPECT_THAT(text, Not(HasSubstr(token)));
        EXPECT_THAT(text, Not(HasSubstr(token.substr(7))));
        EXPECT_FALSE(text.empty());
    }
}

}  // namespace
}  // namespace persona::telegram
