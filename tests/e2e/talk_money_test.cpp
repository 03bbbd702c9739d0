// Coins for Stars, as people and operators meet it: invoice, check, payment, notice, refund; promo codes; the cabinet.
#include <csignal>

#include "talk.hpp"

namespace persona::e2e {
namespace {

struct Money : Talk<Money> {
    static Options options() {
        return {.variables = {{"INITIAL_BALANCE", "0"}, {"PERSONA_STARS_SECOND", "refund"}}, .webhook = true, .worker = false};
    }

    // The invoice that a press of this package brings.
    static json::object invoice(Person& anna, const char* package = "buy:10000:80") {
        const auto offer = anna.says("➕ Пополнить").hears("Выберите пакет");
        const auto pressed = anna.presses(id_of(offer), package).last();
        return home().wait(anna.id(), pressed, "", "message").at("message").as_object();
    }
    static std::int64_t id_of(const json::object& message) { return message.at("message_id").to_number<std::int64_t>(); }
    // Gives the number of the last event before it.
    static std::int64_t pay(const Person& anna, const json::object& invoice) {
        const auto path = "/sandbox/chats/" + std::to_string(anna.id()) + "/pay";
        return home().sandbox("POST", path, json::object{{"message_id", id_of(invoice)}}).at("seq").to_number<std::int64_t>();
    }
};

TEST_F(Money, C1_P6_APaidInvoiceIsCreditedOnceAndToldOnce) {
    Person anna(home());
    anna.says("/start").hears("На счёте 0.00");
    const auto bill = invoice(anna);
    EXPECT_EQ(bill.at("invoice").at("total_amount"), 80);
    EXPECT_EQ(bill.at("invoice").at("currency"), "XTR");
    home().wait(anna.id(), pay(anna, bill), "✅ Зачислено 100.00 🪙. Доступно 100.00 🪙.");
    anna.says("👤 Личный кабинет").hears("Доступно: 100.00");
    const std::string charge = anna.sql("SELECT charge FROM charges WHERE user_id = $");
    // Told again, as another update, five times.
    const auto payment = json::object{{"currency", "XTR"},
                                      {"total_amount", 80},
                                      {"invoice_payload", anna.sql("SELECT id FROM orders WHERE user_id = $")},
                                      {"telegram_payment_charge_id", charge},
                                      {"provider_payment_charge_id", ""}};
    for (int i = 0; i < 5; ++i)
        home().update({{"message", json::object{{"message_id", 900 + i},
                                                {"date", 1},
                                                {"chat", json::object{{"id", anna.id()}, {"type", "private"}}},
                                                {"from", json::object{{"id", anna.id()}, {"is_bot", false}, {"first_name", "Анна"}}},
                                                {"successful_payment", payment}}}});
    anna.says("/balance").hears("Доступно: 100.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "1");
    EXPECT_EQ(anna.heard("✅ Зачислено"), 1);
}

TEST_F(Money, ASecondPaymentOfOneInvoiceIsRefusedBeforeItIsMade) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto bill = invoice(anna);
    home().wait(anna.id(), pay(anna, bill), "✅ Зачислено");
    const auto refused = home().wait(anna.id(), pay(anna, bill), "", "payment_refused");
    EXPECT_TRUE(std::string(refused.at("text").as_string()).contains("уже оплачен"));
}

TEST_F(Money, P8_AnExpiredInvoiceIsRefusedKindly) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto bill = invoice(anna);
    anna.sql("UPDATE orders SET expires_at = now() - interval '1 minute' WHERE user_id = $ RETURNING 1");
    const auto refused = home().wait(anna.id(), pay(anna, bill), "", "payment_refused");
    EXPECT_TRUE(std::string(refused.at("text").as_string()).contains("Деньги не списаны"));
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "0");
}

