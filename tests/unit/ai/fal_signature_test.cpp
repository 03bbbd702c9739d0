// Whether a webhook is fal.ai's: each part of it changed, clocks that differ, keys that come and go.
#include <gmock/gmock.h>

#include "ai/remote/fal/keys.hpp"
#include "ai/remote/fal/signature.hpp"
#include "async/task_group.hpp"
#include "support/fal_server.hpp"
#include "support/run.hpp"

namespace persona::ai::fal {
namespace {

using test::FalKey;
namespace json = boost::json;
using test::FalServer;
using Fault = FalServer::Fault;

const Time signed_at = *from_iso("2026-11-28T10:00:00Z");
const std::string body = R"({"request_id":"r-1","status":"OK","payload":{"finetune_id":"f-1"}})";

std::string seconds_of(Time time) { return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()); }

http::Headers headers(const FalKey& key, std::string_view request = "r-1", std::string_view user = "github|1",
                      const std::string& timestamp = seconds_of(signed_at)) {
    return {{"X-Fal-Webhook-Request-Id", request},
            {"X-Fal-Webhook-User-Id", user},
            {"X-Fal-Webhook-Timestamp", timestamp},
            {"X-Fal-Webhook-Signature", key.sign(request, user, timestamp, body)}};
}

http::Headers with_header(http::Headers given, std::string_view name, std::string_view value) {
    given.set(name, value);
    return given;
}

bool believed(const FalKey& key, const http::Headers& given, std::string_view of = body) {
    const auto signature = signature_in(given, signed_at);
    return signature && proves({key.open}, *signature, of);
}

std::string doubt(const http::Headers& given, Time now = signed_at) {
    const auto signature = signature_in(given, now);
    return signature ? "" : std::string(name(signature.error()));
}

TEST(FalSignature, SignsFourLinesWithoutAnEnd) {
    const FalKey key;
    const auto signature = signature_in(headers(key), signed_at);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signed_text(*signature, "abc"),
              "r-1\ngithub|1\n" + seconds_of(signed_at) + "\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_TRUE(believed(key, headers(key)));
}

// RFC 8032 §7.1, test 2: keys and signatures are those of everybody else.
TEST(FalSignature, ReadsKeysAsOthersWriteThem) {
    const auto keys = read_keys(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}]})");
    ASSERT_TRUE(keys);
    EXPECT_EQ(to_hex(keys->at(0)), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
}

TEST(FalSignature, A28_AChangeOfAnyPartIsSeen) {
    const FalKey key, other;
    const http::Headers good = headers(key);
    const std::string hex(good.value("X-Fal-Webhook-Signature"));
    EXPECT_FALSE(believed(other, good));
    EXPECT_FALSE(believed(key, good, body + " "));
    EXPECT_FALSE(believed(key, good, ""));
    EXPECT_FALSE(believed(key, with_header(good, "X-Fal-Webhook-Request-Id", "r-2")));
    EXPECT_FALSE(believed(key, with_header(good, "X-Fal-Webhook-User-Id", "github|2")));
    EXPECT_FALSE(believed(key, with_header(good, "X-Fal-Webhook-Timestamp", seconds_of(signed_at + 1s))));
    for (std::size_t at = 0; at < hex.size(); at += 7) {
        std::string bent = hex;
        bent[at] = bent[at] == 'a' ? 'b' : 'a';
        EXPECT_FALSE(believed(key, with_header(good, "X-Fal-Webhook-Signature", bent))) << at;
    }
}

