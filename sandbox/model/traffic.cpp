#include "sandbox/model/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::sandbox {
namespace {

constexpr std::size_t most_lines = 2'000;
constexpr std::size_t longest_body = 64u << 10;

std::int64_t milliseconds(Time at) { return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count(); }
std::string quoted(std::string_view text) { return json::serialize(json::string(text)); }
std::string list(const std::vector<std::string>& texts) { return json::serialize(json::array(texts.begin(), texts.end())); }

}  // namespace

ChatId chat_of_update(const json::value& content) {
    const auto* object = content.if_object();
    if (!object) return ChatId(0);
    const auto* message = object_of(*object, "message");
    for (const auto* holder : {object, message})
        if (const auto* chat = holder ? object_of(*holder, "chat") : nullptr) return ChatId(integer_of(*chat, "id"));
    const auto* from = object_of(*object, "from");
    return ChatId(from ? integer_of(*from, "id") : 0);
}

void Traffic::called(const Call& call) {
    add(fmt::format(R"("kind":"call","id":"c{}","at":{},"bot":{},"chat_id":{},"method":"{}","params":{},"violations":{},"files":{})", call.seq,
                    milliseconds(call.at), call.bot.value, call.chat.value, call.method, json::serialize(call.params), list(call.violations),
                    list(call.files)));
}

void Traffic::answered(const Answer& answer) {
    const bool shown = !answer.body.empty() && answer.body.size() <= longest_body;
    add(fmt::format(R"("kind":"answer","id":"c{}","status":{},"ms":{:.3f},"fault":{},"body":{})", answer.call, answer.status,
                    static_cast<double>(answer.took.count()) / 1000, quoted(answer.fault), shown ? answer.body : "null"));
}

void Traffic::queued(BotId bot, ChatId chat, const Update& update, Time at) {
    add(fmt::format(R"("kind":"update","id":"u{}","at":{},"bot":{},"chat_id":{},"method":"{}","twice":{},"body":{})", update.id.value,
                    milliseconds(at), bot.value, chat.value, update.type, update.twice, update.body));
}

void Traffic::settled(UpdateId update, std::string_view fate, Time at) {
    add(fmt::format(R"("kind":"fate","id":"u{}","at":{},"fate":{})", update.value, milliseconds(at), quoted(fate)));
}

std::vector<const Traffic::Line*> Traffic::after(std::uint64_t seq, std::size_t limit) const {
    std::vector<const Line*> out;
    for (auto line = std::ranges::upper_bound(lines_, seq, {}, &Line::seq); line != lines_.end() && out.size() < limit; ++line) out.push_back(&*line);
    return out;
}

void Traffic::add(std::string_view rest) {
    lines_.push_back({next_, fmt::format(R"({{"seq":{},{}}})", next_, rest)});
    ++next_;
    if (lines_.size() > most_lines) lines_.pop_front();
    on_line();
}

}  // namespace persona::sandbox
