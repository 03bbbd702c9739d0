#include "sandbox/server/test_routes.hpp"

#include <algorithm>

#include "base/secret.hpp"
#include "sandbox/server/answers.hpp"

namespace persona::sandbox {
namespace {

using http::Request;
using http::Response;

constexpr auto longest_wait = 60s;
constexpr auto heartbeat = 15s;  // of the event stream: proxies and the page notice a dead connection by its absence

bool listed(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        if (list.substr(0, comma) == word) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

json::array found(Station& station, const Request& request, std::uint64_t after) {
    const ChatId chat(number_of(request.query.value("chat")));
    const auto bot = number_of(request.query.value("bot"));
    const auto types = request.query.find("types").value_or("message,edit");
    const auto contains = request.query.value("contains");
    const auto wanted = [&](const Event& event) {
        if (!event.by_bot || event.chat != chat || (bot && event.bot.value != bot) || !listed(types, event.type)) return false;
        if (contains.empty()) return true;
        const auto& body = event.message ? *event.message : event.extra;
        return text_of(body, "text").contains(contains) || text_of(body, "caption").contains(contains);
    };
    json::array events;
    for (const auto* event : station.world.events.after(after, 1000, wanted)) events.push_back(event->as_json());
    return events;
}

// Until `count` things of the bot's came after `after`, or the time is up: then 408 with what there is.
Task<Response> wait(Station& station, Request request) {
    const auto after = static_cast<std::uint64_t>(number_of(request.query.value("after")));
    const auto count = std::max<std::int64_t>(1, number_of(request.query.value("count")));
    const auto seconds =
        request.query.contains("timeout") ? std::chrono::seconds(number_of(request.query.value("timeout"))) : std::chrono::seconds(10);
    const auto deadline = Deadline::after(std::min<std::chrono::seconds>(seconds, longest_wait));
    const ChatId chat(number_of(request.query.value("chat")));
    while (true) {
        auto events = found(station, request, after);
        const bool enough = static_cast<std::int64_t>(events.size()) >= count;
        if (enough || deadline.passed()) {
            const auto seq = events.empty() ? after : static_cast<std::uint64_t>(events.back().at("seq").to_number<std::int64_t>());
            co_return answer({{"events", std::move(events)}, {"seq", seq}}, enough ? 200 : 408);
        }
        co_await station.event_of(chat, deadline);
    }
}

Task<void> stream(Station& station, std::uint64_t after, http::BodyWriter& out) {
    co_await out.write("retry: 1000\n\n");
    while (true) {
        std::string text;
        const auto all = [](const Event&) { return true; };
        for (const auto* event : station.world.events.after(after, 500, all)) {
            after = event->seq;
            text += "id: " + std::to_string(event->seq) + "\ndata: " + json::serialize(event->as_json()) + "\n\n";
        }
        if (!text.empty())
            co_await out.write(text);
        else if (!co_await station.events().wait(Deadline::after(heartbeat)))
            co_await out.write(": still here\n\n");
    }
}

Task<Response> events(Station& station, Request request) {
    auto after = station.world.events.last();
    if (request.query.contains("after")) after = static_cast<std::uint64_t>(number_of(request.query.value("after")));
    // A browser that lost the connection tells where it was.
    if (const auto last = request.headers.find("Last-Event-ID")) after = static_cast<std::uint64_t>(number_of(*last));
    Response response{200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}, {}};
    response.body = http::BodyProducer([&station, after](http::BodyWriter& out) { return stream(station, after, out); });
    co_return response;
}

Task<void> stream_traffic(Station& station, std::uint64_t after, http::BodyWriter& out) {
    co_await out.write("retry: 1000\n\n");
    while (true) {
        std::string text;
        for (const auto* line : station.world.traffic.after(after, 500)) {
            after = line->seq;
            // A bot may send its own token by mistake; it never leaves through here.
            text += "id: " + std::to_string(line->seq) + "\ndata: " + redact(line->json) + "\n\n";
        }
        if (!text.empty())
            co_await out.write(text);
        else if (!co_await station.traffic().wait(Deadline::after(heartbeat)))
            co_await out.write(": still here\n\n");
    }
}

// What is kept first, then what comes. A browser that lost the connection tells where it was.
Task<Response> traffic(Station& station, Request request) {
    auto after = static_cast<std::uint64_t>(number_of(request.query.value("after")));
    if (const auto last = request.headers.find("Last-Event-ID")) after = static_cast<std::uint64_t>(number_of(*last));
    if (after > station.world.traffic.last()) after = 0;  // of a server that was before this one
    Response response{200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}, {}};
    response.body = http::BodyProducer([&station, after](http::BodyWriter& out) { return stream_traffic(station, after, out); });
    co_return response;
}

Task<Response> calls(Station& station, Request request) {
    const auto since = static_cast<std::uint64_t>(number_of(request.query.value("since")));
    const auto limit = request.query.contains("limit") ? static_cast<std::size_t>(number_of(request.query.value("limit"))) : 1000;
    co_return answer({{"calls", station.world.recorder.since(since, request.query.value("method"), limit)}, {"seq", station.world.recorder.last()}});
}

Task<Response> violations(Station& station, Request) { co_return answer({{"violations", station.world.recorder.violations()}}); }

Task<Response> forget_calls(Station& station, Request) {
    station.world.recorder.clear();
    co_return answer({{"ok", true}});
}

Task<Response> list_faults(Station& station, Request request) {
    auto faults = station.world.faults.list();
    const auto* bot = bot_of(station, request);
    if (const int count = bot ? bot->updates.to_duplicate() : 0; count > 0)
        faults.push_back({{"id", 0}, {"method", "update"}, {"kind", "duplicate_update"}, {"count", count}, {"status", 0}});
    co_return answer({{"faults", std::move(faults)}});
}

Task<Response> add_fault(Station& station, Request request) {
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    if (text_of(*body, "kind") == "duplicate_update") {
        auto* bot = bot_of(station, request);
        if (!bot) co_return failure("no bot has called this server yet", 409);
        bot->updates.duplicate_next(static_cast<int>(integer_of(*body, "count", 1)));
        co_return answer({{"ok", true}});
    }
    const auto fault = station.world.faults.add(*body);
    if (!fault) co_return failure(fault.error());
    co_return answer({{"ok", true}, {"id", fault->id}});
}

Task<Response> clear_faults(Station& station, Request request) {
    station.world.faults.clear();
    if (auto* bot = bot_of(station, request)) bot->updates.duplicate_none();
    co_return answer({{"ok", true}});
}

json::object as_json(const Rule& rule) { return {{"burst", rule.burst}, {"per_second", rule.per_second}}; }

Rule changed(Rule rule, const json::object* wanted) {
    if (!wanted) return rule;
    if (const auto* burst = find(*wanted, "burst"); burst && burst->is_number()) rule.burst = burst->to_number<double>();
    if (const auto* rate = find(*wanted, "per_second"); rate && rate->is_number() && rate->to_number<double>() > 0)
        rule.per_second = rate->to_number<double>();
    return rule;
}

// {"chat": {"burst": 0}, …}: a burst of 0 is no limit. Holds for the bot until the restart.
Task<Response> set_limits(Station& station, Request request) {
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure("no bot has called this server yet", 409);
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    auto limits = bot->pace.limits();
    limits.chat = changed(limits.chat, object_of(*body, "chat"));
    limits.group = changed(limits.group, object_of(*body, "group"));
    limits.all = changed(limits.all, object_of(*body, "all"));
    bot->pace.set(limits);
    co_return answer({{"chat", as_json(limits.chat)}, {"group", as_json(limits.group)}, {"all", as_json(limits.all)}});
}

}  // namespace

std::vector<http::Route> test_routes(Station& s) {
    const auto to = [&s](Task<Response> (*handler)(Station&, Request)) { return [&s, handler](Request r) { return handler(s, std::move(r)); }; };
    return {
        {"GET", "/sandbox/wait", to(wait)},          {"GET", "/sandbox/events", to(events)},         {"GET", "/sandbox/traffic", to(traffic)},
        {"GET", "/sandbox/calls", to(calls)},        {"DELETE", "/sandbox/calls", to(forget_calls)}, {"GET", "/sandbox/violations", to(violations)},
        {"GET", "/sandbox/faults", to(list_faults)}, {"POST", "/sandbox/faults", to(add_fault)},     {"DELETE", "/sandbox/faults", to(clear_faults)},
        {"PUT", "/sandbox/limits", to(set_limits)},
    };
}

}  // namespace persona::sandbox
