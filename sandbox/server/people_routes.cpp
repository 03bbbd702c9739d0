#include "sandbox/server/people_routes.hpp"

#include "sandbox/server/answers.hpp"
#include "sandbox/server/multipart.hpp"

namespace persona::sandbox {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t biggest_upload = 512u << 20;
constexpr std::string_view no_bot = "no bot has called this server yet";

// Every answer to an act names the last event before it, so that a test can wait for what comes after.
template <class T>
Response done(Station& station, std::uint64_t before, Done<T> result) {
    station.world.flush();
    if (!result) return failure(result.error());
    return answer({{"ok", true}, {"seq", before}, {"result", std::move(*result)}});
}

json::object bot_json(const Bot& bot) {
    auto out = bot.as_from();
    if (const auto name = text_of(bot.settings, "name/"); !name.empty()) out["first_name"] = name;
    out["settings"] = bot.settings;
    out["pending_updates"] = bot.updates.size();
    out["webhook"] = !bot.webhook.url.empty();
    return out;
}

Task<Response> state(Station& station, Request request) {
    json::array users, groups, bots;
    for (const auto& [id, user] : station.world.users()) users.push_back(user.as_record());
    for (const auto& [id, group] : station.world.groups()) groups.push_back(group.as_record());
    for (const auto& [id, bot] : station.world.bots()) bots.push_back(bot_json(bot));
    const auto* bot = bot_of(station, request);
    co_return answer({{"bot", bot ? json::value(bot_json(*bot)) : json::value()},
                      {"bots", std::move(bots)},
                      {"users", std::move(users)},
                      {"groups", std::move(groups)},
                      {"seq", station.world.events.last()}});
}

Task<Response> make_bot(Station& station, Request request) {
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    const auto* bot = station.world.bot_of(text_of(*body, "token"));
    station.world.flush();
    if (!bot) co_return failure("a token is digits:secret, and where one is fixed it is that one");
    co_return answer(bot_json(*bot));
}

Task<Response> put_user(Station& station, Request request) {
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    json::object record;
    const TelegramId id(number_of(request.part("user")));
    if (id.value != 0) {
        const auto* known = station.world.user(id);
        if (!known) co_return failure("no such user", 404);
        record = known->as_record();
    }
    for (const auto& [key, value] : *body) record[key] = value;
    if (text_of(record, "first_name").empty()) co_return failure("first_name is needed");
    const auto& user = station.world.put_user(User::from_record(record));
    station.world.flush();
    co_return answer(user.as_record());
}

Task<Response> make_group(Station& station, Request request) {
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure(no_bot, 409);
    auto group = Group::from_record(*body);
    if (group.title.empty() || group.members.empty()) co_return failure("title and members are needed");
    const auto& made = station.world.put_group(std::move(group));
    // The bot learns that it was added.
    station.world.open(*bot, made.id).blocked = true;
    (void)station.people.block(*bot, made.id, false, wall_now());
    station.world.flush();
    co_return answer(made.as_record());
}

Task<Response> messages(Station& station, Request request) {
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure(no_bot, 409);
    const ChatId chat(number_of(request.part("chat")));
    const auto limit = request.query.contains("limit") ? static_cast<std::size_t>(number_of(request.query.value("limit"))) : 200;
    json::array list;
    json::value keyboard;
    bool blocked = false;
    if (const auto* in = station.world.conversation(*bot, chat)) {
        const MessageId after(number_of(request.query.value("after")));
        auto from = in->messages.upper_bound(after);
        const auto count = static_cast<std::size_t>(std::distance(from, in->messages.end()));
        if (count > limit) std::advance(from, static_cast<std::ptrdiff_t>(count - limit));
        for (; from != in->messages.end(); ++from) list.push_back(*from->second.body);
        keyboard = in->keyboard;
        blocked = in->blocked;
    }
    co_return answer({{"messages", std::move(list)}, {"keyboard", keyboard}, {"blocked", blocked}, {"seq", station.world.events.last()}});
}

Task<Response> write_files(Station& station, Bot& bot, Request request) {
    const auto before = station.world.events.last();
    auto parts = parse_multipart(request.headers.value("Content-Type"), request.body);
    if (!parts) co_return failure("the multipart body does not read");
    json::object wanted;
    for (const auto& [name, value] : parts->fields) {
        const bool number = name == "from" || name == "duration" || name == "width" || name == "height" || name == "reply_to";
        wanted[name] = number ? json::value(number_of(value)) : json::value(json::string(value));
    }
    co_return done(station, before, station.people.send_files(bot, ChatId(number_of(request.part("chat"))), wanted, parts->files, wall_now()));
}

Task<Response> write(Station& station, Request request) {
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure(no_bot, 409);
    if (request.headers.value("Content-Type").starts_with("multipart/")) co_return co_await write_files(station, *bot, std::move(request));
    const auto before = station.world.events.last();
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    co_return done(station, before, station.people.write(*bot, ChatId(number_of(request.part("chat"))), *body, wall_now()));
}

// An act of a person on a chat with a JSON body.
using Act = Done<json::object> (*)(Station&, Bot&, ChatId, const Request&, const json::object&);

Task<Response> act(Station& station, Act what, Request request) {
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure(no_bot, 409);
    const auto body = body_of(request);
    if (!body) co_return failure(body.error());
    const auto before = station.world.events.last();
    co_return done(station, before, what(station, *bot, ChatId(number_of(request.part("chat"))), request, *body));
}

Done<json::object> edit(Station& s, Bot& bot, ChatId chat, const Request& request, const json::object& body) {
    return s.people.edit(bot, chat, MessageId(number_of(request.part("message"))), body, wall_now());
}
Done<json::object> press(Station& s, Bot& bot, ChatId chat, const Request&, const json::object& body) {
    return s.people.press(bot, chat, body, wall_now());
}
Done<json::object> pay(Station& s, Bot& bot, ChatId chat, const Request&, const json::object& body) {
    return s.people.pay(bot, chat, body, wall_now());
}
Done<json::object> block(Station& s, Bot& bot, ChatId chat, const Request&, const json::object& body) {
    return s.people.block(bot, chat, !body.contains("blocked") || flag_of(body, "blocked"), wall_now());
}

// {"message": {…}} as in an Update, without update_id: queued as it is, whatever the bot asked for.
Task<Response> inject(Station& station, Request request) {
    auto* bot = bot_of(station, request);
    if (!bot) co_return failure(no_bot, 409);
    const auto body = body_of(request);
    if (!body || body->size() != 1 || !body->begin()->value().is_object())
        co_return failure("one member, named as the update's type, with an object is needed");
    const auto& [type, content] = *body->begin();
    const auto* chat = object_of(content.get_object(), "chat");
    const auto* from = object_of(content.get_object(), "from");
    const auto lane = chat ? integer_of(*chat, "id") : from ? callback_lane(TelegramId(integer_of(*from, "id"))) : 0;
    const auto id = bot->updates.next_id();
    station.world.enqueue(*bot, type, lane, content, wall_now());
    station.world.flush();
    co_return answer({{"update_id", id.value}, {"queued", bot->updates.find(id) != nullptr}});
}

Task<Response> file(Station& station, Request request) {
    const auto* file = station.world.file(request.part("file"));
    if (!file) co_return failure("no such file", 404);
    Response response{
        200, {{"Cache-Control", "private, max-age=31536000, immutable"}}, http::FileBody{station.world.location(*file), 0, std::nullopt}};
    // Only what a page may show in place keeps its type; the rest is a download, whatever it pretends to be.
    const bool shown = file->mime.starts_with("image/") || file->mime.starts_with("audio/") || file->mime.starts_with("video/");
    const bool svg = file->mime.starts_with("image/svg");
    response.headers.add("Content-Type", shown && !svg ? file->mime : "application/octet-stream");
    response.headers.add("X-Content-Type-Options", "nosniff");
    if (!shown || svg || request.query.contains("download"))
        response.headers.add(
            "Content-Disposition",
            "attachment; filename*=UTF-8''" + http::percent_encode(file->name.empty() ? file->path.substr(file->path.rfind('/') + 1) : file->name));
    co_return response;
}

}  // namespace

