// Recordings that a speech server hears, alone or behind an engine of this machine: its bad days, seen from the chat and the books.
#include "unit/ai/speech_server.hpp"

#include "ai/remote/speech/engine.hpp"
#include "studio.hpp"

namespace persona::bot {
namespace {

using ai::test::SpeechAsked;
using ai::test::SpeechServer;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* paid_once = "95.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1";
constexpr const char* void_once = "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 0, documents 0";

// The server and its engine in the studio.
struct Provider {
    // patience: for one try.
    Provider(Studio& s, Millis patience) : server(s.executor), engine(s.http, config(patience)) {}
    ai::OpenAiSpeechConfig config(Millis patience) const {
        auto out = server.config();
        out.patience = patience;
        return out;
    }
    ai::SpeechSet::Member member() { return {{.name = "OpenAI", .languages = {"ru", "en"}, .remote = true, .many = true, .finds = true}, &engine}; }
    SpeechServer server;
    ai::OpenAiSpeech engine;
};

struct SpeechByServer : WorkTest {
    using Body = std::function<Task<void>(Studio&, SpeechServer&)>;

    // The server alone.
    void with_server(Body body, Millis patience = 5s) {
        with([=](Studio& s) -> Task<void> {
            Provider provider(s, patience);
            s.shop.speech.members = {provider.member()};
            s.hire();
            co_await beside(s, provider.server, body(s, provider.server));
        });
    }
    // Behind the ears of the studio.
    void with_both(Body body) {
        with([=](Studio& s) -> Task<void> {
            Provider provider(s, 5s);
            s.shop.speech.members.push_back(provider.member());
            s.hire();
            co_await beside(s, provider.server, body(s, provider.server));
        });
    }
    static Task<void> hears_one(Studio& s) {
        co_await s.send_file(spoken(1));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_THAT(s.texts(), Contains("Piece.").Times(1));
    }
    static Task<void> hears_none(Studio& s) {
        co_await s.send_file(spoken(1));
        co_await s.until_said("Не получилось расшифровать запись. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_EQ(s.documents_sent(), 0u);
        EXPECT_FALSE(s.said("127.0.0.1")) << testing::PrintToString(s.texts());
    }
};

TEST_F(SpeechByServer, T8_500And429AndThenSuccessIsOneTranscriptAndOneCharge) {
    with_server([](Studio& s, SpeechServer& server) -> Task<void> {
        server.once.push_back(SpeechServer::refuses(500, "server_error"));
        server.once.push_back(SpeechServer::refuses(429, "rate_limit_exceeded", {}, "0.01"));
        co_await hears_one(s);
        EXPECT_EQ(server.asked.size(), 3u);
        EXPECT_TRUE(s.said("Язык: английский, распознавание: OpenAI."));
    });
}

TEST_F(SpeechByServer, T8_NothingTwiceAndThenSuccessIsOneTranscriptAndOneCharge) {
    with_server(
        [](Studio& s, SpeechServer& server) -> Task<void> {
            server.always = [&](const SpeechAsked&) -> Task<http::Response> {
                if (server.asked.size() <= 2) co_await pause(1h);
                co_return SpeechServer::says("Piece.");
            };
            co_await hears_one(s);
            EXPECT_EQ(server.asked.size(), 3u);
        },
        500ms);
}

TEST_F(SpeechByServer, T9_500ForGoodIsTriedAgainAndCostsNothing) {
    with_server([](Studio& s, SpeechServer& server) -> Task<void> {
        server.always = [](const SpeechAsked&) -> Task<http::Response> { co_return SpeechServer::refuses(500, "server_error"); };
        co_await hears_none(s);
        EXPECT_GT(server.asked.size(), 3u);
    });
}

TEST_F(SpeechByServer, T9_AQuotaThatIsUsedUpIsNotTriedAgain) {
    with_server([](Studio& s, SpeechServer& server) -> Task<void> {
        server.always = [](const SpeechAsked&) -> Task<http::Response> { co_return SpeechServer::refuses(429, "insufficient_quota"); };
        co_await hears_none(s);
        EXPECT_EQ(server.asked.size(), 1u);
    });
}

// How loud it is in all; a voice that is left out is missed, a pause is not.
double energy(std::span<const std::int16_t> samples) {
    double out = 0;
    for (const double sample : samples) out += sample * sample;
    return out;
}
double energy_of_wav(const std::string& file) {
    Samples samples((file.size() - 44) / 2);
    std::memcpy(samples.data(), file.data() + 44, samples.size() * 2);
    return energy(samples);
}

// 11 minutes are 21 MB as the server is sent them, in files that have less than its 25.
TEST_F(SpeechByServer, T6_ALongRecordingIsCutAndJoinedInOrderAndNothingOfItIsLost) {
    with_server([](Studio& s, SpeechServer& server) -> Task<void> {
        constexpr int voices = 102;
        s.around.limits.file_bytes = 30 << 20;
        s.around.prices.base_minutes = 20;
        double sent = 0;
        server.always = [&](const SpeechAsked& asked) -> Task<http::Response> {
            constexpr const char* said[] = {"Anna opens the meeting.", "Boris counts the money.", "Vera closes it."};
            const std::string& file = asked.fields.at("file");
            EXPECT_LT(file.size(), 25u << 20);
            sent += energy_of_wav(file);
            co_return SpeechServer::says(said[std::min<std::size_t>(server.asked.size(), 3) - 1]);
        };
        co_await s.send_file(spoken(voices));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(server.asked.size(), 3u);
        EXPECT_TRUE(s.said("⏳ Обработка куска 1/3"));
        EXPECT_TRUE(s.said("Anna opens the meeting.\nBoris counts the money.\nVera closes it."));
        EXPECT_GE(sent, 0.999 * voices * energy(voice()));
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(SpeechByServer, T9_WhereTheFirstEngineFailsForGoodTheNextOneHearsAndIsNamed) {
    with_both([](Studio& s, SpeechServer&) -> Task<void> {
        s.ears.before = [](const ai::Segment&, int) { throw Unavailable("the model is broken"); };
        co_await hears_one(s);
        EXPECT_EQ(s.ears.heard(), "3");
        EXPECT_TRUE(s.said("Язык: английский, распознавание: OpenAI."));
        EXPECT_FALSE(s.said("Ears"));
    });
}

TEST_F(SpeechByServer, T9_WhereTheFirstEngineDiesInTheMiddleTheNextOneHearsTheWhole) {
    with_both([](Studio& s, SpeechServer& server) -> Task<void> {
        s.ears.before = [](const ai::Segment& segment, int) {
            if (segment.index > 0) throw Unavailable("the model is broken");
        };
        co_await s.send_file(spoken(6));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(server.asked.size(), 1u);
        EXPECT_TRUE(s.said("распознавание: OpenAI."));
        EXPECT_THAT(s.texts(), Contains("Piece.").Times(1)) << "none of the first engine's pieces stays";
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(SpeechByServer, T9_WhereBothFailItCostsNothing) {
    with_both([](Studio& s, SpeechServer& server) -> Task<void> {
        s.ears.before = [](const ai::Segment&, int) { throw Unavailable("the model is broken"); };
        server.always = [](const SpeechAsked&) -> Task<http::Response> { co_return SpeechServer::refuses(401, "invalid_api_key"); };
        co_await hears_none(s);
        EXPECT_EQ(server.asked.size(), 1u);
    });
}

}  // namespace
}  // namespace persona::bot
