// The cabinet, top-ups, the ledger and promo codes as tables.
#include <gmock/gmock.h>

#include "bot/checkout.hpp"
#include "bot/notices.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Uuid some_use = *Uuid::parse("01234567-89ab-7def-8123-456789abcdef");

Coins coins(const char* text) { return *Coins::parse(text); }

std::optional<promo::Waiting> code(promo::Kind kind, const char* value) { return promo::Waiting{some_use, "SPRING", kind, coins(value)}; }

wallet::Entry entry(std::int64_t id, const char* amount, wallet::Kind kind, std::string description = "") {
    return {id, coins(amount), kind, std::move(description), "", {}, *from_iso("2026-11-22T12:00:00Z")};
}

std::string label_of(const Talk& talk, const std::string& data) {
    for (const Say& said : talk.all<Say>())
        if (const auto* keyboard = std::get_if<telegram::InlineKeyboard>(&said.keyboard))
            for (const auto& row : keyboard->rows)
                for (const auto& button : row)
                    if (button.data == data) return button.text;
    return "";
}

}  // namespace

TEST(Cabinet, C1_ShowsWhatIsAvailableFirstThenWhatIsHeldOrOwed) {
    Talk talk;
    talk.known.funds = Funds{coins("87.50"), {}};
    EXPECT_THAT(talk.say("👤 Личный кабинет").text(), HasSubstr("Доступно: 87.50 🪙"));
    EXPECT_THAT(talk.inline_data(), ElementsAre("top:", "led:", "use:", "av:", "promo:"));
    talk.known.funds = Funds{coins("87.50"), coins("5")};
    EXPECT_THAT(talk.say("/cabinet").text(), HasSubstr("Отложено на текущую работу: 5.00"));
    talk.known.funds = Funds{coins("-12"), {}};
    EXPECT_THAT(talk.say("/balance").text(), HasSubstr("Долг: 12.00"));
}

TEST(TopUp, PackagesShowTheirPriceAndWhatOneGets) {
    Talk talk;
    talk.press("top:");
    EXPECT_THAT(talk.redrawn(), HasSubstr("20 записей до 10 минут или 100 документов"));
    EXPECT_THAT(talk.inline_data(), ElementsAre("buy:10000:80", "buy:25000:195", "buy:50000:380", "buy:100000:750", "cab:"));
    EXPECT_EQ(label_of(talk.say("➕ Пополнить"), "buy:10000:80"), "100.00 🪙 — 80 ⭐");
}

TEST(TopUp, AnOrderIsPlacedWithItsInvoice) {
    Talk talk;
    talk.press("buy:25000:195");
    const auto sold = talk.all<SellCoins>();
    ASSERT_EQ(sold.size(), 1u);
    EXPECT_EQ(sold[0].order.coins, coins("250"));
    EXPECT_EQ(sold[0].order.price, 195);
    EXPECT_EQ(sold[0].minutes, 60);
    const auto first = sold[0].order.id;
    EXPECT_EQ(talk.press("buy:25000:195").all<SellCoins>().front().order.id, first) << "a turn that is run again orders the same";
    for (const char* bad : {"buy:", "buy:1", "buy:x:y", "buy:25000:195:1", "buy:99999999999999999999:1"})
        EXPECT_THAT(Talk().press(bad).all<SellCoins>(), IsEmpty()) << bad;
}

TEST(TopUp, AButtonWithAnOldPriceSellsNothing) {
    Talk talk;
    talk.press("buy:25000:1");
    EXPECT_THAT(talk.all<SellCoins>(), IsEmpty());
    EXPECT_THAT(talk.toast(), HasSubstr("Цены изменились"));
    EXPECT_THAT(talk.inline_data(), Contains("buy:25000:195"));
}

TEST(TopUp, ItLeadsBackToWhatCoinsWereMissingFor) {
    Talk talk;
    const std::string act = "doc:summary:0123456789abcdef0123456789abcdef";
    talk.press("top:" + act);
    EXPECT_EQ(talk.state.resume, act);
    EXPECT_EQ(talk.press("buy:10000:80").all<SellCoins>().front().order.resume, act);
    EXPECT_EQ(talk.press("top:tr-gone:everything").state.resume, "") << "only work that is paid is gone on with";
    EXPECT_EQ(*state_from_json(to_json(State{.resume = act})), (State{.resume = act}));
}

