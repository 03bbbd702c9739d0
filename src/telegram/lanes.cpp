#include <boost/asio/post.hpp>

#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "telegram/intake_state.hpp"

namespace persona::telegram {

std::int64_t lane_of(const Update& update) {
    const Chat* chat = update.chat();
    const Person* person = update.person();
    if (chat && chat->type != ChatType::private_chat) return chat->id.value;
    if (person) return person->id.value;
    return chat ? chat->id.value : 0;
}

Intake::State::State(Executor executor_, postgres::Pool& pool_, vault::Vault& vault, Api& api_, Handler handler_, PreCheckoutHandler check_,
                     IntakeConfig config_)
    : executor(executor_),
      pool(pool_),
      api(api_),
      handler(std::move(handler_)),
      check(std::move(check_)),
      config(std::move(config_)),
      store(pool_, vault, api_.bot()),
      group(executor_, "telegram"),
      freed(executor_),
      parked(executor_) {}

// The same update may come twice at once (a webhook that Telegram gave up on, two doors): both wait for one end.
Intake::State::EntryPtr Intake::State::enter(Update update, Delivery delivery, std::int64_t key) {
    const auto [at, is_new] = lanes.try_emplace(key);
    Lane& lane = at->second;
    if (lane.running && lane.running->update.id == update.id) return lane.running;
    if (const auto same = lane.waiting.find(update.id); same != lane.waiting.end()) return same->second;
    const UpdateId id = update.id;
    auto entry = std::make_shared<Entry>(executor, std::move(update), delivery, key);
    if (const auto* callback = std::get_if<Callback>(&entry->update.what)) entry->delivery.callback_answered |= answered.contains(callback->id);
    lane.waiting.emplace(id, entry);
    ++count;
    if (is_new)
        group.spawn("lane", work(key));
    else if (!delivery.parked)
        group.spawn("waiting update", watch(entry));
    return entry;
}

Task<void> Intake::State::settled(EntryPtr entry) {
    while (entry->stage != Stage::done && entry->stage != Stage::failed) (void)co_await entry->changed.wait(Deadline::never());
    if (entry->stage == Stage::failed) throw Unavailable(entry->error);
}

void Intake::State::settle(Entry& entry, Stage stage, std::string error) {
    entry.stage = stage;
    entry.error = std::move(error);
    entry.changed.notify();
    --count;
    freed.notify();
}

Task<void> Intake::State::work(std::int64_t key) {
    try {
        // Updates that arrive in one batch are all there before the first of them starts: the lowest id is first among them.
        co_await asio::post(executor, asio::use_awaitable);
        for (Lane* lane = &lanes.at(key); !lane->waiting.empty(); lane = &lanes.at(key)) {
            const EntryPtr entry = lane->running = lane->waiting.extract(lane->waiting.begin()).mapped();
            entry->stage = Stage::running;
            entry->changed.notify();
            co_await apply(entry);
            lanes.at(key).running.reset();
        }
        lanes.erase(key);
    } catch (...) {
        abandon(key);  // cancelled: nothing of this lane is acknowledged
        throw;
    }
}

void Intake::State::abandon(std::int64_t key) {
    auto lane = lanes.extract(key);
    if (lane.empty()) return;
    if (auto& running = lane.mapped().running; running && running->stage == Stage::running) settle(*running, Stage::failed, "stopping");
    for (auto& [id, entry] : lane.mapped().waiting) settle(*entry, Stage::failed, "stopping");
}

// For an update whose lane is busy: its callback is answered before the person wonders, and it is parked before Telegram does.
Task<void> Intake::State::watch(EntryPtr entry) {
    const auto waits = [&] { return entry->stage == Stage::waiting; };
    const auto until = [&](Millis patience) -> Task<void> {
        const auto deadline = Deadline::at(entry->arrived + patience);
        while (waits() && co_await entry->changed.wait(deadline)) {}
    };
    if (std::holds_alternative<Callback>(entry->update.what) && config.callback_patience < config.park_after) {
        co_await until(config.callback_patience);
        if (waits()) answer_empty(*entry);
    }
    co_await until(config.park_after);
    if (!waits()) co_return;
    lanes.at(entry->lane).waiting.erase(entry->update.id);
    entry->stage = Stage::running;
    co_await park(entry, "its lane was busy");
}

Intake::Intake(Executor executor, postgres::Pool& pool, vault::Vault& vault, Api& api, Handler handler, PreCheckoutHandler pre_checkout,
               IntakeConfig config)
    : state_(std::make_unique<State>(executor, pool, vault, api, std::move(handler), std::move(pre_checkout), std::move(config))) {}

Intake::~Intake() = default;

Task<void> Intake::accept(Update update) {
    State& s = *state_;
    while (s.count >= s.config.most_waiting && !s.draining) (void)co_await s.freed.wait(Deadline::never());
    if (s.draining) throw Unavailable("the bot is stopping");
    if (auto* query = std::get_if<PreCheckout>(&update.what)) {
        // Read-only, so it is not worth a person's other updates: the door waits no longer for it than for them.
        auto answered = std::make_shared<Signal>(s.executor);
        s.group.spawn("pre-checkout", s.pre_checkout(std::move(*query), answered));
        (void)co_await answered->wait(Deadline::after(s.config.park_after));
        co_return;
    }
    const auto lane = lane_of(update);
    const Delivery delivery{.bot = s.api.bot(), .update = update.id, .lane = lane};
    co_await s.settled(s.enter(std::move(update), delivery, lane));
}

Task<bool> Intake::drain(Deadline deadline) {
    State& s = *state_;
    s.draining = true;
    s.freed.notify();
    if (co_await s.group.join(deadline)) co_return true;
    s.group.cancel();
    co_await s.group.join(Deadline::never());
    co_return false;
}

std::size_t Intake::waiting() const { return state_->count; }

}  // namespace persona::telegram
