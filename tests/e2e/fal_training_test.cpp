// A25 to A31, A37: avatars that fal.ai trains, whatever it answers, forgets or says twice.
#include <signal.h>

#include "fal.hpp"

namespace persona::e2e {
namespace {

using testing::Each;
using testing::HasSubstr;
using Fault = FalServer::Fault;

constexpr const char* ready = "✅ Ваш аватар готов!";
constexpr const char* failed = "❌ Ошибка обучения аватара.";
constexpr const char* untouched = "1 holds 0 charges 100.00 0.00";

struct FalTraining : FalTalk<FalTraining> {
    static bool in_training(Person& anna) { return avatar(anna) == "training" && bill(anna) == "1 holds 0 charges 100.00 10.00"; }
    // One that has not seen the provider fail, and does not leave it alone.
    static void fresh_worker() {
        EXPECT_EQ(home().worker().end(SIGTERM), 0);
        home().worker().start();
    }
    static json::object card(Person& anna) { return anna.says(view_label).hears("🧑 Анна"); }
};

TEST_F(FalTraining, A25_ARefusalIsToldAndMayBeTriedAgain) {
    for (const Fault fault : {Fault::refused, Fault::locked}) {
        Person anna(home());
        fal().with([&](FalServer& server) { server.faults = {Fault::none, Fault::none, fault}; });  // of what is stored, put and submitted
        orders(anna);
        const auto notice = anna.hears(failed, 60);
        EXPECT_EQ(words(notice).find("secret"), std::string::npos) << words(notice);
        EXPECT_EQ(bill(anna), untouched);
        EXPECT_EQ(avatar(anna) + " " + stored(anna), "failed 2");
        if (fault == Fault::locked) fresh_worker();
        press(anna, notice, "🔁 Повторить — 10.00 🪙").hears("⏳ Обучаю аватар");
        const std::string id = request(anna);
        learnt(id);
        EXPECT_THAT(fal().deliver(id), Each(200u));
        anna.hears(ready);
        EXPECT_EQ(bill(anna), "2 holds 1 charges 90.00 0.00");
    }
}

TEST_F(FalTraining, A25_AServiceThatIsDownIsTriedAndThenTold) {
    Person anna(home());
    fal().with([](FalServer& server) { server.faults.assign(500, Fault::error); });
    orders(anna);
    EXPECT_TRUE(eventually([&] { return anna.sql("SELECT attempts FROM jobs WHERE user_id=$ AND kind='train' AND state='queued'") == "1"; }));
    EXPECT_EQ(anna.heard(failed), 0) << "after the first try";
    anna.sql("UPDATE jobs SET attempts = 4 WHERE user_id=$ AND kind='train' AND state='queued'");
    hears_soon(anna, failed);
    EXPECT_EQ(bill(anna), untouched);
    EXPECT_EQ(avatar(anna), "failed");
    EXPECT_LT(fal().with([](FalServer& server) { return server.faults.size(); }), 499u) << "it was not tried again";
    fresh_worker();
}

// The request is made and nobody knows its id: its webhook names the order.
TEST_F(FalTraining, A25_AnAnswerThatWasLostIsNotOrderedTwice) {
    Person anna(home());
    const auto before = fal().with([](FalServer& server) { return server.ids().size(); });
    fal().with([](FalServer& server) { server.faults = {Fault::none, Fault::none, Fault::lost}; });
    orders(anna);
    const auto made = [&] { return fal().with([](FalServer& server) { return server.ids().size(); }) - before; };
    ASSERT_TRUE(eventually([&] { return made() == 1; }));
    EXPECT_TRUE(eventually([&] { return anna.sql("SELECT state FROM portrait_requests WHERE user_id=$") == "submitting"; }));
    hasten(anna);
    const std::string id = fal().with([](FalServer& server) { return server.ids().back(); });
    learnt(id);
    EXPECT_THAT(fal().deliver(id), Each(200u));
    anna.hears(ready);
    EXPECT_EQ(made(), 1u);
    EXPECT_EQ(bill(anna), "1 holds 1 charges 90.00 0.00");
}

TEST_F(FalTraining, A26_AKilledWorkerKnowsTheRequestAndAsks) {
    Person anna(home());
    const std::string id = ordered(anna);
    home().worker().end(SIGKILL);
    learnt(id);  // and no webhook
    home().worker().start();
    anna.sql("UPDATE jobs SET lease_until = now() WHERE user_id=$ AND state = 'running'");
    hears_soon(anna, ready);
    EXPECT_EQ(requests(anna), "1");
    EXPECT_EQ(bill(anna), "1 holds 1 charges 90.00 0.00");
}

TEST_F(FalTraining, A26_AWebhookThatFoundNobodyIsTakenLater) {
    Person anna(home());
    const std::string id = ordered(anna);
    home().worker().end(SIGKILL);
    home().bot().end(SIGKILL);
    learnt(id);
    EXPECT_THAT(fal().deliver(id), Each(0u));
    home().bot().start();
    EXPECT_THAT(fal().deliver(id), Each(200u));
    home().worker().start();
    anna.sql("UPDATE jobs SET lease_until = now() WHERE user_id=$ AND state = 'running'");
    hears_soon(anna, ready);
    EXPECT_EQ(bill(anna), "1 holds 1 charges 90.00 0.00");
}

TEST_F(FalTraining, A27_ToldTenTimesAndFoundByAskingItIsReadyOnce) {
    Person anna(home());
    const std::string id = ordered(anna);
    learnt(id);
    hasten(anna);
    EXPECT_THAT(fal().deliver(id, {.times = 10}), Each(200u));
    anna.hears(ready);
    hasten(anna);
    EXPECT_THAT(fal().deliver(id), Each(200u));
    EXPECT_EQ(anna.heard(ready), 1);
    EXPECT_EQ(avatar(anna), "ready");
    EXPECT_EQ(bill(anna), "1 holds 1 charges 90.00 0.00");
    EXPECT_NE(anna.sql("SELECT length(model_data) FROM user_avatars WHERE user_id=$"), "");
}

TEST_F(FalTraining, A28_WhatIsNotSignedKnownOrOursIsRefused) {
    Person anna(home()), boris(home());
    const std::string id = ordered(anna), other = ordered(boris), at = webhook(id);
    struct Forged {
        const char* what;
        std::string url, id;
        FalServer::Delivery how;
    };
    const std::string bare = at.substr(0, at.find('?'));
    const Forged all[]{{"no signature", at, id, {.without_signature = true}},
                       {"another signature", at, id, {.bad_signature = true}},
                       {"an old one", at, id, {.age = std::chrono::seconds(400)}},
                       {"an unknown request", bare, "764cabcf-b745-4b3e-ae38-999999999999", {}},
                       {"another's order", webhook(other), id, {}},
                       {"an order of nobody", bare + "?order=" + std::string(64, 'a'), id, {}},
                       {"an order that climbs", bare + "?order=../../" + at.substr(at.find('=') + 1, 40), id, {}},
                       {"a request that climbs", at, "../../../etc/passwd", {}},
                       {"signed for another", at, other, {.claimed = id}}};
    for (const Forged& one : all) {
        SCOPED_TRACE(one.what);
        const std::string before = refusals();
        for (const unsigned status : fal().deliver(one.url, one.id, "OK", FalServer::finetune("stolen"), one.how))
            EXPECT_TRUE(status >= 400 && status < 500) << status;
        EXPECT_EQ(std::stoi(refusals()), std::stoi(before) + 1);
    }
    EXPECT_TRUE(in_training(anna) && in_training(boris));
    EXPECT_EQ(home().sql("SELECT actor FROM audit_log WHERE action = 'webhook.refused' LIMIT 1"), "webhook:fal");
    EXPECT_EQ(home().persona({"audit", "verify"}).status, 0);
    EXPECT_EQ(anna.heard(ready) + boris.heard(ready), 0);
}

TEST_F(FalTraining, A29_C4_AnErrorIsToldOnceAndCostsNothing) {
    Person anna(home());
    const std::string id = ordered(anna);
    fal().with([&](FalServer& server) { server.fail(id); });
    EXPECT_THAT(fal().deliver(id, {.times = 3}), Each(200u));
    const auto notice = anna.hears(failed);
    EXPECT_EQ(words(notice).find("secret"), std::string::npos) << words(notice);
    EXPECT_THAT(fal().deliver(id, {.times = 2}), Each(200u));
    EXPECT_EQ(anna.heard(failed), 1);
    EXPECT_EQ(bill(anna), untouched);
    EXPECT_EQ(anna.sql("SELECT state||' '||reason FROM user_avatars WHERE user_id=$"), "failed refused");
    const auto shown = card(anna);
    EXPECT_THAT(words(shown), HasSubstr("Статус: ошибка обучения: сервис отказал."));
    EXPECT_EQ(data_of(shown, "✨") + data_of(shown, "⭐") + data_of(shown, "✖️"), "");
    press(anna, shown, "🔁 Повторить").hears("⏳ Обучаю аватар");
    const std::string again = request(anna);
    EXPECT_NE(again, id);
    learnt(again);
    EXPECT_THAT(fal().deliver(again), Each(200u));
    anna.hears(ready);
    press(anna, notice, "🔁 Повторить");
    EXPECT_EQ(toast(anna), "Этот аватар уже обучается.");
    EXPECT_EQ(bill(anna), "2 holds 1 charges 90.00 0.00");
}

TEST_F(FalTraining, A30_ATrainingThatNeverEndsIsAnErrorAndWhatComesLateIsOnlyWrittenDown) {
    Person anna(home());
    const std::string id = ordered(anna);
    anna.sql("UPDATE portrait_requests SET deadline_at = now() WHERE user_id=$");
    hears_soon(anna, failed);
    EXPECT_EQ(anna.heard("сервис не ответил в срок"), 1);
    EXPECT_TRUE(cancelled(id));
    EXPECT_EQ(bill(anna), untouched);
    learnt(id);
    EXPECT_THAT(fal().deliver(id, {.times = 2}), Each(200u));
    EXPECT_EQ(anna.sql("SELECT late FROM portrait_requests WHERE user_id=$"), "2");
    EXPECT_EQ(avatar(anna), "failed");
    anna.says("/balance").hears("Доступно: 100.00");
    EXPECT_EQ(anna.heard(failed), 1);
    EXPECT_EQ(anna.heard(ready), 0);
    EXPECT_EQ(bill(anna), untouched);
}

TEST_F(FalTraining, A31_AnUnknownWordChangesNothingAndIsCounted) {
    Person anna(home());
    const std::string id = ordered(anna);
    const int before = unknown_words();
    fal().with([&](FalServer& server) { server.say(id, "PONDERING"); });
    EXPECT_TRUE(eventually([&] { return hasten(anna), unknown_words() > before; }));
    EXPECT_THAT(fal().deliver(webhook(id), id, "PERHAPS", FalServer::finetune("f")), Each(200u));
    EXPECT_GT(unknown_words(), before + 1);
    EXPECT_TRUE(in_training(anna));
    learnt(id);
    hears_soon(anna, ready);
}

TEST_F(FalTraining, A37_C4_OneInTrainingIsStoppedOrDeletedAndItsResultIsDropped) {
    Person anna(home()), boris(home());
    const std::string stopped = ordered(anna), deleted = ordered(boris);
    const auto shown = card(anna);
    EXPECT_THAT(words(shown), HasSubstr("Статус: обучается"));
    EXPECT_EQ(data_of(shown, "✨") + data_of(shown, "⭐") + data_of(shown, "🔁"), "");
    press(anna, shown, "✖️ Отменить").hears("✖️ Обучение отменено. Ничего не списано.");
    press(boris, press(boris, card(boris), "🗑 Удалить").hears("Вы уверены"), "✅ Да, удалить").hears("У вас пока нет аватаров.");
    EXPECT_TRUE(eventually([&] { return cancelled(stopped) && cancelled(deleted); }));
    for (const std::string& id : {stopped, deleted}) {
        learnt(id);
        EXPECT_THAT(fal().deliver(id), Each(200u));
    }
    EXPECT_EQ(avatar(anna) + "|" + avatar(boris), "failed|");
    EXPECT_TRUE(eventually([&] { return bill(anna) == untouched && bill(boris) == untouched; })) << bill(anna) << bill(boris);
    EXPECT_EQ(anna.heard(ready) + boris.heard(ready), 0);
}

// Of this whole suite.
TEST_F(FalTraining, NothingThatLeavesHoldsTheKey) {
    Person anna(home());
    const std::string id = ordered(anna);
    fal().with([&](FalServer& server) { server.fail(id); });
    EXPECT_THAT(fal().deliver(id), Each(200u));
    anna.hears(failed);
    const std::string all = home().everything_that_left();
    EXPECT_GT(all.size(), 1000u);
    EXPECT_EQ(all.find(key), std::string::npos);
    EXPECT_EQ(all.find(std::string(key).substr(12)), std::string::npos);
    EXPECT_EQ(all.find("s3cret"), std::string::npos) << "the signature of an upload";
    EXPECT_TRUE(fal().with([](FalServer& server) { return server.asked.front().authorization == std::string("Key ") + key; }));
}

}  // namespace
}  // namespace persona::e2e
