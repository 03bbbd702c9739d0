#include "telegram/outbox_queue.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace persona::telegram {
namespace {

// Telegram throttles a chat for what we say in it, and the bot for what it says everywhere; the answer does not tell which.
// Several chats within a few seconds can only be the latter.
constexpr auto throttle_window = 5s;
constexpr std::size_t throttled_chats = 5;

}  // namespace

OutboxQueue::Chat& OutboxQueue::chat_of(ChatId id, Time now) {
    const double rate = id.value < 0 ? rates_.group : rates_.per_chat;  // groups and channels are negative
    return chats_.try_emplace(id, Chat{TokenBucket(rate, rates_.burst, now)}).first->second;
}

OutboxQueue::Lane& OutboxQueue::lane_of(const LaneKey& key, Time now) {
    const auto [at, is_new] = lanes_.try_emplace(key);
    if (is_new) ++chat_of(key.first, now).lanes;
    return at->second;
}

Time OutboxQueue::open_at(const LaneKey& key, const Queued& head, Time now) const {
    const Chat& chat = chats_.at(key.first);
    return std::max({head.not_before, chat.paused, chat.bucket.ready_at(now)});
}

bool OutboxQueue::awaits_its_message(const Queued& item) const {
    if (!item.edit) return false;
    const auto at = handles_.find({item.chat, item.handle});
    return at != handles_.end() && !at->second.sends.empty() && *at->second.sends.begin() < item.id;
}

void OutboxQueue::unlist(const LaneKey& key, Lane& lane) {
    if (lane.due) due_.erase({*lane.due, key});
    if (lane.turn) ready_[static_cast<std::size_t>(key.second)].erase({*lane.turn, key});
    lane.due.reset();
    lane.turn.reset();
}

// Puts the lane where its head belongs now: nowhere, among those that wait for a time, or among those that wait for their turn.
void OutboxQueue::list(const LaneKey& key, Time now) {
    const auto at = lanes_.find(key);
    if (at == lanes_.end()) return;
    Lane& lane = at->second;
    unlist(key, lane);
    if (lane.busy || lane.items.empty()) return;
    const Queued& head = lane.items.begin()->second;
    if (awaits_its_message(head)) return;
    if (const Time open = open_at(key, head, now); open > now) {
        lane.due = open;
        due_.insert({open, key});
    } else {
        lane.turn = head.id;
        ready_[static_cast<std::size_t>(key.second)].insert({head.id, key});
    }
}

void OutboxQueue::move_due(Time now) {
    while (!due_.empty() && due_.begin()->first <= now) list(LaneKey(due_.begin()->second), now);
}

void OutboxQueue::forget_send(const HandleKey& key, OutboxId id) {
    const auto at = handles_.find(key);
    if (at == handles_.end()) return;
    at->second.sends.erase(id);
    if (at->second.sends.empty() && !at->second.edit) handles_.erase(at);
}

void OutboxQueue::forget_edit(const HandleKey& key, OutboxId id) {
    const auto at = handles_.find(key);
    if (at == handles_.end() || !at->second.edit || at->second.edit->first != id) return;
    at->second.edit.reset();
    if (at->second.sends.empty()) handles_.erase(at);
}

// Makes the item the edit that waits for its handle; gives the one that is now pointless, which may be the item.
std::optional<OutboxId> OutboxQueue::older_edit(const Queued& item, Time now) {
    auto& waiting = handles_[{item.chat, item.handle}].edit;
    const auto before = waiting;
    if (before && before->first > item.id) return item.id;
    waiting = {item.id, item.stream};
    if (!before) return {};
    const LaneKey lane{item.chat, before->second};
    lanes_.at(lane).items.erase(before->first);
    ids_.erase(before->first);
    list(lane, now);
    drop_lane_if_idle(lane, now);
    return before->first;
}

std::vector<OutboxId> OutboxQueue::put(Queued item, Time now) {
    std::vector<OutboxId> replaced;
    const LaneKey key{item.chat, item.stream};
    if (item.edit) {
        if (const auto older = older_edit(item, now)) replaced.push_back(*older);
        if (replaced == std::vector{item.id}) {
            ids_.erase(item.id);
            list(key, now);
            drop_lane_if_idle(key, now);
            return replaced;
        }
    } else if (!item.handle.empty()) {
        handles_[{item.chat, item.handle}].sends.insert(item.id);
    }
    lane_of(key, now).items.emplace(item.id, std::move(item));
    list(key, now);
    return replaced;
}

