// R3, M10, M12 and bad input: updates posted to the webhook as Telegram does, and as it never would.
#include <future>

#include "talk.hpp"

namespace persona::e2e {
namespace {

constexpr const char* secret = "e2e_webhook_secret-1";

struct Webhook : Talk<Webhook> {
    static Options options() { return {.variables = {{"TELEGRAM_WEBHOOK_SECRET", secret}}, .webhook = true, .worker = false}; }

    static std::int64_t next_update() {
        static std::int64_t last = 900'000'000;
        return ++last;
    }
    static json::object text_message(const Person& person, const std::string& text) {
        return {{"message_id", next_update() - 899'000'000},
                {"date", 1'790'000'000},
                {"chat", json::object{{"id", person.id()}, {"type", "private"}, {"first_name", "Анна"}}},
                {"from", json::object{{"id", person.id()}, {"is_bot", false}, {"first_name", "Анна"}, {"language_code", "ru"}}},
                {"text", text}};
    }
    static std::string update(std::int64_t id, const json::object& message) {
        return json::serialize(json::object{{"update_id", id}, {"message", message}});
    }
    static std::string processed(std::int64_t id) {
        return home().sql("SELECT count(*) FROM processed_updates WHERE update_id=" + std::to_string(id));
    }

    // A chat that is open in the sandbox, of a person whom the bot does not know.
    static void open(const Person& person) {
        for (const bool blocked : {true, false})
            home().sandbox("POST", "/sandbox/chats/" + person.key() + "/block", json::object{{"blocked", blocked}});
    }
};

// The other bot process, on a port of its own.
struct Second {
    explicit Second(Installation& home) : port(free_port()) {
        program = home.another("second", "bot,api", {{"PERSONA_HTTP", "127.0.0.1:" + std::to_string(port)}});
        program->start();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port) + "/telegram/webhook"; }
    int port;
    std::unique_ptr<Program> program;
};

// All at once, each from a thread of its own; the statuses.
std::vector<unsigned> post_together(Installation& home, const std::vector<std::string>& bodies, const std::vector<std::string>& urls) {
    std::vector<std::future<unsigned>> posts;
    for (std::size_t i = 0; i < bodies.size(); ++i)
        posts.push_back(std::async(std::launch::async,
                                   [&home, body = bodies[i], url = urls[i % urls.size()]] { return home.deliver(body, secret, url).status; }));
    std::vector<unsigned> out;
    for (auto& post : posts) out.push_back(post.get());
    return out;
}

TEST_F(Webhook, R3_TwentyUpdatesOfANewPersonOverTwoProcesses) {
    Second second(home());
    Person anna(home());
    open(anna);
    std::vector<std::string> bodies;
    for (int i = 0; i < 20; ++i) bodies.push_back(update(next_update(), text_message(anna, "/start")));
    EXPECT_THAT(post_together(home(), bodies, {home().webhook_url(), second.url()}), testing::Each(200u));
    ASSERT_TRUE(eventually([&] { return anna.heard() >= 20; })) << anna.heard();
    EXPECT_EQ(anna.heard("Здравствуйте"), 1);
    EXPECT_EQ(anna.heard(), 20);
    EXPECT_EQ(anna.sql("SELECT count(*) FROM users WHERE telegram_id=" + anna.key()), "1");
    EXPECT_EQ(anna.sql("SELECT count(*)||' '||sum(amount) FROM transactions WHERE user_id=$"), "1 100.00");
    EXPECT_EQ(second.program->end(SIGTERM), 0);
}

TEST_F(Webhook, M10_UpdatesOfOnePersonOverTwoProcessesAreAppliedOneAtATime) {
    Second second(home());
    Person anna(home());
    anna.says("/start").hears("Анна");
    const auto version = [&] { return std::stoll(anna.sql("SELECT version >> 20 FROM user_states WHERE user_id=$")); };
    const auto before = version();
    std::vector<std::string> bodies;
    for (int i = 0; i < 6; ++i)
        for (const char* text : {"🖼 Мои аватары", "⬅️ Назад", "/balance"}) bodies.push_back(update(next_update(), text_message(anna, text)));
    EXPECT_THAT(post_together(home(), bodies, {home().webhook_url(), second.url()}), testing::Each(200u));
    ASSERT_TRUE(eventually([&] { return anna.heard() >= 19; })) << anna.heard();
    EXPECT_EQ(version(), before + 18);  // each read what the one before it had written
    EXPECT_EQ(anna.heard("Доступно"), 6);
    EXPECT_EQ(second.program->end(SIGTERM), 0);
}

TEST_F(Webhook, M12_AnUpdateThatComesAgainIsAnsweredOnce) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    const auto id = next_update();
    const auto body = update(id, text_message(anna, "/balance"));
    EXPECT_THAT(post_together(home(), std::vector<std::string>(5, body), {home().webhook_url()}), testing::Each(200u));
    EXPECT_EQ(home().deliver(body, secret).status, 200u);
    ASSERT_EQ(home().bot().end(SIGTERM), 0);
    home().bot().start();
    EXPECT_EQ(home().deliver(body, secret).status, 200u);
    anna.says("/help").hears("Что я умею");
    EXPECT_EQ(anna.heard("Доступно"), 1);
    EXPECT_EQ(processed(id), "1");
}

TEST_F(Webhook, WhoDoesNotKnowTheSecretIsRefused) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    const auto id = next_update();
    const auto body = update(id, text_message(anna, "/balance"));
    for (const char* wrong : {"", "wrong", "e2e_webhook_secret-", "e2e_webhook_secret-11"})
        EXPECT_EQ(home().deliver(body, wrong).status, 401u) << wrong;
    EXPECT_EQ(home().http("/telegram/webhook").status, 405u);
    EXPECT_EQ(processed(id), "0");
    EXPECT_EQ(anna.heard("Доступно"), 0);
}

