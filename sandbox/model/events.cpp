#include "sandbox/model/events.hpp"

#include <algorithm>

namespace persona::sandbox {
namespace {
constexpr std::size_t most_events = 20'000;
}

json::object Event::as_json() const {
    json::object out{{"seq", seq}, {"bot", bot.value}, {"chat_id", chat.value}, {"type", type}, {"by_bot", by_bot}};
    if (message) out["message"] = *message;
    for (const auto& [key, value] : extra) out[key] = value;
    return out;
}

std::uint64_t Events::add(Event event) {
    if (event.seq == 0) event.seq = next_;
    next_ = std::max(next_, event.seq + 1);
    events_.push_back(std::move(event));
    if (events_.size() > most_events) events_.pop_front();
    return events_.back().seq;
}

}  // namespace persona::sandbox
