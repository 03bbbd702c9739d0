// A Telegram in memory with one bot and one person, and a short way to call the Bot API in it.
#pragma once

#include "sandbox/methods/bot_api.hpp"
#include "sandbox/people/people.hpp"

namespace persona::sandbox::test {

constexpr auto token = "123456:ABCdefGHI";

struct SmallWorld {
    World world{{}, ""};
    BotApi api{world};
    People people{world};
    Time now = Time(Micros(1'800'000'000'000'000));
    Bot& bot = *world.bot_of(token);
    ChatId chat = ChatId(world.put_user({TelegramId(5'000'000'000), "Anna", "", "anna", "ru", ""}).id.value);

    // The person writes first: before that the bot knows no such chat.
    SmallWorld() { say("/start"); }

    json::object say(std::string_view text) { return people.write(bot, chat, {{"text", text}}, now).value(); }

    ApiOutcome outcome(std::string_view method, json::object params, std::vector<Upload> uploads = {}) {
        return api.call({token, std::string(method), {}, std::move(params), std::move(uploads)}, now);
    }
    json::object reply(std::string_view method, json::object params, std::vector<Upload> uploads = {}) {
        return json::parse(outcome(method, std::move(params), std::move(uploads)).reply.body).as_object();
    }
    // The result of a call that must work; an empty value, and so a failing test, where it does not.
    json::value result(std::string_view method, json::object params, std::vector<Upload> uploads = {}) {
        auto body = reply(method, std::move(params), std::move(uploads));
        return body.contains("result") ? body.at("result") : json::value(json::serialize(body));
    }
    // "400 Bad Request: …", or "ok".
    std::string error(std::string_view method, json::object params, std::vector<Upload> uploads = {}) {
        const auto body = reply(method, std::move(params), std::move(uploads));
        if (flag_of(body, "ok")) return "ok";
        return std::to_string(integer_of(body, "error_code")) + " " + std::string(text_of(body, "description"));
    }
    json::object to_chat(json::object params) {
        params["chat_id"] = chat.value;
        return params;
    }
    std::int64_t sent(std::string_view text) { return integer_of(result("sendMessage", to_chat({{"text", text}})).as_object(), "message_id"); }
    Violations last_violations() {
        const auto calls = world.recorder.since(world.recorder.last() - 1, "", 1);
        Violations out;
        for (const auto& text : calls.at(0).as_object().at("violations").as_array()) out.emplace_back(text.as_string());
        return out;
    }
};

}  // namespace persona::sandbox::test
