#include "bot/profile.hpp"

#include <boost/json.hpp>

#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/catalogue/text.hpp"

namespace persona::bot {
namespace {

namespace json = boost::json;

constexpr int tries = 5;
constexpr auto patience = 10s;

struct Command {
    const char* name;
    Text text;
};
constexpr Command commands[] = {
    {"start", Text::command_start},     {"help", Text::command_help},
    {"history", Text::command_history}, {"balance", Text::command_balance},
    {"cabinet", Text::command_cabinet}, {"settings", Text::command_settings},
    {"cancel", Text::command_cancel},   {"paysupport", Text::command_paysupport},
    {"terms", Text::command_terms},
};

// English is what everybody sees whose language has no texts of its own.
telegram::Call set_commands(Language language) {
    json::array list;
    for (const Command& command : commands) list.push_back({{"command", command.name}, {"description", render(command.text, language)}});
    telegram::Call call{.method = "setMyCommands", .params = {{"commands", std::move(list)}}, .file = {}};
    if (language == Language::ru) call.params["language_code"] = "ru";
    return call;
}

telegram::Call describe(Language language) {
    telegram::Call call{.method = "setMyDescription", .params = {{"description", render(Text::bot_description, language)}}, .file = {}};
    if (language == Language::ru) call.params["language_code"] = "ru";
    return call;
}

// True when it was accepted or is refused for good.
Task<bool> once(telegram::Api& api, const telegram::Call& call) {
    const auto result = co_await api.call(call, Deadline::after(patience));
    if (result) co_return true;
    log(Level::warn, "bot", "Telegram did not take a setting of the bot", {{"method", call.method}, {"error", result.error().description}});
    co_return result.error().kind == telegram::ApiErrorKind::refused;
}

}  // namespace

Task<void> introduce(telegram::Api& api) {
    std::vector<telegram::Call> calls;
    for (const Language language : {Language::en, Language::ru}) {
        calls.push_back(set_commands(language));
        calls.push_back(describe(language));
    }
    for (const telegram::Call& call : calls) {
        Backoff backoff(1s, 10s);
        for (int left = tries; left > 0 && !co_await once(api, call); --left) co_await pause(backoff.next());
    }
}

Task<void> set_webhook(telegram::Api& api, std::string url, Secret secret) {
    telegram::Call call{.method = "setWebhook",
                        .params = {{"url", url},
                                   {"secret_token", secret.reveal()},
                                   {"max_connections", 100},
                                   {"drop_pending_updates", false},
                                   {"allowed_updates", json::array{"message", "callback_query", "pre_checkout_query", "my_chat_member"}}},
                        .file = {}};
    Backoff backoff(1s, 60s);
    while (!co_await once(api, call)) co_await pause(backoff.next());
}

}  // namespace persona::bot
