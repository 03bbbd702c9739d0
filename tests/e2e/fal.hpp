// What the tests of fal.ai share: an installation that trains and paints there, and a person on the way to an avatar.
#pragma once

#include "atelier.hpp"
#include "support/fal_thread.hpp"

namespace persona::e2e {

using test::FalServer;

template <class Suite>
class FalTalk : public AtelierTalk<Suite> {
public:
    static Options options() {
        Options out = unhurried({{"AVATAR_MIN_PHOTOS", "2"},
                                 {"FAL_KEY", key},
                                 {"FAL_QUEUE_URL", fal().queue_url()},
                                 {"FAL_REST_URL", fal().rest_url()},
                                 {"FAL_JWKS_URL", fal().jwks_url()}});
        out.public_url = true;
        return out;
    }

protected:
    static constexpr const char* key = "fal-e2e-key:0123456789abcdef";

    static test::FalThread& fal() {
        static test::FalThread server;
        return server;
    }
    void SetUp() override {
        AtelierTalk<Suite>::SetUp();
        fal().with([](FalServer& server) { server.faults.clear(), server.files_faults.clear(); });
        if (!this->home().worker().running()) this->home().worker().start();
    }

    // The order is made; the provider may not have it yet.
    static void orders(Person& anna) {
        Suite::begins(anna);
        const auto card = Suite::reaches_confirm(anna, Suite::gathers(anna, 0, 2, 2), "Анна");
        Suite::press(anna, card, "✅ Создать аватар").hears("⏳ Обучаю аватар «Анна»");
    }
    // fal.ai's id of what is under way for this person.
    static std::string request(Person& anna) {
        std::string id;
        EXPECT_TRUE(eventually([&] {
            return !(id = anna.sql("SELECT request FROM portrait_requests WHERE user_id=$ AND state='submitted' ORDER BY created_at DESC")).empty();
        })) << "nothing was submitted";
        return id;
    }
    static std::string ordered(Person& anna) { return orders(anna), request(anna); }
    static std::string requests(Person& anna) { return anna.sql("SELECT count(*) FROM portrait_requests WHERE user_id=$"); }
    // Waits between looks and tries are over now.
    static void hasten(Person& anna) { anna.sql("UPDATE jobs SET run_at = now() WHERE user_id=$ AND state = 'queued'"); }
    static void hears_soon(Person& anna, const std::string& words) {
        EXPECT_TRUE(eventually([&] { return hasten(anna), anna.heard(words) == 1; }, 60)) << words;
    }
    static void complete(const std::string& id, json::value result) {
        fal().with([&](FalServer& server) { server.complete(id, std::move(result)); });
    }
    static void learnt(const std::string& id) { complete(id, FalServer::finetune("finetune-" + id)); }
    static std::string webhook(const std::string& id) {
        return fal().with([&](FalServer& server) { return server.request(id).webhook; });
    }
    static bool cancelled(const std::string& id) {
        return fal().with([&](FalServer& server) { return server.request(id).cancelled; });
    }
    static std::string refusals() { return Suite::home().sql("SELECT count(*) FROM audit_log WHERE action = 'webhook.refused'"); }
    static int unknown_words() { return std::stoi("0" + Suite::home().sql("SELECT count FROM event_counts WHERE name = 'portrait_unknown_status'")); }
};

}  // namespace persona::e2e
