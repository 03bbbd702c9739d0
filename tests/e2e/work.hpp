// What the tests of recordings and documents share: a person in front of a worker with the real engine, and what came of it.
#pragma once

#include <gmock/gmock.h>

#include "clips.hpp"
#include "talk.hpp"

namespace persona::e2e {

// Neither our own pace nor the sandbox's flood control slows a test down.
inline Options unhurried(Variables more = {}) {
    more.insert({{"PERSONA_SEND_RATE", "1000"}, {"PERSONA_UPDATE_RATE", "1000"}});
    return {.variables = std::move(more)};
}

inline constexpr const char* audio_mode = "🎤 Аудио";
inline constexpr const char* text_mode = "📄 Текстовый транскрипт";
inline constexpr const char* received = "⏳ Файл получен! Начинаю обработку...";
inline constexpr const char* what_next = "Выберите, что сделать из транскрипта";

template <class Suite>
class WorkTalk : public Talk<Suite> {
protected:
    void SetUp() override {
        this->home().sandbox("PUT", "/sandbox/limits", json::object{{"chat", json::object{{"burst", 0}}}, {"all", json::object{{"burst", 0}}}});
    }
    static const Clips& clips() {
        static const Clips made;
        return made;
    }
    // The bot's documents in the chat, oldest first.
    static std::vector<json::object> documents(const Person& person) {
        std::vector<json::object> out;
        for (const auto& message : Suite::home().messages(person.id()))
            if (Person::from_bot(message) && message.contains("document")) out.push_back(message);
        return out;
    }
    static std::string file_name(const json::object& message) { return std::string(message.at("document").at("file_name").as_string()); }
    static std::string caption(const json::object& message) { return std::string(message.at("caption").as_string()); }
    static std::string content(const json::object& message) {
        return Suite::home().download(std::string(message.at("document").at("file_id").as_string()));
    }
    static std::string coins(Person& person) { return person.sql("SELECT coins||' '||held FROM user_balances WHERE user_id=$"); }
    static std::string charges(Person& person) { return person.sql("SELECT count(*) FROM transactions WHERE user_id=$ AND type='charge'"); }
    static void listens(Person& person) { person.says("/start").hears("На счёте"), person.says(audio_mode).hears("Слышу языки"); }
};

}  // namespace persona::e2e