TEST(TopUp, P19_AWaitingCodeLowersThePriceOrAddsCoins) {
    Talk talk;
    talk.known.promo = code(promo::Kind::discount, "12.50");
    talk.press("top:");
    EXPECT_THAT(talk.redrawn(), HasSubstr("Скидка 12.5 %"));
    EXPECT_THAT(talk.inline_data(), Contains("buy:10000:70"));
    EXPECT_EQ(talk.press("buy:10000:70").all<SellCoins>().front().order.promo, some_use);
    talk.known.promo = code(promo::Kind::bonus, "20");
    talk.press("top:");
    EXPECT_THAT(talk.redrawn(), HasSubstr("ещё 20 %"));
    const auto order = talk.press("buy:10000:80").all<SellCoins>().front().order;
    EXPECT_EQ(order.bonus, coins("20"));
    EXPECT_EQ(order.coins, coins("100"));
    EXPECT_EQ(promo::discounted(1, coins("90")), 1) << "nothing is free";
    EXPECT_EQ(promo::discounted(81, coins("50")), 41) << "rounded up";
}

TEST(Ledger, C2_RowsShowSignAmountKindDateAndPage) {
    Talk talk;
    talk.known.ledger = LedgerPage{{entry(25, "-5", wallet::Kind::charge, "transcription"), entry(24, "100", wallet::Kind::topup),
                                    entry(23, "-80", wallet::Kind::refund), entry(22, "5", wallet::Kind::refund)},
                                   false,
                                   true};
    talk.press("led:");
    EXPECT_THAT(talk.redrawn(), HasSubstr("22.11.2026 15:00  −5.00 🪙 — расшифровка"));
    EXPECT_THAT(talk.redrawn(), HasSubstr("+100.00 🪙 — пополнение"));
    EXPECT_THAT(talk.redrawn(), HasSubstr("−80.00 🪙 — возврат платежа"));
    EXPECT_THAT(talk.redrawn(), testing::EndsWith("+5.00 🪙 — возврат"));
    EXPECT_THAT(talk.inline_data(), ElementsAre("led:b22", "cab:"));
    talk.known.ledger->items = {entry(5, "7", wallet::Kind::adjustment, "за неудобства")};
    EXPECT_THAT(talk.press("led:").redrawn(), HasSubstr("+7.00 🪙 — поправка: за неудобства"));
    talk.press("led:b22");
    EXPECT_EQ(talk.asked.ledger->before, 22);
    talk.press("led:a16");
    EXPECT_EQ(talk.asked.ledger->after, 16);
}

TEST(Ledger, C3_NoRowsAreSaidSo) {
    Talk talk;
    EXPECT_THAT(talk.press("led:").redrawn(), HasSubstr("Операций пока нет"));
    for (const char* beyond : {"led:b1", "led:a9223372036854775807"}) {  // whatever a press may say
        talk.known.ledger = LedgerPage{.items = {}, .newer = true, .older = true};
        EXPECT_THAT(talk.press(beyond).redrawn(), HasSubstr("Операций пока нет")) << beyond;
        EXPECT_THAT(talk.inline_data(), ElementsAre("cab:")) << beyond;
    }
    for (const char* bad : {"led:x", "led:b", "led:b-1", "led:c12", "led:b1x"}) EXPECT_THAT(Talk().press(bad).redrawn(), IsEmpty()) << bad;
}

TEST(Promo, P16_ACodeIsUsedAsItIsWritten) {
    Talk talk;
    talk.press("promo:");
    EXPECT_EQ(talk.state.place, Place::promo);
    talk.known.offer = promo::Offer{promo::Verdict::ok, promo::Kind::amount, coins("50")};
    talk.say("  spring ");
    EXPECT_EQ(talk.asked.code, "SPRING");
    EXPECT_EQ(talk.all<UsePromo>().front().code, "SPRING");
    EXPECT_THAT(talk.text(), HasSubstr("+50.00 🪙. Доступно 150.00"));
    EXPECT_EQ(talk.state.place, Place::main);
}

TEST(Promo, P18_EachRefusalHasItsWords) {
    struct Case {
        promo::Verdict verdict;
        const char* words;
        bool miss;
    };
    for (const Case& c : {Case{promo::Verdict::unknown, "Промокод не найден", true}, Case{promo::Verdict::inactive, "Промокод неактивен", true},
                          Case{promo::Verdict::invalid, "Промокод недействителен или истек", true},
                          Case{promo::Verdict::used, "Вы уже использовали этот промокод максимальное количество раз", false},
                          Case{promo::Verdict::waits, "ждёт пополнения", false}, Case{promo::Verdict::too_often, "Попробуйте через час", false}}) {
        Talk talk;
        talk.state.place = Place::promo;
        talk.known.offer = promo::Offer{c.verdict};
        EXPECT_THAT(talk.say("SPRING").text(), HasSubstr(c.words));
        EXPECT_THAT(talk.all<UsePromo>(), IsEmpty());
        EXPECT_EQ(talk.all<MissPromo>().size(), c.miss ? 1u : 0u) << c.words;
        EXPECT_EQ(talk.state.place, Place::promo);
    }
}