std::vector<http::Route> people_routes(Station& s) {
    const auto to = [&s](Task<Response> (*handler)(Station&, Request)) { return [&s, handler](Request r) { return handler(s, std::move(r)); }; };
    const auto acting = [&s](Act what) { return [&s, what](Request r) { return act(s, what, std::move(r)); }; };
    return {
        {"GET", "/sandbox/state", to(state)},
        {"POST", "/sandbox/bots", to(make_bot)},
        {"POST", "/sandbox/users", to(put_user)},
        {"PATCH", "/sandbox/users/{user}", to(put_user)},
        {"POST", "/sandbox/groups", to(make_group)},
        {"GET", "/sandbox/chats/{chat}/messages", to(messages)},
        {"POST", "/sandbox/chats/{chat}/messages", to(write), biggest_upload},
        {"PATCH", "/sandbox/chats/{chat}/messages/{message}", acting(edit)},
        {"POST", "/sandbox/chats/{chat}/press", acting(press)},
        {"POST", "/sandbox/chats/{chat}/pay", acting(pay)},
        {"POST", "/sandbox/chats/{chat}/block", acting(block)},
        {"POST", "/sandbox/updates", to(inject)},
        {"GET", "/sandbox/files/{file}", to(file)},
    };
}

}  // namespace persona::sandbox