TEST_F(Money, P7_APaymentThatIsNotWhatWasAskedIsNotCreditedAndAlerts) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    invoice(anna);
    const auto payment = json::object{{"currency", "XTR"},
                                      {"total_amount", 1},
                                      {"invoice_payload", anna.sql("SELECT id FROM orders WHERE user_id = $")},
                                      {"telegram_payment_charge_id", "forged-" + anna.key()},
                                      {"provider_payment_charge_id", ""}};
    home().update({{"message", json::object{{"message_id", 901},
                                            {"date", 1},
                                            {"chat", json::object{{"id", anna.id()}, {"type", "private"}}},
                                            {"from", json::object{{"id", anna.id()}, {"is_bot", false}, {"first_name", "Анна"}}},
                                            {"successful_payment", payment}}}});
    EXPECT_TRUE(
        eventually([&] { return anna.sql("SELECT kind FROM money_alerts WHERE key = 'mismatch:stars:forged-" + anna.key() + "'") == "mismatch"; }));
    anna.says("/balance").hears("Доступно: 0.00");
}

TEST_F(Money, ARefundTakesTheCoinsBackAndMayLeaveADebt) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    home().wait(anna.id(), pay(anna, invoice(anna)), "✅ Зачислено");
    anna.sql("SELECT wallet_post($, -70, 'adjustment', 'adjustment:spent:' || $, 'adjustment', 'spent')");
    const auto before = anna.last();
    const std::string charge = anna.sql("SELECT charge FROM charges WHERE user_id = $");
    home().bot_api("refundStarPayment", {{"user_id", anna.id()}, {"telegram_payment_charge_id", charge}});
    home().wait(anna.id(), before, "↩️ Платёж возвращён: списано 100.00 🪙. ⚠️ Долг: 70.00 🪙.");
    anna.says("/balance").hears("Долг: 70.00");
    home().wait(anna.id(), pay(anna, invoice(anna)), "✅ Зачислено 100.00 🪙. Доступно 30.00");
}

TEST_F(Money, P16_P19_CodesGiveCoinsAndLowerAPrice) {
    home().sql("SELECT promo_create('GIFT50', 'amount', 50, NULL, 1, NULL, NULL, 'test')");
    home().sql("SELECT promo_create('HALF', 'discount', 50, NULL, 1, NULL, NULL, 'test')");
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says("🎟 Промокод").hears("Пришлите промокод");
    anna.says("nonsense").hears("Промокод не найден");
    anna.says(" gift50 ").hears("+50.00 🪙. Доступно 50.00");
    anna.says("🎟 Промокод").hears("Пришлите промокод");
    anna.says("GIFT50").hears("Вы уже использовали этот промокод");
    anna.says("half").hears("дешевле на 50");
    const auto bill = invoice(anna, "buy:10000:40");
    EXPECT_EQ(bill.at("invoice").at("total_amount"), 40);
    home().wait(anna.id(), pay(anna, bill), "✅ Зачислено 100.00");
    EXPECT_EQ(anna.sql("SELECT state FROM promo_uses WHERE user_id = $ AND code = 'HALF'"), "spent");
    invoice(anna, "buy:10000:80");
}

TEST_F(Money, C2_EveryRowIsReachedOnceByPaging) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.sql("SELECT count(wallet_post($, n, 'adjustment', 'adjustment:page:' || $ || ':' || n, 'adjustment', '')) FROM generate_series(1, 25) n");
    auto page = anna.says("/cabinet").hears("Личный кабинет");
    std::string all;
    for (const char* press : {"led:", "older", "older"}) {
        std::string data = press;
        if (data == "older") {
            data.clear();
            for (const auto& row : page.at("reply_markup").at("inline_keyboard").as_array())
                for (const auto& key : row.as_array())
                    if (key.at("callback_data").as_string().starts_with("led:b")) data = key.at("callback_data").as_string();
        }
        page = anna.presses(id_of(page), data).hears("История операций");
        all += Person::text(page);
    }
    for (int n = 1; n <= 25; ++n) {
        const std::string row = "+" + std::to_string(n) + ".00";
        EXPECT_NE(all.find("  " + row), std::string::npos) << row;
        EXPECT_EQ(all.find("  " + row), all.rfind("  " + row)) << row;
    }
}

TEST_F(Money, P9_APaymentThatCameWhileTheBotWasDownIsCreditedAtItsStart) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto bill = invoice(anna);
    const auto before = pay(anna, bill);
    home().bot().end(SIGKILL);
    home().bot().start();
    home().wait(anna.id(), before, "✅ Зачислено 100.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM transactions WHERE user_id = $"), "1");
    EXPECT_EQ(anna.heard("✅ Зачислено"), 1);
}

}  // namespace
}  // namespace persona::e2e
