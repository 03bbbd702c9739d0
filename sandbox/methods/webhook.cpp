// setWebhook and its kin.
#include "sandbox/methods/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "sandbox/methods/methods.hpp"

namespace persona::sandbox {
namespace {

bool loopback(std::string_view url) {
    return std::ranges::any_of(std::array<std::string_view, 3>{"http://127.0.0.1", "http://localhost", "http://[::1]"},
                               [&](std::string_view start) { return url.starts_with(start); });
}

void drop_pending(Context& call) {
    if (!flag_of(call.params, "drop_pending_updates")) return;
    call.world.dropped(call.bot, call.bot.updates.clear());
}

void end_poll(Bot& bot) {
    ++bot.poll;
    bot.poll_ended = "setWebhook request";
}

json::value remove_webhook(Context& call) {
    const bool had = !call.bot.webhook.url.empty();
    call.bot.webhook = {};
    drop_pending(call);
    call.world.restart_delivery(call.bot);
    call.world.save(call.bot);
    call.note = had ? "Webhook was deleted" : "Webhook is already deleted";
    return true;
}

}  // namespace

void allow_updates(Context& call) {
    const auto* types = array_of(call.params, "allowed_updates");
    if (!types) return;
    std::set<std::string, std::less<>> allowed;
    for (const auto& type : *types)
        if (type.is_string()) allowed.emplace(type.get_string());
    if (allowed == call.bot.updates.allowed()) return;
    call.bot.updates.allow(std::move(allowed));
    call.world.save(call.bot);
}

namespace method {

json::value set_webhook(Context& call) {
    const std::string url(text_of(call.params, "url"));
    if (url.empty()) return remove_webhook(call);
    // Plain http is what --local servers allow too; here it stays on this machine.
    if (!url.starts_with("https://") && !loopback(url)) refuse("bad webhook: An HTTPS URL must be provided for webhook");
    const std::string secret(text_of(call.params, "secret_token"));
    const bool plain = std::ranges::all_of(secret, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
    if (secret.size() > 256) refuse("secret token is too long");
    if (!plain) refuse("secret token contains unallowed characters");
    const auto connections = std::clamp<std::int64_t>(integer_of(call.params, "max_connections", 40), 1, 100);
    allow_updates(call);
    const bool same =
        call.bot.webhook.url == url && call.bot.webhook.secret == secret && call.bot.webhook.max_connections == static_cast<std::size_t>(connections);
    drop_pending(call);
    call.note = same ? "Webhook is already set" : "Webhook was set";
    if (same && call.bot.delivery) return true;
    call.bot.webhook = {url, secret, static_cast<std::size_t>(connections), 0, ""};
    end_poll(call.bot);
    call.world.restart_delivery(call.bot);
    call.world.save(call.bot);
    call.world.on_update(call.bot);
    return true;
}

json::value delete_webhook(Context& call) { return remove_webhook(call); }

json::value get_webhook_info(Context& call) {
    const auto& bot = call.bot;
    json::object info{{"url", bot.webhook.url}, {"has_custom_certificate", false}, {"pending_update_count", bot.updates.size()}};
    if (bot.webhook.url.empty()) return info;
    info["max_connections"] = bot.webhook.max_connections;
    info["ip_address"] = "127.0.0.1";
    if (bot.webhook.last_error_date) {
        info["last_error_date"] = bot.webhook.last_error_date;
        info["last_error_message"] = bot.webhook.last_error_message;
    }
    if (!bot.updates.allowed().empty()) info["allowed_updates"] = json::array(bot.updates.allowed().begin(), bot.updates.allowed().end());
    return info;
}

}  // namespace method
}  // namespace persona::sandbox