std::vector<OutboxId> OutboxQueue::push(Queued item, Time now) {
    PERSONA_ASSERT(!item.edit || !item.handle.empty());
    if (!ids_.insert(item.id).second) return {};
    return put(std::move(item), now);
}

Queued OutboxQueue::give(const LaneKey& key, Time now) {
    Lane& lane = lanes_.at(key);
    unlist(key, lane);
    Queued item = std::move(lane.items.extract(lane.items.begin()).mapped());
    lane.busy = true;
    chats_.at(key.first).bucket.take(now);
    if (key.second == Stream::notice) notices_.take(now);
    if (item.edit) forget_edit({item.chat, item.handle}, item.id);
    given_.emplace(item.id, Given{key, item.handle, item.edit});
    return item;
}

// A lane that waits for its turn may have lost it to a pause, or to a message of the same chat's other stream.
std::optional<Queued> OutboxQueue::next_of(std::size_t stream, Time now) {
    while (!ready_[stream].empty()) {
        const LaneKey key = ready_[stream].begin()->second;
        if (open_at(key, lanes_.at(key).items.begin()->second, now) <= now) return give(key, now);
        list(key, now);
    }
    return {};
}

std::optional<Queued> OutboxQueue::next(Time now) {
    if (all_paused_ > now) return {};
    move_due(now);
    for (std::size_t stream = 0; stream < streams; ++stream) {
        if (stream == static_cast<std::size_t>(Stream::notice) && notices_.ready_at(now) > now) break;
        if (auto item = next_of(stream, now)) return item;
    }
    return {};
}

Time OutboxQueue::wake_at(Time now) const {
    Time at = due_.empty() ? Time::max() : due_.begin()->first;
    if (!ready_[0].empty() || !ready_[1].empty()) at = now;
    if (!ready_[2].empty()) at = std::min(at, notices_.ready_at(now));
    return at == Time::max() ? at : std::max(at, all_paused_);
}

void OutboxQueue::done(OutboxId id, Time now) {
    const auto node = given_.extract(id);
    PERSONA_ASSERT(!node.empty());
    const Given& given = node.mapped();
    ids_.erase(id);
    lanes_.at(given.lane).busy = false;
    if (!given.edit && !given.handle.empty()) forget_send({given.lane.first, given.handle}, id);
    for (std::size_t stream = 0; stream < streams; ++stream) list({given.lane.first, static_cast<Stream>(stream)}, now);
    drop_lane_if_idle(given.lane, now);
}

std::vector<OutboxId> OutboxQueue::again(Queued item, Time now) {
    PERSONA_ASSERT(given_.erase(item.id) == 1);
    lane_of({item.chat, item.stream}, now).busy = false;
    return put(std::move(item), now);
}

void OutboxQueue::pause_chat(ChatId chat, Time until) {
    Chat& paused = chat_of(chat, until);
    paused.paused = std::max(paused.paused, until);
}

bool OutboxQueue::throttled(ChatId chat, Time until, Time now) {
    pause_chat(chat, until);
    throttles_.emplace_back(now, chat);
    while (throttles_.front().first < now - throttle_window) throttles_.pop_front();
    std::set<ChatId> chats;
    for (const auto& [at, which] : throttles_) chats.insert(which);
    if (chats.size() < throttled_chats) return false;
    throttles_.clear();
    pause_all(until);
    return true;
}

void OutboxQueue::drop_lane_if_idle(const LaneKey& key, Time now) {
    const auto at = lanes_.find(key);
    if (at == lanes_.end() || at->second.busy || !at->second.items.empty()) return;
    unlist(key, at->second);
    lanes_.erase(at);
    --chats_.at(key.first).lanes;
    tidy_chats(now);
}

// A chat that is silent and owes nothing is forgotten, in sweeps, so that the cost of one is spread over many.
void OutboxQueue::tidy_chats(Time now) {
    if (chats_.size() <= tidy_above_) return;
    std::erase_if(chats_, [&](const auto& chat) { return chat.second.lanes == 0 && chat.second.paused <= now && chat.second.bucket.full(now); });
    tidy_above_ = std::max<std::size_t>(1024, 2 * chats_.size());
}

void OutboxQueue::clear() {
    PERSONA_ASSERT(given_.empty());
    for (auto& [key, lane] : lanes_) --chats_.at(key.first).lanes;
    lanes_.clear();
    handles_.clear();
    ids_.clear();
    due_.clear();
    for (auto& ready : ready_) ready.clear();
}

}  // namespace persona::telegram
