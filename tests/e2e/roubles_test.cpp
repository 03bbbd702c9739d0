// Coins for roubles through real processes: the cabinet's API, a server that behaves like YooKassa, notifications, the operator's commands.
#include <csignal>
#include <future>

#include "http/client.hpp"
#include "http/url.hpp"
#include "support/run.hpp"
#include "support/yookassa_thread.hpp"
#include "talk.hpp"
#include "telegram/init_data.hpp"

namespace persona::e2e {
namespace {

using test::YookassaServer;

constexpr const char* secret_key = "test_e2e_secret_of_a_shop";

struct Roubles : Talk<Roubles> {
    struct Said {
        unsigned status = 0;
        json::value body;
        std::string cookie;
        std::string text(std::string_view key) const { return std::string(body.at(key).as_string()); }
    };

    static test::YookassaThread& yookassa() {
        static test::YookassaThread server;
        return server;
    }
    static Options options() {
        return {.variables = {{"YOOKASSA_SHOP_ID", "100500"},
                              {"YOOKASSA_SECRET_KEY", secret_key},
                              {"YOOKASSA_URL", yookassa().base()},
                              {"YOOKASSA_TRUSTED", "127.0.0.1"},
                              {"PERSONA_PUBLIC_URL", "https://persona.example.org"},
                              {"COIN_PRICE", "1.50"}},
                .worker = false};
    }
    static Said call(const std::string& method, const std::string& path, const std::string& body = "", const std::string& cookie = "",
                     std::string url = "") {
        if (url.empty()) url = home().webhook_url().substr(0, home().webhook_url().find("/telegram"));
        http::Call asked{.method = method, .url = url + path, .headers = {{"Content-Type", "application/json"}}, .body = body};
        if (!cookie.empty()) asked.headers.add("Cookie", cookie);
        const auto reply = run([&]() -> Task<http::Result> {
            http::Client client(co_await asio::this_coro::executor);
            co_return co_await client.send(std::move(asked), Deadline::after(30s));
        });
        if (!reply) return {};
        const std::string set(reply->headers.value("Set-Cookie"));
        boost::system::error_code failed;
        return {reply->status, json::parse(reply->body, failed), set.substr(0, set.find(';'))};
    }
    // The cookie of a person's cabinet.
    static std::string enter(std::int64_t person) {
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(wall_now().time_since_epoch()).count();
        const telegram::InitFields fields{{"auth_date", std::to_string(now)},
                                          {"user", json::serialize(json::object{{"id", person}, {"first_name", "Анна"}, {"language_code", "ru"}})}};
        http::Form form;
        for (const auto& [name, value] : fields) form.add(name, value);
        form.add("hash", telegram::init_data_hash(fields, Secret("424242:e2e-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")));
        return call("POST", "/api/v1/session", json::serialize(json::object{{"init_data", form.encoded()}})).cookie;
    }
    // An order of 100 coins; gives the payment's id.
    static std::string order(const std::string& cookie) {
        const auto said = call("POST", "/api/v1/orders", R"({"coins":"100.00"})", cookie);
        EXPECT_EQ(said.status, 201u) << json::serialize(said.body);
        return home().sql("SELECT remote_id FROM orders WHERE id = '" + said.text("order") + "'");
    }
    static void pay(const std::string& id) {
        yookassa().with([&](YookassaServer& server) { server.pay(id); });
    }
    static std::string told(const std::string& event, const std::string& id) {
        return yookassa().with([&](YookassaServer& server) { return server.notification(event, id); });
    }
    static unsigned notify(const std::string& event, const std::string& id) { return call("POST", "/yookassa/webhook", told(event, id)).status; }
};

TEST_F(Roubles, C1_P6_CoinsAreBoughtInTheCabinetAndToldInTheChatOnce) {
    Person anna(home());
    const auto before = anna.says("/start").hears("На счёте 100.00");
    const std::string cookie = enter(anna.id());
    EXPECT_EQ(call("GET", "/api/v1/me", "", cookie).text("available"), "100.00");
    const std::string id = order(cookie);
    EXPECT_EQ(yookassa().with([&](YookassaServer& server) { return json::serialize(server.payment(id).at("amount")); }),
              R"({"value":"150.00","currency":"RUB"})");
    pay(id);
    std::vector<std::future<unsigned>> all;
    for (int i = 0; i < 5; ++i) all.push_back(std::async(std::launch::async, [&id] { return notify("payment.succeeded", id); }));
    for (auto& one : all) EXPECT_EQ(one.get(), 200u);
    anna.hears("✅ Зачислено 100.00 🪙. Доступно 200.00 🪙.");
    EXPECT_EQ(call("GET", "/api/v1/me", "", cookie).text("available"), "200.00");
    anna.says("/balance").hears("Доступно: 200.00");
    EXPECT_EQ(anna.heard("✅ Зачислено"), 1);
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "2");
}

TEST_F(Roubles, P9_APaymentThatWasToldWhileNobodyWasThereIsCreditedAfterTheStart) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const std::string paid = order(enter(anna.id()));
    EXPECT_EQ(home().bot().end(SIGKILL), 128 + SIGKILL);
    pay(paid);
    EXPECT_EQ(notify("payment.succeeded", paid), 0u) << "nobody listens";
    home().bot().start();
    anna.hears("✅ Зачислено 100.00 🪙", 60);
    EXPECT_EQ(anna.heard("✅ Зачислено"), 1);
}