TEST(FalSignature, A28_AHeaderOfAnotherFormIsMalformed) {
    const FalKey key;
    const http::Headers good = headers(key);
    for (const auto& [header, value] : std::initializer_list<std::pair<const char*, std::string>>{{"Request-Id", "../r-1"},
                                                                                                  {"Request-Id", "r/1"},
                                                                                                  {"Request-Id", ""},
                                                                                                  {"Request-Id", std::string(129, 'r')},
                                                                                                  {"User-Id", ""},
                                                                                                  {"User-Id", "a b"},
                                                                                                  {"User-Id", std::string(257, 'u')},
                                                                                                  {"Timestamp", ""},
                                                                                                  {"Timestamp", "-1"},
                                                                                                  {"Timestamp", "1e9"},
                                                                                                  {"Timestamp", "9999999999999"},
                                                                                                  {"Signature", ""},
                                                                                                  {"Signature", std::string(126, '0')},
                                                                                                  {"Signature", std::string(128, 'g')},
                                                                                                  {"Signature", std::string(130, '0')}})
        EXPECT_EQ(doubt(with_header(good, std::string("X-Fal-Webhook-") + header, value)), "malformed") << header << " " << value;
    EXPECT_EQ(doubt({}), "unsigned");
}

TEST(FalSignature, A28_ClocksMayDifferByFiveMinutes) {
    const FalKey key;
    for (const auto skew : {0s, 300s, -300s}) EXPECT_EQ(doubt(headers(key), signed_at + skew), "") << skew.count();
    for (const auto skew : {301s, -301s, 86'400s}) EXPECT_EQ(doubt(headers(key), signed_at + skew), "stale") << skew.count();
}

TEST(FalSignature, TakesOnlyKeysOfTheKind) {
    const FalKey key;
    json::object short_key = key.jwk(), rsa = key.jwk(), curve = key.jwk();
    short_key["x"] = "AAAA";
    rsa["kty"] = "RSA";
    curve["crv"] = "X25519";
    EXPECT_EQ(read_keys(json::serialize(json::object{{"keys", json::array{short_key, rsa, curve, key.jwk(), "?"}}})), KeySet{key.open});
    EXPECT_EQ(read_keys(json::serialize(json::object{{"keys", json::array(40, key.jwk())}}))->size(), 16u);
    for (const std::string& none : {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"keys":[]})"), std::string(R"({"keys":{}})"),
                                    json::serialize(json::object{{"keys", json::array{rsa}}}), std::string(1000, '[')})
        EXPECT_FALSE(read_keys(none)) << none.substr(0, 40);
}

// The keys' side of it, with a clock of its own.
struct Ring {
    explicit Ring(Executor executor)
        : server(executor), http(executor), keys(executor, http, {.url = server.jwks_url(), .now = [this] { return now; }}) {}
    // "" where believed.
    Task<std::string> ask(const FalKey& key) {
        const auto signature = co_await keys.verify(headers(key, "r-1", "u", seconds_of(now)), body, Deadline::after(20s));
        co_return signature ? "" : std::string(name(signature.error()));
    }
    Time now = signed_at;
    FalServer server;
    http::Client http;
    Keys keys;
};

void with(std::function<Task<void>(Ring&)> act) {
    run([&]() -> Task<void> {
        Ring ring(co_await asio::this_coro::executor);
        co_await within(Deadline::after(30s), "a test", act(ring));
        ring.http.close();
        co_await ring.server.stop();
    });
}

TEST(FalKeys, AreFetchedOnceAndAgainAfterADay) {
    with([](Ring& ring) -> Task<void> {
        const FalKey key = ring.server.keys.back();
        EXPECT_EQ(ring.server.keys_asked, 0);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await ring.ask(key), "");
        ring.now += 24h - 1s;
        EXPECT_EQ(co_await ring.ask(key), "");
        EXPECT_EQ(ring.server.keys_asked, 1);
        ring.now += 1s;
        EXPECT_EQ(co_await ring.ask(key), "");
        EXPECT_EQ(ring.server.keys_asked, 2);
    });
}

