#include "sandbox/model/update_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::sandbox {

std::int64_t message_lane(ChatId chat) { return chat.value; }
std::int64_t callback_lane(TelegramId user) { return user.value + (std::int64_t{3} << 33); }
std::int64_t checkout_lane(TelegramId user) { return user.value + (std::int64_t{4} << 33); }

Micros lifetime(std::string_view type) {
    const bool impatient = type == "callback_query" || type == "pre_checkout_query" || type == "shipping_query";
    return impatient ? Micros(150s) : Micros(24h);
}

bool UpdateQueue::allows(std::string_view type) const {
    if (!allowed_.empty()) return allowed_.contains(type);
    return type != "chat_member" && type != "message_reaction" && type != "message_reaction_count";
}

const Update* UpdateQueue::push(std::string_view type, std::int64_t lane, const json::value& content, Time now) {
    const UpdateId id(next_++);
    Update update{id,
                  std::string(type),
                  lane,
                  now + lifetime(type),
                  fmt::format(R"({{"update_id":{},"{}":{}}})", id.value, type, json::serialize(content)),
                  duplicates_ > 0};
    if (duplicates_ > 0) --duplicates_;
    earliest_ = std::min(earliest_, update.expires);
    return &updates_.emplace(id, std::move(update)).first->second;
}

void UpdateQueue::restore(Update update) {
    never_below(UpdateId(update.id.value + 1));
    earliest_ = std::min(earliest_, update.expires);
    updates_.insert_or_assign(update.id, std::move(update));
}

std::vector<const Update*> UpdateQueue::take(std::int64_t offset, std::size_t limit, Time now, std::vector<UpdateId>& gone) {
    expire(now, gone);
    if (offset < 0) {
        const auto keep = std::min<std::size_t>(updates_.size(), static_cast<std::size_t>(-offset));
        offset = keep == 0 ? next_ : std::next(updates_.begin(), static_cast<std::ptrdiff_t>(updates_.size() - keep))->first.value;
    }
    for (auto it = updates_.begin(); it != updates_.end() && it->first.value < offset;) {
        const auto id = (it++)->first;
        if (confirm(id)) gone.push_back(id);
    }
    std::vector<const Update*> taken;
    for (const auto& [id, update] : updates_) {
        if (taken.size() == limit) break;
        taken.push_back(&update);
    }
    return taken;
}

bool UpdateQueue::confirm(UpdateId id) {
    const auto found = updates_.find(id);
    if (found == updates_.end()) return true;
    if (std::exchange(found->second.twice, false)) return false;
    updates_.erase(found);
    return true;
}

void UpdateQueue::expire(Time now, std::vector<UpdateId>& gone) {
    if (now < earliest_) return;
    earliest_ = Time::max();
    std::erase_if(updates_, [&](const auto& entry) {
        const bool dead = entry.second.expires <= now;
        if (dead)
            gone.push_back(entry.first);
        else
            earliest_ = std::min(earliest_, entry.second.expires);
        return dead;
    });
}

std::vector<UpdateId> UpdateQueue::clear() {
    std::vector<UpdateId> gone;
    for (const auto& [id, update] : updates_) gone.push_back(id);
    updates_.clear();
    return gone;
}

const Update* UpdateQueue::find(UpdateId id) const {
    const auto found = updates_.find(id);
    return found == updates_.end() ? nullptr : &found->second;
}

}  // namespace persona::sandbox
