// What the tests of the conversation share: an installation for a whole suite, and a person who remembers what was said last.
#pragma once

#include <gmock/gmock.h>

#include "installation.hpp"

namespace persona::e2e {

// One installation for all tests of a suite; each test has people of its own. Suite gives `static Options options()`.
template <class Suite>
class Talk : public testing::Test {
protected:
    static void SetUpTestSuite() { home_ = std::make_unique<Installation>(Suite::options()); }
    static void TearDownTestSuite() { home_.reset(); }
    void TearDown() override {
        EXPECT_EQ(home().violations(), "");
        const auto verified = home().persona({"wallet", "verify"});
        EXPECT_EQ(verified.status, 0) << verified.output;
        if (HasFailure()) home().show_logs();
    }
    static Installation& home() { return *home_; }

private:
    static inline std::unique_ptr<Installation> home_;
};

// An inline keyboard of one button.
inline json::object button(const std::string& label, const std::string& data) {
    json::array row, rows;
    row.push_back(json::object{{"text", label}, {"callback_data", data}});
    rows.push_back(row);
    return {{"inline_keyboard", rows}};
}

// Speaks in a private chat and hears what the bot says after it.
class Person {
public:
    explicit Person(Installation& home, const std::string& language = "ru", const std::string& name = "Анна")
        : home_(home), id_(home.person(language, name)) {}

    // One with an id of one's own choice.
    Person(Installation& home, std::int64_t id) : home_(home), id_(id) {
        home.sandbox("POST", "/sandbox/users", json::object{{"id", id}, {"first_name", "Анна"}, {"language_code", "ru"}});
    }

    std::int64_t id() const { return id_; }
    std::string key() const { return std::to_string(id_); }
    Person& says(const std::string& text) { return after(home_.say(id_, text)); }
    Person& does(const json::object& content) { return after(home_.act(id_, content)); }
    Person& presses(std::int64_t message, const std::string& data) { return after(home_.press(id_, message, data)); }
    Person& sends(const std::string& kind, const std::filesystem::path& file, const std::string& name = "") {
        return after(home_.send(id_, kind, file, name));
    }
    // Something was done for this person outside; seq as Installation gives it.
    Person& acted(std::int64_t seq) { return after(seq); }
    // The last press was answered.
    void is_answered() { home_.wait(id_, last_, "", "callback_answer", 20); }
    // The answer to the last act.
    json::object hears(const std::string& contains, int seconds = 30) {
        auto event = home_.wait(id_, last_, contains, "message,edit", seconds);
        last_ = event.at("seq").to_number<std::int64_t>();
        return event.at("message").as_object();
    }
    std::int64_t last() const { return last_; }
    // How many messages of the bot contain the text.
    int heard(const std::string& contains) {
        int count = 0;
        for (const auto& message : home_.messages(id_)) count += from_bot(message) && text(message).contains(contains);
        return count;
    }
    // The labels of the keyboard below the chat, row by row, joined with "|".
    std::string keyboard() {
        std::string out;
        const auto chat = home_.sandbox("GET", "/sandbox/chats/" + key() + "/messages?limit=1");
        if (!chat.at("keyboard").is_object()) return out;
        for (const auto& row : chat.at("keyboard").at("keyboard").as_array())
            for (const auto& button : row.as_array())
                out += (out.empty() ? "" : "|") + std::string(button.is_string() ? button.as_string() : button.at("text").as_string());
        return out;
    }
    // How many messages the bot has sent here.
    int heard() {
        int count = 0;
        for (const auto& message : home_.messages(id_)) count += from_bot(message);
        return count;
    }
    // First column of the first row; $ in the query is this person's user id.
    std::string sql(std::string query) {
        const std::string user = "(SELECT id FROM users WHERE telegram_id=" + key() + ")";
        for (std::size_t at; (at = query.find('$')) != std::string::npos;) query.replace(at, 1, user);
        return home_.sql(query);
    }

    static bool from_bot(const json::object& message) { return message.contains("from") && message.at("from").at("is_bot").as_bool(); }
    static std::string text(const json::object& message) { return message.contains("text") ? std::string(message.at("text").as_string()) : ""; }

private:
    Person& after(std::int64_t seq) {
        last_ = seq;
        return *this;
    }

    Installation& home_;
    std::int64_t id_, last_ = 0;
};

}  // namespace persona::e2e