TEST(FalKeys, AnUnknownKeyMayBeANewOne) {
    with([](Ring& ring) -> Task<void> {
        const FalKey old = ring.server.keys.back();
        EXPECT_EQ(co_await ring.ask(old), "");
        ring.now += 61s;
        ring.server.keys = {old, FalKey()};
        EXPECT_EQ(co_await ring.ask(ring.server.keys.back()), "");
        EXPECT_EQ(ring.server.keys_asked, 2);
        EXPECT_EQ(co_await ring.ask(old), "") << "both are good while they are published";
        ring.now += 61s;
        ring.server.keys.erase(ring.server.keys.begin());
        EXPECT_EQ(co_await ring.ask(FalKey()), "unsigned");
        EXPECT_EQ(co_await ring.ask(old), "unsigned") << "withdrawn";
    });
}

TEST(FalKeys, A28_StrangersDoNotMakeUsAskMoreThanOnceAMinute) {
    with([](Ring& ring) -> Task<void> {
        EXPECT_EQ(co_await ring.ask(ring.server.keys.back()), "");
        for (int i = 0; i < 20; ++i, ring.now += 10s) EXPECT_EQ(co_await ring.ask(FalKey()), "unsigned");
        EXPECT_EQ(ring.server.keys_asked, 1 + 3);
    });
}

TEST(FalKeys, OldOnesServeWhileNewOnesCannotBeHad) {
    with([](Ring& ring) -> Task<void> {
        const FalKey key = ring.server.keys.back();
        EXPECT_EQ(co_await ring.ask(key), "");
        ring.now += 25h;
        ring.server.files_faults = {Fault::error, Fault::nonsense};
        EXPECT_EQ(co_await ring.ask(key), "");
        EXPECT_EQ(co_await ring.ask(FalKey()), "unsigned");
        ring.now += 61s;
        EXPECT_EQ(co_await ring.ask(key), "");
        EXPECT_EQ(ring.server.keys_asked, 3);
    });
}

TEST(FalKeys, WithoutAnyItIsLater) {
    with([](Ring& ring) -> Task<void> {
        const FalKey key = ring.server.keys.back();
        ring.server.files_faults = {Fault::error};
        EXPECT_EQ(co_await ring.ask(key), "keys_unavailable");
        EXPECT_EQ(co_await ring.ask(key), "keys_unavailable") << "and it is not asked again at once";
        EXPECT_EQ(ring.server.keys_asked, 1);
        ring.now += 60s;
        EXPECT_EQ(co_await ring.ask(key), "") << "recovers";
    });
}

TEST(FalKeys, ManyAtOnceAreOneFetch) {
    with([](Ring& ring) -> Task<void> {
        TaskGroup all(co_await asio::this_coro::executor, "test");
        for (int i = 0; i < 8; ++i) all.spawn("asks", [](Ring& at) -> Task<void> { EXPECT_EQ(co_await at.ask(at.server.keys.back()), ""); }(ring));
        EXPECT_TRUE(co_await all.join(Deadline::after(20s)));
        EXPECT_EQ(ring.server.keys_asked, 1);
    });
}

TEST(FalKeys, WhoHangsUpDoesNotTakeThemAway) {
    with([](Ring& ring) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        TaskGroup first(executor, "test"), second(executor, "test");
        first.spawn("hangs up", [](Ring& at) -> Task<void> { co_await at.ask(at.server.keys.back()); }(ring));
        second.spawn("waits", [](Ring& at) -> Task<void> { EXPECT_EQ(co_await at.ask(at.server.keys.back()), ""); }(ring));
        asio::post(executor, [&] { first.cancel(); });
        EXPECT_TRUE(co_await second.join(Deadline::after(20s)));
        EXPECT_TRUE(co_await first.join(Deadline::after(20s)));
        EXPECT_EQ(ring.server.keys_asked, 1);
    });
}

TEST(FalKeys, TheirAddressIsHttpsOrOfThisMachine) {
    run([]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        http::Client http(executor);
        try {
            const Keys keys(executor, http, {.url = "http://rest.fal.ai/jwks.json"});
            ADD_FAILURE() << "keys in plain";
        } catch (const BadConfig& e) { EXPECT_THAT(e.what(), testing::HasSubstr("FAL_JWKS_URL")); }
        http.close();
    });
}

}  // namespace
}  // namespace persona::ai::fal
