#include "sandbox/methods/bot_api.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/methods/webhook.hpp"
#include "sandbox/schema/validate.hpp"

namespace persona::sandbox {
namespace {

json::object decoded(const ObjectType& method, ApiRequest& request) {
    json::object params;
    for (const auto& [name, text] : request.form) {
        const auto* field = method.field(name);
        params[name] = field ? decode(*field, text) : json::value(json::string(text));
    }
    if (!request.body) return params;
    for (auto& [name, value] : *request.body) {
        if (value.is_null()) continue;
        const auto* field = method.field(name);
        // A string may hold what the table wants as an object or a number: Telegram reads it, so do we.
        params[name] = field && value.is_string() ? decode(*field, value.get_string()) : std::move(value);
    }
    return params;
}

std::vector<std::string> names_of(const std::vector<Upload>& uploads) {
    std::vector<std::string> names;
    for (const auto& upload : uploads) names.push_back(upload.field);
    return names;
}

// What the table cannot say: an edit needs to know what it edits.
void check_target(std::string_view method, const json::object& params, Violations& found) {
    if (!method.starts_with("editMessage") || params.contains("inline_message_id")) return;
    for (const auto* field : {"chat_id", "message_id"})
        if (!params.contains(field)) found.push_back(std::string(field) + ": required without inline_message_id");
}

ApiReply result(json::value value, const std::string& note) {
    if (note.empty()) return {200, R"({"ok":true,"result":)" + json::serialize(value) + "}", std::nullopt};
    return {200, json::serialize(json::object{{"ok", true}, {"result", std::move(value)}, {"description", note}}), std::nullopt};
}

ApiReply updates_reply(const std::vector<const Update*>& updates) {
    std::string body = R"({"ok":true,"result":[)";
    for (const auto* update : updates) {
        if (body.back() == '}') body += ',';
        body += update->body;
    }
    return {200, body + "]}", std::nullopt};
}

std::int64_t chat_of(const json::object& params) { return integer_of(params, "chat_id"); }

// Also where the call names it only by what it answers.
ChatId chat_about(const Bot& bot, const json::object& params) {
    if (const auto found = bot.callbacks.find(text_of(params, "callback_query_id")); found != bot.callbacks.end()) return found->second.chat;
    if (const auto found = bot.checkouts.find(text_of(params, "pre_checkout_query_id")); found != bot.checkouts.end()) return found->second.chat;
    return ChatId(params.contains("chat_id") ? chat_of(params) : integer_of(params, "user_id"));
}

std::vector<std::string> files_in(const std::vector<Upload>& uploads) {
    std::vector<std::string> out;
    for (const auto& upload : uploads) out.push_back(fmt::format("{} = {}, {} bytes", upload.field, upload.name, upload.content.size()));
    return out;
}

}  // namespace

ApiReply unknown_token(std::string_view token) {
    return World::is_token(token) ? refusal({401, "Unauthorized", std::nullopt}) : refusal({404, "Not Found", std::nullopt});
}

ApiReply refusal(const Refusal& refused) {
    json::object body{{"ok", false}, {"error_code", refused.status}, {"description", refused.description}};
    if (refused.retry_after) body["parameters"] = json::object{{"retry_after", *refused.retry_after}};
    return {refused.status, json::serialize(body), refused.retry_after};
}

ApiOutcome BotApi::call(ApiRequest request, Time now) {
    auto* bot = world_.bot_of(request.token);
    if (!bot) return {.reply = unknown_token(request.token)};
    const auto* method = ApiTable::official().method(request.method);
    if (!method) return {.reply = refusal({404, "Not Found: method not found", std::nullopt})};

    auto params = decoded(*method, request);
    auto violations = validate(*method, params, names_of(request.uploads));
    check_target(method->name, params, violations);
    const auto call = world_.recorder.add({0, now, bot->id, method->name, params, violations, 0, ""});
    world_.traffic.called({call, now, bot->id, chat_about(*bot, params), method->name, params, violations, files_in(request.uploads)});

    const auto fault = world_.faults.take(method->name, chat_of(params));
    if (fault && fault->kind == Fault::Kind::drop_before) return {.call = call, .fault = fault->name, .drop = true};
    if (fault && fault->kind == Fault::Kind::refuse) {
        world_.recorder.answered(call, fault->status, fault->description);
        return {.reply = refusal({fault->status, fault->description, fault->retry_after}), .call = call, .fault = fault->name};
    }
    Context context{world_, *bot, params, request.uploads, now, ""};
    ApiOutcome outcome;
    if (method->name == "getUpdates")
        outcome = get_updates(context, call);
    else
        outcome.reply = execute(context, *method, call);
    if (fault && fault->kind == Fault::Kind::slow) outcome.delay = fault->delay;
    outcome.drop = fault && fault->kind == Fault::Kind::drop_after;
    outcome.call = call;
    if (fault) outcome.fault = fault->name;
    return outcome;
}

ApiReply BotApi::execute(Context& context, const ObjectType& method, std::uint64_t call) {
    try {
        const auto handler = handler_of(method.name);
        if (!handler) throw Refusal{404, "Not Found: the sandbox does not have the method " + method.name, std::nullopt};
        check_pace(context, method);
        auto reply = result(handler(context), context.note);
        world_.recorder.answered(call, 200, "");
        return reply;
    } catch (const Refusal& refused) {
        world_.recorder.answered(call, refused.status, refused.description);
        return refusal(refused);
    }
}

void BotApi::check_pace(Context& context, const ObjectType& method) {
    if (!is_paced(method.name)) return;
    if (const auto wait = context.bot.pace.take(ChatId(chat_of(context.params)), context.now))
        throw Refusal{429, fmt::format("Too Many Requests: retry after {}", wait->count()), wait->count()};
}

ApiOutcome BotApi::get_updates(Context& context, std::uint64_t call) {
    auto& bot = context.bot;
    if (!bot.webhook.url.empty()) {
        const Refusal refused{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                              std::nullopt};
        world_.recorder.answered(call, refused.status, refused.description);
        return {.reply = refusal(refused)};
    }
    allow_updates(context);
    ++bot.poll;
    bot.poll_ended = "other getUpdates request; make sure that only one bot instance is running";
    world_.on_update(bot);  // whoever polled before wakes up and learns it
    const Poll poll{&bot,
                    bot.poll,
                    integer_of(context.params, "offset"),
                    static_cast<std::size_t>(std::clamp<std::int64_t>(integer_of(context.params, "limit", 100), 1, 100)),
                    std::chrono::seconds(std::clamp<std::int64_t>(integer_of(context.params, "timeout"), 0, 50)),
                    call};
    ApiOutcome outcome;
    if (auto reply = resume(poll, poll.timeout.count() == 0, context.now))
        outcome.reply = std::move(*reply);
    else
        outcome.poll = poll;
    return outcome;
}

std::optional<ApiReply> BotApi::resume(const Poll& poll, bool time_is_up, Time now) {
    auto& bot = *poll.bot;
    if (bot.poll != poll.number) {
        const Refusal refused{409, fmt::format("Conflict: terminated by {}", bot.poll_ended), std::nullopt};
        world_.recorder.answered(poll.call, refused.status, refused.description);
        return refusal(refused);
    }
    std::vector<UpdateId> gone;
    const auto updates = bot.updates.take(poll.offset, poll.limit, now, gone);
    world_.dropped(bot, gone);
    if (updates.empty() && !time_is_up) return std::nullopt;
    world_.recorder.answered(poll.call, 200, "");
    for (const auto* update : updates) world_.traffic.settled(update->id, "fetched", now);
    return updates_reply(updates);
}

}  // namespace persona::sandbox
