// The cabinet's API as its page uses it: a session, what a person has, an order in roubles, and what others may not see.
#include "api/cabinet.hpp"

#include <boost/json.hpp>

#include "bot/sessions.hpp"
#include "http/url.hpp"
#include "studio/payments/promo.hpp"
#include "support/till_room.hpp"

namespace persona::api {
namespace {

namespace json = boost::json;
using yookassa::TillRoom;
using Fault = test::YookassaServer::Fault;

const Secret token("424242:e2e-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw");
constexpr std::int64_t ann = 5'000'000'001, bob = 5'000'000'002, stranger = 5'000'000'777;
Time the_time = Time(std::chrono::seconds(1'790'000'000));

std::string init_data(std::int64_t person, Time at = the_time) {
    telegram::InitFields fields{{"auth_date", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count())},
                                {"user", json::serialize(json::object{{"id", person}, {"first_name", "Анна+"}})}};
    http::Form form;
    for (auto& [name, value] : fields) form.add(name, value);
    form.add("hash", telegram::init_data_hash(fields, token));
    return form.encoded();
}

struct Said {
    unsigned status = 0;
    json::object body;
    std::string cookie;

    std::string text(std::string_view key) const { return std::string(body.at(key).as_string()); }
    std::string code() const { return std::string(body.at("error").at("code").as_string()); }
};

// A page of one person: keeps the cookie that it was given.
struct Page {
    explicit Page(TillRoom& at, yookassa::Till* till, yookassa::Sale sale = {})
        : room(at),
          vault(test::test_keyring(), at.pool),
          reception(at.pool, Passes(test::test_keyring()), token, registering(), [] { return the_time; }),
          cabinet(at.pool, reception, till, sale),
          router(all_routes()) {}

    Register registering() {
        return [this](telegram::Person person, Deadline deadline) -> Task<void> {
            (void)co_await bot::register_person(room.pool, vault, std::move(person), Coins::hundredths(100'00), deadline);
        };
    }
    std::vector<http::Route> all_routes() {
        auto routes = cabinet.routes();
        routes.push_back(reception.route());
        return routes;
    }
    Task<Said> ask(std::string method, std::string path, std::string body = "", std::string query = "") {
        http::Request request{
            .method = std::move(method), .path = http::path_segments(path), .query = http::Form::parse(query), .body = std::move(body)};
        request.headers.add("Content-Type", "application/json");
        if (!cookie.empty()) request.headers.add("Cookie", "theme=dark; " + cookie);
        const auto response = co_await router(std::move(request));
        Said out{.status = response.status, .cookie = std::string(response.headers.value("Set-Cookie"))};
        if (const auto text = std::get<std::string>(response.body); !text.empty() && text.front() == '{') out.body = json::parse(text).as_object();
        co_return out;
    }
    Task<Said> get(std::string path, std::string query = "") { return ask("GET", std::move(path), "", std::move(query)); }
    Task<Said> enter(std::int64_t person) {
        const auto said = co_await ask("POST", "/api/v1/session", json::serialize(json::object{{"init_data", init_data(person)}}));
        cookie = said.cookie.substr(0, said.cookie.find(';'));
        co_return said;
    }
    Task<Said> buy(std::string coins) { return ask("POST", "/api/v1/orders", json::serialize(json::object{{"coins", coins}})); }

    TillRoom& room;
    vault::Vault vault;
    Reception reception;
    Cabinet cabinet;
    http::Router router;
    std::string cookie;
};

struct CabinetApi : yookassa::TillTest {
    void on_page(auto body, yookassa::Sale sale = {}) {
        with([&](TillRoom& room) -> Task<void> {
            Page page(room, &room.till, sale);
            co_await page.vault.open(room.soon());
            static constexpr postgres::Query skip{"test.skip", "SELECT setval('users_id_seq', 1000)"};
            (void)co_await room.pool.read(room.soon(), skip);
            co_await body(room, page);
        });
    }
};

TEST(Passes, AreReadOnlyAsTheyWereIssued) {
    const Passes passes(test::test_keyring()), others(vault::Keyring::from_text(std::string(64, '8'), "test"));
    const std::string good = passes.issue(UserId(17), the_time);
    EXPECT_EQ(passes.read(good, the_time), UserId(17));
    EXPECT_EQ(passes.read(good, the_time + 59min), UserId(17));
    EXPECT_FALSE(passes.read(good, the_time + 1h)) << "it is over";
    EXPECT_FALSE(others.read(good, the_time)) << "of another master key";
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = bad[i] == '1' ? '2' : '1';
        EXPECT_FALSE(passes.read(bad, the_time)) << bad;
    }
    for (const char* bad : {"", ".", "..", "17", "17.1", "17.99999999999.", ".99999999999.ab"}) EXPECT_FALSE(passes.read(bad, the_time)) << bad;
}

TEST_F(CabinetApi, ASessionNeedsWhatTelegramSigned) {
    on_page([](TillRoom&, Page& page) -> Task<void> {
        EXPECT_EQ((co_await page.get("/api/v1/me")).code(), "no_session");
        const auto said = co_await page.enter(ann);
        EXPECT_EQ(said.status, 200u);
        EXPECT_THAT(said.cookie, testing::MatchesRegex(
                                     "persona_session=1\\.[0-9]+\\.[0-9a-f]+; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None; Partitioned"));
        EXPECT_EQ((co_await page.get("/api/v1/me")).status, 200u);
        const auto try_with = [&](std::string text) {
            return page.ask("POST", "/api/v1/session", json::serialize(json::object{{"init_data", text}}));
        };
        EXPECT_EQ((co_await try_with(init_data(ann, the_time - 25h))).code(), "old_init_data");
        EXPECT_EQ((co_await try_with(init_data(ann, the_time + 1h))).code(), "future_init_data");
        EXPECT_EQ((co_await try_with(init_data(ann) + "&x=1")).code(), "forged_init_data");
        for (const char* body : {"", "{}", "[]", "{", R"({"init_data":5})", R"({"init_data":""})"})
            EXPECT_EQ((co_await page.ask("POST", "/api/v1/session", body)).status, 400u) << body;
        page.cookie[16] = '2';
        EXPECT_EQ((co_await page.get("/api/v1/me")).code(), "no_session");
    });
}

TEST_F(CabinetApi, AStrangerIsRegisteredOnceAndABannedOneStaysOut) {
    on_page([](TillRoom& room, Page& page) -> Task<void> {
        EXPECT_EQ((co_await page.enter(stranger)).status, 200u);
        EXPECT_EQ((co_await page.enter(stranger)).status, 200u);
        const auto me = co_await page.get("/api/v1/me");
        EXPECT_EQ(me.body.at("user").at("telegram_id"), stranger);
        EXPECT_EQ(me.body.at("user").at("first_name"), "Анна+");
        EXPECT_EQ(me.text("available"), "100.00") << "the welcome, once";
        static constexpr postgres::Query ban{"test.ban", "UPDATE users SET banned_at = now() WHERE telegram_id = $1::bigint"};
        postgres::Work work;
        work.add(ban, stranger);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        EXPECT_EQ((co_await page.get("/api/v1/me")).code(), "banned");
        EXPECT_EQ((co_await page.buy("250.00")).code(), "banned");
        EXPECT_EQ((co_await page.enter(stranger)).code(), "banned");
    });
}

TEST_F(CabinetApi, C1_TheBalanceIsTheSumOfTheLedger) {
    on_page([](TillRoom& room, Page& page) -> Task<void> {
        (void)co_await page.enter(ann);
        postgres::Work work;
        wallet::hold(work, TillRoom::ann, OperationId(Uuid::v7()), Coins::hundredths(12'50), "transcription");
        wallet::post(work, TillRoom::ann, Coins::hundredths(-2'25), wallet::Kind::adjustment, "adjustment:test:1", "operator", "test");
        (void)co_await room.pool.commit(std::move(work), room.soon());
        const auto me = co_await page.get("/api/v1/me");
        EXPECT_EQ(me.text("coins"), "97.75");
        EXPECT_EQ(me.text("held"), "12.50");
        EXPECT_EQ(me.text("available"), "85.25");
        const auto rows = co_await page.get("/api/v1/transactions");
        std::int64_t sum = 0;
        for (const auto& row : rows.body.at("transactions").as_array()) sum += Coins::parse(row.at("amount").as_string())->value();
        EXPECT_EQ(sum, 97'75);
    });
}

TEST_F(CabinetApi, C2_TransactionsComeByPagesEachOnce) {
    on_page([](TillRoom& room, Page& page) -> Task<void> {
        (void)co_await page.enter(ann);
        for (int i = 0; i < 24; ++i) {
            postgres::Work work;
            wallet::post(work, TillRoom::ann, Coins::hundredths(10), wallet::Kind::bonus, "bonus:test:" + std::to_string(i), "promotion", "test");
            (void)co_await room.pool.commit(std::move(work), room.soon());
        }
        std::vector<std::int64_t> seen, sizes;
        for (std::string query;;) {
            const auto said = co_await page.get("/api/v1/transactions", query);
            const auto& rows = said.body.at("transactions").as_array();
            sizes.push_back(static_cast<std::int64_t>(rows.size()));
            for (const auto& row : rows) seen.push_back(row.at("id").as_int64());
            if (said.body.at("next").is_null()) break;
            query = "before=" + std::to_string(said.body.at("next").as_int64());
        }
        EXPECT_THAT(sizes, testing::ElementsAre(10, 10, 5));
        EXPECT_TRUE(std::ranges::is_sorted(seen, std::greater()));
        EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
        for (const char* query : {"limit=0", "limit=101", "limit=-1", "limit=x", "before=-5", "before="})
            EXPECT_EQ((co_await page.get("/api/v1/transactions", query)).status, 400u) << query;
        EXPECT_EQ((co_await page.get("/api/v1/transactions", "limit=100")).body.at("transactions").as_array().size(), 25u);
    });
}

TEST_F(CabinetApi, AnOrderIsPaidInRoublesAtTheSetPrice) {
    on_page(
        [](TillRoom& room, Page& page) -> Task<void> {
            (void)co_await page.enter(ann);
            const auto said = co_await page.buy("250.01");
            EXPECT_EQ(said.status, 201u);
            EXPECT_EQ(said.text("price"), "375.02") << "1.5 roubles a coin, rounded up";
            EXPECT_EQ(said.text("currency"), "RUB");
            EXPECT_THAT(said.text("url"), testing::StartsWith("https://yoomoney.example/"));
            const std::string path = "/api/v1/orders/" + said.text("order");
            EXPECT_EQ((co_await page.get(path)).text("state"), "open");
            room.server.pay(room.server.payment_ids().at(0));
            EXPECT_EQ(*co_await room.till.look_at_payment(room.server.payment_ids().at(0), room.soon()), yookassa::Settled::credited);
            EXPECT_EQ((co_await page.get(path)).text("state"), "paid");
            EXPECT_EQ((co_await page.get("/api/v1/me")).text("available"), "350.01");
            (void)co_await page.enter(bob);
            EXPECT_EQ((co_await page.get(path)).status, 404u) << "another's";
            EXPECT_EQ((co_await page.get("/api/v1/orders/1")).status, 404u);
        },
        {.coin_price = Coins::hundredths(1'50)});
}

TEST_F(CabinetApi, P4_WhatIsNoAmountIsRefused) {
    on_page([](TillRoom& room, Page& page) -> Task<void> {
        (void)co_await page.enter(ann);
        for (const char* coins : {"49.99", "100000.01", "0", "-250.00"}) EXPECT_EQ((co_await page.buy(coins)).code(), "bad_amount") << coins;
        for (const char* coins : {"", "250.001", "many", "2e2", "250,00"}) EXPECT_EQ((co_await page.buy(coins)).code(), "bad_request") << coins;
        EXPECT_EQ((co_await page.ask("POST", "/api/v1/orders", R"({"coins":250})")).code(), "bad_request");
        EXPECT_TRUE(room.server.asked.empty());
        EXPECT_EQ((co_await page.buy("50.00")).status, 201u);
        EXPECT_EQ((co_await page.buy("100000.00")).text("price"), "100000.00");
    });
}

TEST_F(CabinetApi, P19_ACodeThatWaitsCountsForTheNextOrder) {
    struct Case {
        promo::Kind kind;
        const char* price;
        const char* bonus;
        const char* after;
    };
    for (const Case c : {Case{promo::Kind::discount, "225.00", "0.00", "350.00"}, Case{promo::Kind::bonus, "250.00", "25.00", "375.00"}}) {
        dsn = test::postgres_dsn();
        on_page([&c](TillRoom& room, Page& page) -> Task<void> {
            (void)co_await page.enter(ann);
            postgres::Work work;
            promo::create(work, {.code = "TEN", .kind = c.kind, .value = Coins::hundredths(10'00), .per_user = 1, .created_by = "test"});
            promo::use(work, TillRoom::ann, "TEN", Uuid::v7());
            (void)co_await room.pool.commit(std::move(work), room.soon());
            const auto said = co_await page.buy("250.00");
            EXPECT_EQ(said.text("price"), c.price);
            EXPECT_EQ(said.text("bonus"), c.bonus);
            const std::string id = room.server.payment_ids().at(0);
            EXPECT_EQ(room.server.payment(id).at("amount").at("value"), c.price);
            room.server.pay(id);
            EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), yookassa::Settled::credited);
            EXPECT_EQ((co_await page.get("/api/v1/me")).text("available"), c.after);
            EXPECT_EQ((co_await page.buy("250.00")).text("price"), "250.00") << "it was spent";
        });
    }
}

TEST_F(CabinetApi, P9_AnOrderWhoseOfferHadNoAnswerGetsItsAddressLater) {
    on_page([](TillRoom& room, Page& page) -> Task<void> {
        (void)co_await page.enter(ann);
        room.server.faults.assign(3, Fault::lost);
        const auto said = co_await page.buy("250.00");
        EXPECT_EQ(said.status, 202u);
        EXPECT_TRUE(said.body.at("url").is_null());
        co_await room.age("1 minute");
        EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
        EXPECT_THAT((co_await page.get("/api/v1/orders/" + said.text("order"))).text("url"), testing::StartsWith("https://yoomoney.example/"));
        EXPECT_EQ(room.server.payment_ids().size(), 1u);
    });
}

TEST_F(CabinetApi, AnOrderThatIsRefusedIsNoneAndTooManyAreTooMany) {
    on_page(
        [](TillRoom& room, Page& page) -> Task<void> {
            (void)co_await page.enter(ann);
            room.server.faults = {Fault::refused};
            EXPECT_EQ((co_await page.buy("250.00")).code(), "not_sold_now");
            EXPECT_EQ((co_await page.buy("250.00")).status, 201u);
            EXPECT_EQ((co_await page.buy("250.00")).code(), "too_often");
            Page closed(room, nullptr);
            closed.cookie = page.cookie;
            EXPECT_EQ((co_await closed.buy("250.00")).code(), "not_sold");
        },
        {.most_an_hour = 2});
}

TEST_F(CabinetApi, WithoutADatabaseItSaysSoAndRecovers) {
    on_page([](TillRoom&, Page& page) -> Task<void> {
        (void)co_await page.enter(ann);
        test::postgres_stop();
        EXPECT_EQ((co_await page.get("/api/v1/me")).code(), "unavailable");
        EXPECT_EQ((co_await page.ask("POST", "/api/v1/session", json::serialize(json::object{{"init_data", init_data(bob)}}))).code(), "unavailable");
        test::postgres_start();
        EXPECT_EQ((co_await page.get("/api/v1/me")).status, 200u);
    });
}

}  // namespace
}  // namespace persona::api