TEST_F(Roubles, P7_AStrangerAndAForgeryBringNothing) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const std::string id = order(enter(anna.id()));
    pay(id);
    const int port = free_port();
    const auto outside =
        home().another("outside", "api", {{"PERSONA_HTTP", "127.0.0.1:" + std::to_string(port)}, {"YOOKASSA_TRUSTED", "77.75.153.0/25"}});
    outside->start();
    const std::string url = "http://127.0.0.1:" + std::to_string(port);
    EXPECT_EQ(call("POST", "/yookassa/webhook", told("payment.succeeded", id), "", url).status, 403u);
    EXPECT_EQ(outside->end(SIGTERM), 0);
    EXPECT_EQ(call("POST", "/yookassa/webhook", R"({"type":"notification","event":"payment.succeeded","object":{"id":"forged"}})").status, 200u);
    EXPECT_EQ(call("POST", "/yookassa/webhook", std::string(70'000, ' ')).status, 413u);
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "1");
    const auto alerts = home().persona({"payments", "alerts"});
    EXPECT_EQ(alerts.status, 0) << alerts.output;
    EXPECT_TRUE(alerts.output.contains("unheard:yookassa:forged")) << alerts.output;
    EXPECT_TRUE(alerts.output.contains("stranger:yookassa:")) << alerts.output;
    const std::string forged = home().sql("SELECT id FROM money_alerts WHERE key = 'unheard:yookassa:forged'");
    EXPECT_EQ(home().persona({"payments", "resolve", forged, "--by", "ann"}).status, 0);
    EXPECT_EQ(home().persona({"payments", "resolve", forged}).status, 1) << "it is resolved";
    EXPECT_EQ(home().sql("SELECT actor FROM audit_log WHERE action = 'payments.resolve'"), "admin:ann");
    EXPECT_EQ(call("GET", "/api/v1/me", "", "persona_session=1.99999999999.00").status, 401u);
}

TEST_F(Roubles, P15_TheOperatorReconcilesAndGivesBack) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const std::string id = order(enter(anna.id()));
    pay(id);
    const auto made_good = home().persona({"payments", "reconcile", "--provider", "yookassa", "--json"});
    EXPECT_TRUE(made_good.output.contains(R"("yookassa":{)")) << made_good.output;
    EXPECT_EQ(made_good.status, 0) << made_good.output;
    EXPECT_EQ(anna.sql("SELECT coins FROM user_balances WHERE user_id = $"), "200.00");
    const auto unknown = home().persona({"payments", "refund", "yookassa", "no-such-charge"});
    EXPECT_EQ(unknown.status, 1) << unknown.output;
    const auto back = home().persona({"payments", "refund", "yookassa", id, "--json"});
    EXPECT_EQ(back.status, 0) << back.output;
    EXPECT_TRUE(back.output.contains(R"("outcome":"done")")) << back.output;
    EXPECT_EQ(home().persona({"payments", "refund", "yookassa", id}).status, 0) << "it was given back before";
    EXPECT_EQ(anna.sql("SELECT coins FROM user_balances WHERE user_id = $"), "100.00");
    EXPECT_EQ(home().persona({"payments", "resolve", "999999"}).status, 1);
    EXPECT_EQ(home().persona({"payments", "reconcile", "--provider", "paypal"}).status, 1);
}

TEST_F(Roubles, P15_StarsAreReconciledWithTelegramsListAndGivenBack) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto offer = anna.says("➕ Пополнить").hears("Выберите пакет");
    const auto message = [](const json::object& of) { return of.at("message_id").to_number<std::int64_t>(); };
    const auto pressed = anna.presses(message(offer), "buy:10000:80").last();
    const auto bill = home().wait(anna.id(), pressed, "", "message").at("message").as_object();
    const auto paid = home().sandbox("POST", "/sandbox/chats/" + anna.key() + "/pay", json::object{{"message_id", message(bill)}});
    home().wait(anna.id(), paid.at("seq").to_number<std::int64_t>(), "✅ Зачислено 100.00 🪙");
    home().sql("UPDATE charges SET at = at - interval '1 hour' RETURNING 1");
    const auto clean = home().persona({"payments", "reconcile", "--provider", "stars", "--days", "1", "--json"});
    EXPECT_EQ(clean.status, 0) << clean.output;
    EXPECT_TRUE(clean.output.contains(R"("payments":1,"refunds":0,"credited":0)")) << clean.output;
    const std::string charge = anna.sql("SELECT charge FROM charges WHERE user_id = $");
    const auto back = home().persona({"payments", "refund", "stars", charge});
    EXPECT_EQ(back.status, 0) << back.output;
    EXPECT_EQ(anna.sql("SELECT coins FROM user_balances WHERE user_id = $"), "100.00");
    const auto again = home().persona({"payments", "reconcile", "--provider", "stars", "--days", "1", "--json"});
    EXPECT_TRUE(again.output.contains(R"("refunds":1,"credited":0,"reversed":0)")) << again.output;
    anna.says("/balance").hears("Доступно: 100.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "3") << "the welcome, the coins and their way back";
}

TEST_F(Roubles, NothingThatLeavesHoldsTheKey) {
    // As many as the reconciliation beside it may use up.
    yookassa().with([](YookassaServer& server) { server.faults.assign(20, YookassaServer::Fault::refused); });
    Person anna(home());
    anna.says("/start").hears("На счёте");
    EXPECT_EQ(call("POST", "/api/v1/orders", R"({"coins":"100.00"})", enter(anna.id())).status, 503u);
    yookassa().with([](YookassaServer& server) { server.faults.clear(); });
    const std::string everything = home().everything_that_left();
    EXPECT_FALSE(everything.contains(secret_key));
    EXPECT_FALSE(everything.contains("MTAwNTAwOnRlc3Rf")) << "nor in the form of the header";
    EXPECT_FALSE(everything.contains("persona_session="));
}

}  // namespace
}  // namespace persona::e2e
