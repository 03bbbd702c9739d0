#include "sandbox/server/station.hpp"

namespace persona::sandbox {

Station::Station(Executor executor, World& the_world)
    : world(the_world), api(the_world), people(the_world), executor_(executor), events_(executor), any_update_(executor), traffic_(executor) {
    world.on_event = [this](ChatId chat) {
        events_.notify();
        if (const auto found = chats_.find(chat.value); found != chats_.end()) found->second->notify();
    };
    world.traffic.on_line = [this] { traffic_.notify(); };
    world.on_update = [this](Bot& bot) {
        updates_of(bot.id).notify();
        any_update_.notify();
    };
}

Signal& Station::updates_of(BotId bot) { return updates_.try_emplace(bot, executor_).first->second; }

Task<bool> Station::event_of(ChatId chat, Deadline deadline) {
    auto& kept = chats_[chat.value];
    if (!kept) kept = std::make_shared<Signal>(executor_);
    // The last one who leaves takes the signal along; cancelled waiters too.
    struct Leave {
        Station& station;
        std::int64_t chat;
        std::shared_ptr<Signal> signal;
        ~Leave() {
            if (signal.use_count() == 2) station.chats_.erase(chat);
        }
    } mine{*this, chat.value, kept};
    co_return co_await mine.signal->wait(deadline);
}

}  // namespace persona::sandbox