TEST_F(Webhook, WhatIsNoUpdateIsRefused) {
    for (const char* body : {"", "not json", "{", "[]", "null", "1", "\"text\"", "{}", "{\"update_id\":\"1\"}", "{\"update_id\":1.5}",
                             "{\"message\":{}}", "\xff\xfe", "{\"update_id\":99999999999999999999}"})
        EXPECT_EQ(home().deliver(body, secret).status, 400u) << body;
    EXPECT_EQ(home().deliver(std::string((1 << 20) + 1, ' '), secret).status, 413u);
    EXPECT_EQ(home().deliver(std::string(100'000, '['), secret).status, 400u);
    Person anna(home());
    anna.says("/start").hears("Анна");  // and the process lives on
}

// An update with a good id is acknowledged whatever else it holds: Telegram would send it again for ever.
TEST_F(Webhook, UpdatesOfEveryShapeAreAcknowledged) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    const json::object chat{{"id", anna.id()}, {"type", "private"}}, from{{"id", anna.id()}, {"is_bot", false}, {"first_name", "А"}};
    const json::object channel{{"id", -1'001'000'000'001}, {"type", "channel"}, {"title", "К"}},
        bot{{"id", 777}, {"is_bot", true}, {"first_name", "Б"}};
    const auto message = [&](json::object more) {
        json::object out{{"message_id", 5}, {"date", 1}, {"chat", chat}, {"from", from}};
        for (const auto& [key, value] : more) out[key] = value;
        return out;
    };
    const json::object shapes[] = {
        {},
        {{"message", nullptr}},
        {{"message", 7}},
        {{"message", json::object{}}},
        {{"message", json::object{{"chat", chat}}}},
        {{"message", json::object{{"message_id", "five"}, {"chat", chat}, {"from", from}}}},
        {{"message", message({{"chat", json::object{{"id", "a"}, {"type", "private"}}}})}},
        {{"message", message({{"chat", json::object{{"id", anna.id()}, {"type", "unheard of"}}}})}},
        {{"message", message({{"from", 5}})}},
        {{"message", message({{"text", 5}})}},
        {{"message", message({{"text", json::array{1, 2}}})}},
        {{"message", message({{"voice", json::object{}}})}},
        {{"message", message({{"voice", json::object{{"file_id", 1}, {"file_unique_id", 2}}}})}},
        {{"message", message({{"photo", json::array{}}})}},
        {{"message", message({{"photo", json::array{1, "a", nullptr}}})}},
        {{"message", message({{"document", "a file"}})}},
        {{"message", message({{"from", bot}, {"text", "/start"}})}},
        {{"message", message({{"new_chat_title", "Новое имя"}})}},
        {{"message", message({{"pinned_message", message({{"text", "a"}})}})}},
        {{"message", message({{"message_auto_delete_timer_changed", json::object{{"message_auto_delete_time", 86400}}}})}},
        {{"message", message({{"poll", json::object{{"id", "1"}, {"question", "?"}}}})}},
        {{"message", message({{"text", std::string(std::size_t{1} << 18, 'x')}})}},
        {{"message", message({{"text", std::string("a\0b", 3)}})}},
        {{"edited_message", message({{"text", "/start"}, {"edit_date", 2}})}},
        {{"channel_post", json::object{{"message_id", 1}, {"date", 1}, {"chat", channel}, {"text", "/start"}}}},
        {{"edited_channel_post", json::object{{"message_id", 1}, {"date", 1}, {"chat", channel}, {"text", "/start"}}}},
        {{"callback_query", json::object{{"id", "1"}}}},
        {{"callback_query", json::object{{"id", 1}, {"from", from}, {"data", json::array{}}}}},
        {{"callback_query", json::object{{"id", "5"}, {"from", from}, {"chat_instance", "1"}, {"data", std::string(64, '\x7f')}}}},
        {{"my_chat_member", json::object{{"chat", chat}, {"from", from}}}},
        {{"my_chat_member", 1}},
        {{"inline_query", json::object{{"id", "1"}, {"from", from}, {"query", "q"}, {"offset", ""}}}},
        {{"poll_answer", json::object{{"poll_id", "1"}, {"user", from}, {"option_ids", json::array{0}}}}},
        {{"message_reaction", json::object{{"chat", chat}, {"message_id", 1}, {"user", from}, {"date", 1}}}},
        {{"something_of_next_year", json::object{{"from", from}, {"chat", chat}}}},
    };
    for (const auto& shape : shapes) {
        const auto id = next_update();
        json::object body{{"update_id", id}};
        for (const auto& [key, value] : shape) body[key] = value;
        EXPECT_EQ(home().deliver(json::serialize(body), secret).status, 200u) << json::serialize(shape).substr(0, 300);
        EXPECT_EQ(processed(id), "1") << json::serialize(shape).substr(0, 300);
    }
    EXPECT_EQ(home().sql("SELECT count(*) FROM parked_updates"), "0");
    anna.says("🖼 Работа с фото").hears("Работа с фото");
}

TEST_F(Webhook, TheLongestTextsAreAnswered) {
    std::string emoji;
    for (int i = 0; i < 2048; ++i) emoji += "😀";  // 4096 units of UTF-16
    for (const auto& text : {std::string(4096, 'x'), emoji, std::string("'; DROP TABLE users; --"), std::string("\u202e\u0000\u200b", 7)}) {
        Person anna(home());
        anna.says(text).hears("Не понял");
    }
}

TEST_F(Webhook, AnEditedMessageIsNotANewOne) {
    Person anna(home());
    const auto sent = home().sandbox("POST", "/sandbox/chats/" + anna.key() + "/messages", json::object{{"text", "/balance"}});
    home().wait(anna.id(), 0, "Доступно");
    const auto id = sent.at("result").at("message_id").to_number<std::int64_t>();
    home().sandbox("PATCH", "/sandbox/chats/" + anna.key() + "/messages/" + std::to_string(id), json::object{{"text", "/help"}});
    anna.says("🖼 Работа с фото").hears("Работа с фото");
    EXPECT_EQ(anna.heard(), 2);
}

}  // namespace
}  // namespace persona::e2e
