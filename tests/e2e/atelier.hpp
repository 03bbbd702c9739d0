// What the tests of photos, avatars and portraits share: messages as they stand in a chat with their buttons, and the way to an avatar.
#pragma once

#include <gmock/gmock.h>

#include "photos.hpp"
#include "work.hpp"

namespace persona::e2e {

inline constexpr const char* create_label = "📷 Создать аватар";
inline constexpr const char* view_label = "👁 Просмотреть аватары";
inline constexpr const char* styles_label = "🖼 Образы";
inline constexpr const char* enhance_label = "✨ Улучшить фото";

inline std::string words(const json::object& message) {
    for (const char* field : {"text", "caption"})
        if (const auto* value = message.if_contains(field)) return std::string(value->as_string());
    return "";
}

inline std::int64_t id_of(const json::object& message) { return message.at("message_id").to_number<std::int64_t>(); }

struct Key {
    std::string text, data;
};
// Of its inline keyboard, row by row.
inline std::vector<Key> keys(const json::object& message) {
    std::vector<Key> out;
    const auto* markup = message.if_contains("reply_markup");
    if (!markup || !markup->as_object().contains("inline_keyboard")) return out;
    for (const auto& row : markup->at("inline_keyboard").as_array())
        for (const auto& key : row.as_array())
            if (const auto* data = key.as_object().if_contains("callback_data"))
                out.push_back({std::string(key.at("text").as_string()), std::string(data->as_string())});
    return out;
}
// What the button that begins so sends; empty where there is none.
inline std::string data_of(const json::object& message, const std::string& label) {
    for (const Key& key : keys(message))
        if (key.text.starts_with(label)) return key.data;
    return "";
}

template <class Suite>
class AtelierTalk : public WorkTalk<Suite> {
protected:
    static const Photos& photos() {
        static const Photos made;
        return made;
    }
    static Installation& house() { return Suite::home(); }

    // Presses the button of a message that begins so.
    static Person& press(Person& person, const json::object& message, const std::string& label) {
        const std::string data = data_of(message, label);
        EXPECT_NE(data, "") << "no button «" << label << "» below " << json::serialize(message);
        return person.presses(id_of(message), data);
    }
    // What a press was answered with, as it is shown above the chat.
    static std::string toast(const Person& person) {
        const auto event = house().wait(person.id(), person.last(), "", "callback_answer");
        return event.contains("text") ? std::string(event.at("text").as_string()) : "";
    }
    static void gone(const Person& person, std::int64_t message) {
        EXPECT_TRUE(eventually([&] {
            for (const auto& one : house().messages(person.id()))
                if (id_of(one) == message) return false;
            return true;
        })) << "message "
            << message << " is still there";
    }
    static Person& sends_album(Person& person, const Files& files, const std::string& kind = "photo") {
        return person.acted(house().send_album(person.id(), kind, files));
    }
    static std::string drafts(Person& person) { return person.sql("SELECT count(*) FROM user_avatars WHERE user_id=$ AND state='draft'"); }
    static std::string stored(Person& person) { return person.sql("SELECT count(*) FROM avatar_photos WHERE user_id=$"); }
    static std::string avatar(Person& person) {
        return person.sql("SELECT coalesce(string_agg(state, ',' ORDER BY number), '') FROM user_avatars WHERE user_id=$");
    }
    static std::string bill(Person& person) {
        return person.sql(
            "SELECT (SELECT count(*) FROM holds WHERE user_id=$)||' holds '||(SELECT count(*) FROM transactions WHERE user_id=$ AND "
            "type='charge')||' charges '||coins||' '||held FROM user_balances WHERE user_id=$");
    }

    static void begins(Person& person) {
        person.says("/start").hears("На счёте");
        person.says(create_label).hears("📷 Новый аватар");
    }
    // Gives the card of the gallery, once it tells of so many photos.
    static json::object gathers(Person& person, int first, int count, int all) {
        const auto told = [&](int n) { return person.hears("Фото " + std::to_string(n) + " из " + std::to_string(n), 60); };
        if (count > 3) return sends_album(person, photos().good(first, count)), told(all);
        json::object card;  // an album waits for its end; a few photos are faster one by one
        for (int i = 0; i < count; ++i) person.sends("photo", photos().good(first + i)), card = told(all - count + i + 1);
        return card;
    }
    // Through gender and name to the card of the order.
    static json::object reaches_confirm(Person& person, const json::object& gallery, const std::string& name) {
        const auto question = press(person, gallery, "✅ Продолжить").hears("Кто на фото?");
        press(person, question, "👩 Женщина").hears("Введите имя для вашего аватара:");
        return person.says(name).hears("Проверьте перед созданием");
    }
    // The notice of the ready avatar. Needs two photos only where AVATAR_MIN_PHOTOS is 2.
    static json::object gets_an_avatar(Person& person, const std::string& name = "Анна", int first = 0, int count = 2) {
        person.says(create_label).hears("📷 Новый аватар");
        const auto card = reaches_confirm(person, gathers(person, first, count, count), name);
        return press(person, card, "✅ Создать аватар").hears("✅ Ваш аватар готов!", 60);
    }
    // Newest first: what the bot has shown with a picture.
    static std::vector<json::object> pictures(const Person& person) {
        std::vector<json::object> out;
        for (const auto& message : house().messages(person.id()))
            if (Person::from_bot(message) && message.contains("photo")) out.insert(out.begin(), message);
        return out;
    }
    // The message as it stands now.
    static json::object now(const Person& person, const json::object& message) {
        for (const auto& one : house().messages(person.id()))
            if (id_of(one) == id_of(message)) return one;
        return {};
    }
};

}  // namespace persona::e2e