TEST(Promo, WhatCannotBeACodeIsAGuessToo) {
    for (const char* text : {"a", "with blanks inside", "'; DROP TABLE users; --", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"}) {
        EXPECT_FALSE(promo::normalised(text)) << text;
        Talk talk;
        talk.state.place = Place::promo;
        talk.known.offer = promo::Offer{promo::Verdict::unknown};
        EXPECT_EQ(talk.say(text).all<MissPromo>().size(), 1u) << text;
    }
    EXPECT_EQ(promo::normalised(" весна-2026 "), "ВЕСНА-2026");
}

TEST(Checkout, P8_OnlyAnOpenOrderOfThisPersonAndPriceIsTaken) {
    using payments::Order;
    const payments::Order good{.id = some_use, .user = UserId(1), .coins = coins("100"), .price = 80, .owner = TelegramId(5)};
    const telegram::PreCheckout query{.id = "q", .from = {.id = TelegramId(5)}, .currency = "XTR", .payload = some_use.text(), .amount = 80};
    constexpr auto twice = payments::Second::credit;
    EXPECT_FALSE(refusal(good, query, twice));
    EXPECT_EQ(refusal(std::nullopt, query, twice), Text::checkout_unknown);
    const auto with = [&](auto change) {
        payments::Order order = good;
        change(order);
        return refusal(order, query, twice);
    };
    EXPECT_EQ(with([](Order& o) { o.owner = TelegramId(6); }), Text::checkout_not_yours);
    EXPECT_EQ(with([](Order& o) { o.banned = true; }), Text::checkout_banned);
    EXPECT_FALSE(with([](Order& o) { o.state = Order::State::paid; })) << "an invoice may be paid twice, for coins twice";
    payments::Order paid = good;
    paid.state = Order::State::paid;
    EXPECT_EQ(refusal(paid, query, payments::Second::refund), Text::checkout_paid);
    paid.promo_waits = false;
    EXPECT_EQ(refusal(paid, query, twice), Text::checkout_expired) << "a discount is given once";
    EXPECT_EQ(with([](Order& o) { o.state = Order::State::cancelled; }), Text::checkout_expired);
    EXPECT_EQ(with([](Order& o) { o.late = true; }), Text::checkout_expired);
    EXPECT_EQ(with([](Order& o) { o.promo_waits = false; }), Text::checkout_expired);
    EXPECT_EQ(with([](Order& o) { o.price = 81; }), Text::checkout_unknown);
    EXPECT_EQ(with([](Order& o) { o.provider = payments::Provider::yookassa; }), Text::checkout_unknown);
    telegram::PreCheckout roubles = query;
    roubles.currency = "RUB";
    EXPECT_EQ(refusal(good, roubles, twice), Text::checkout_unknown);
}

TEST(Notices, C7_NobodyIsDisturbedAtNight) {
    struct Case {
        const char* now;
        const char* zone;
        Quiet quiet;
        const char* until;  // empty: now
    };
    for (const Case& c :
         {Case{"2026-11-22T12:00:00Z", "Europe/Moscow", {22, 9}, ""}, Case{"2026-11-22T19:00:00Z", "Europe/Moscow", {22, 9}, "2026-11-23T06:00:00Z"},
          Case{"2026-11-22T18:59:59Z", "Europe/Moscow", {22, 9}, ""}, Case{"2026-11-23T05:30:00Z", "Europe/Moscow", {22, 9}, "2026-11-23T06:00:00Z"},
          Case{"2026-11-23T06:00:00Z", "Europe/Moscow", {22, 9}, ""}, Case{"2026-11-22T13:10:00Z", "UTC", {13, 15}, "2026-11-22T15:00:00Z"},
          Case{"2026-11-22T15:00:00Z", "UTC", {13, 15}, ""}, Case{"2026-11-22T23:30:00Z", "UTC", {0, 0}, ""}}) {
        const auto until = quiet_until(*from_iso(c.now), c.zone, c.quiet);
        EXPECT_EQ(until ? to_iso(*until) : "", *c.until ? to_iso(*from_iso(c.until)) : "") << c.now << " " << c.zone;
    }
}

TEST(Usage, C5_EachChargeLeadsToItsResultOrItsRefund) {
    Talk talk;
    const Time at = *from_iso("2026-11-22T12:00:00Z");
    talk.known.usage = UsagePage{
        {{.id = 9, .at = at, .service = "output", .amount = coins("1"), .document = analytics::Used::Document{some_use, "summary", {}}, .refund = {}},
         {.id = 8, .at = at, .service = "answer", .amount = coins("0.50"), .document = {}, .refund = analytics::Used::Refund{coins("0.50"), at}}},
        true};
    talk.press("use:");
    EXPECT_THAT(talk.redrawn(), HasSubstr("1. 22.11.2026 15:00  1.00 🪙 — сводка 📎"));
    EXPECT_THAT(talk.redrawn(), HasSubstr("2. 22.11.2026 15:00  0.50 🪙 — ответ в диалоге ↩️ возвращено 0.50"));
    EXPECT_THAT(talk.inline_data(), ElementsAre("tr-send:0123456789ab7def8123456789abcdef", "use:8", "cab:"));
    talk.known.usage = UsagePage{};
    EXPECT_THAT(talk.press("use:8").redrawn(), HasSubstr("Пока ни за что не списано"));
    EXPECT_EQ(talk.asked.usage, 8);
    for (const char* bad : {"use:x", "use:-1", "use:1x"}) EXPECT_THAT(Talk().press(bad).redrawn(), IsEmpty()) << bad;
}

TEST(Admin, D1_ToOthersItIsAnUnknownCommand) {
    for (const char* text : {"/admin", "/admin credit 5000000002 5 because"}) EXPECT_THAT(Talk().say(text).text(), HasSubstr("Не понял")) << text;
    Talk talk;
    talk.state.decision = Decision{some_use, TelegramId(5000000002), coins("5"), "because"};
    talk.press("adm-yes:0123456789ab7def8123456789abcdef");
    EXPECT_THAT(talk.all<AdjustCoins>(), IsEmpty());
}

TEST(Admin, FiguresOfTheLastDays) {
    Talk talk;
    talk.context.admin = true;
    talk.known.summary = analytics::Summary{.today = {coins("12"), coins("100"), 2, 7}, .week = {}, .month = {}};
    EXPECT_THAT(talk.say("/admin").text(), HasSubstr("Сегодня\nВыручка 12.00 🪙, пополнения 100.00 🪙, новых людей 2, операций 7"));
}

TEST(Admin, D2_CoinsAreGivenWithAReasonAfterAQuestionOnce) {
    Talk talk;
    talk.context.admin = true;
    EXPECT_THAT(talk.say("/admin credit 5000000002 50").text(), HasSubstr("Нужна причина"));
    EXPECT_THAT(talk.say("/admin credit 5000000002 50 " + std::string(501, 'x')).text(), HasSubstr("Нужна причина, до 250"));
    EXPECT_THAT(talk.say("/admin credit 5000000002 50 sorry").text(), HasSubstr("Такого человека здесь нет"));
    talk.known.person = Purse{UserId(2), coins("12")};
    EXPECT_THAT(talk.say("/admin credit 5000000002 50 за неудобства").text(),
                HasSubstr("Начислить 50.00 🪙 человеку 5000000002? У него 12.00 🪙. Причина: за неудобства"));
    const auto yes = talk.inline_data().front();
    EXPECT_EQ(state_from_json(to_json(talk.state))->decision, talk.state.decision);
    talk.press(yes);
    const auto adjusted = talk.all<AdjustCoins>();
    ASSERT_EQ(adjusted.size(), 1u);
    EXPECT_EQ(adjusted[0].amount, coins("50"));
    EXPECT_EQ(adjusted[0].reason, "за неудобства");
    EXPECT_THAT(talk.press(yes).all<AdjustCoins>(), IsEmpty()) << "pressed twice";
    talk.say("/admin debit 5000000002 12.01 ошибка");
    EXPECT_THAT(talk.press(talk.inline_data().front()).all<AdjustCoins>(), IsEmpty()) << "more than there is";
    for (const char* bad : {"/admin credit", "/admin credit x 5 r", "/admin credit 5 0 r", "/admin credit 5 1.001 r", "/admin steal 5 5 r"})
        EXPECT_THAT(talk.say(bad).text(), HasSubstr("/admin credit ID")) << bad;
    talk.say("/admin debit 5000000002 5 ошибка");
    const auto no = talk.inline_data().back();
    EXPECT_THAT(talk.press(no).all<AdjustCoins>(), IsEmpty());
    EXPECT_FALSE(talk.state.decision);
    talk.known.person = Purse{UserId(2), coins("-50")};
    talk.say("/admin credit 5000000002 20 в счёт долга");
    const auto both = talk.inline_data();
    EXPECT_EQ(talk.press(both.front()).all<AdjustCoins>().size(), 1u) << "a debt may become smaller";
    EXPECT_THAT(talk.press(both.back()).toast(), HasSubstr("уже решено")) << "no after yes";
    EXPECT_EQ(talk.redrawn(), "");
}

}  // namespace persona::bot
