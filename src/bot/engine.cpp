#include "bot/engine.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "bot/desk.hpp"
#include "bot/knowledge.hpp"
#include "bot/menus.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/promo.hpp"
#include "studio/wallet/wallet.hpp"
#include "telegram/payment.hpp"

namespace persona::bot {
namespace {

constexpr int most_races = 5;   // an update that loses this often is left to the lane's next try
constexpr int most_rounds = 3;  // of needs; more is a fault of a flow
constexpr auto patience = 5s;   // for PostgreSQL, within one update; the lane gives up earlier
// The space of ids that derive from an update.
const Uuid update_space = *Uuid::parse("8f6e2c1a-54d0-4f7b-9d0e-6a1c3b5d7e90");

bool applied_before(const postgres::Refusal& refusal) { return refusal.code == "PS002"; }

struct EventOf {
    std::optional<Event> operator()(const telegram::Message& m) const {
        if (m.service) return std::nullopt;
        if (m.file) return Sent{*m.file, m.caption, m.id};
        if (!m.text.empty()) return Said{m.text, m.id};
        return Unclear{.contact = m.contact.has_value()};
    }
    std::optional<Event> operator()(const telegram::Callback& c) const { return Pressed{c.data, c.message}; }
    std::optional<Event> operator()(const telegram::PreCheckout&) const { return std::nullopt; }
    std::optional<Event> operator()(const telegram::Membership&) const { return std::nullopt; }
    std::optional<Event> operator()(const telegram::Other&) const { return Unclear{}; }
};

bool is_payment(const telegram::Update& update) {
    const auto* message = std::get_if<telegram::Message>(&update.what);
    return message && !message->payment.empty();
}

ChatId chat_of(const telegram::Update& update) {
    const auto* chat = update.chat();
    return chat ? chat->id : ChatId(update.person()->id.value);
}

}  // namespace

std::optional<Event> event_of(const telegram::Update& update) { return std::visit(EventOf{}, update.what); }

Engine::Engine(Executor executor, BotId bot, postgres::Pool& pool, vault::Vault& vault, telegram::Outbox& outbox, Sessions& sessions, HotStates& hot,
               const Surroundings& around, std::function<void(std::string_view)> ring)
    : bot_(bot),
      pool_(pool),
      vault_(vault),
      outbox_(outbox),
      sessions_(sessions),
      hot_(hot),
      around_(around),
      ring_(std::move(ring)),
      albums_(executor, pool, vault, bot, [this](telegram::AlbumKey key) { return close_album(std::move(key)); }) {}

Task<void> Engine::handle(const telegram::Update& update, telegram::Delivery& delivery) {
    const telegram::Person* person = update.person();
    const telegram::Chat* chat = update.chat();
    if (const auto* membership = std::get_if<telegram::Membership>(&update.what))
        co_await accounts::mark_blocked(pool_, membership->from.id, membership->blocked, Deadline::after(patience));
    // Whoever the message is from: a refund is told by Telegram itself.
    if (is_payment(update)) co_return co_await take_payment(std::get<telegram::Message>(update.what), delivery);
    if (!person || person->is_bot || (chat && chat->type == telegram::ChatType::channel)) co_return co_await acknowledge(delivery);
    if (chat && chat->type == telegram::ChatType::group) co_return co_await refuse_group(update, delivery);
    if (!event_of(update)) co_return co_await acknowledge(delivery);
    if (delivery.last) co_return co_await apologise(update, delivery);
    const auto* message = std::get_if<telegram::Message>(&update.what);
    if (message && message->file && !message->album.empty()) co_return co_await keep_part(update, *message, delivery);
    co_await albums_.close_chat(chat_of(update));
    co_await take_turn(update, delivery);
}

Task<std::optional<postgres::Committed>> Engine::settle(postgres::Work work, Desk* desk) {
    auto done = co_await pool_.commit(std::move(work), Deadline::after(patience));
    if (!done && !applied_before(done.error())) throw Error(done.error().detail);
    if (!done) co_return std::nullopt;
    if (desk) desk->committed(*done);
    co_return std::move(*done);
}

// Beside the conversation: money is taken whatever state the person is in, and a notice tells it. Once, however often it comes (P6).
Task<void> Engine::take_payment(const telegram::Message& message, const telegram::Delivery& delivery) {
    using payments::Provider;
    postgres::Work work;
    delivery.take(work);
    const auto paid = telegram::read_payment(message.payment);
    std::optional<std::size_t> credit;
    if (paid && message.refunded)
        payments::reverse(work, Provider::stars, paid->charge, paid->charge, paid->amount, true);
    else if (paid)
        credit = payments::credit(work,
                                  {.provider = Provider::stars,
                                   .id = paid->charge,
                                   .order = Uuid::parse(paid->payload).value_or(Uuid{}),
                                   .payer = co_await accounts::id_of(pool_, TelegramId(message.chat.id.value), Deadline::after(patience)),
                                   .amount = paid->amount,
                                   .currency = paid->currency},
                                  around_.sale.second);
    else
        payments::alert(work, "unreadable", std::to_string(delivery.update.value), "a payment without its fields");
    const auto done = co_await settle(std::move(work));
    const std::string result = done && credit ? done->at(*credit).value<std::string>() : "";
    if (!paid || result == "mismatch" || result == "unknown")
        log(Level::error, "bot", "a payment was not credited", {{"charge", paid ? paid->charge : ""}, {"why", paid ? result : "unreadable"}});
    ring_("notices");
}

Task<void> Engine::acknowledge(const telegram::Delivery& delivery) {
    postgres::Work work;
    delivery.take(work);
    co_await settle(std::move(work));
}

// A webhook sends the next part only after this one was acknowledged: parts are kept and become one event when the album closes.
Task<void> Engine::keep_part(const telegram::Update& update, const telegram::Message& part, const telegram::Delivery& delivery) {
    postgres::Work work;
    delivery.take(work);
    albums_.add(work, part, update);
    co_await settle(std::move(work));
    albums_.added({part.chat.id, part.album});
}

Task<void> Engine::close_album(telegram::AlbumKey key) {
    const auto parts = co_await albums_.parts(key, Deadline::after(patience));
    SentAlbum album;
    for (const telegram::Update& update : parts)
        if (const auto event = event_of(update))
            if (const auto* sent = std::get_if<Sent>(&*event)) album.parts.push_back(*sent);
    if (album.parts.empty() || !parts.front().person()) co_return;
    const std::string name = "album:" + std::to_string(bot_.value) + ":" + std::to_string(key.chat.value) + ":" + key.album;
    const Occasion occasion{*parts.front().person(), key.chat, std::move(album), Uuid::v5(update_space, name),
                            [&](postgres::Work& work) { albums_.take(work, key); }};
    co_await race(occasion, std::nullopt);
}

// R11: nothing of a person is looked up, shown or changed in a group; the group is told once.
Task<void> Engine::refuse_group(const telegram::Update& update, const telegram::Delivery& delivery) {
    const auto deadline = Deadline::after(patience);
    const ChatId chat = update.chat()->id;
    const Language language = language_of("", update.person()->language_code);
    Desk desk(outbox_, {.user = vault::Vault::system, .chat = chat, .key = vault_.system_key()});
    delivery.take(desk.work());
    if (!co_await accounts::group_was_told(pool_, delivery.bot, chat, deadline)) {
        accounts::tell_group(desk.work(), delivery.bot, chat);
        desk.apply({Say{.text = render(Text::group_refusal, language), .keyboard = {}, .reply_to = {}, .handle = {}}});
    }
    co_await settle(desk.take_work(), &desk);
    if (const auto* callback = std::get_if<telegram::Callback>(&update.what); callback && !delivery.callback_answered)
        outbox_.now(telegram::answer_callback(callback->id, render(Text::group_refusal, language)));
}

// D8: acknowledged and dropped; the first refusal is told.
Task<void> Engine::slow_down(const telegram::Update& update, const telegram::Delivery& delivery) {
    const Language language = language_of("", update.person()->language_code);
    Desk desk(outbox_, {.user = vault::Vault::system, .chat = chat_of(update), .key = vault_.system_key()});
    delivery.take(desk.work());
    desk.apply({Say{.text = render(Text::too_fast, language), .keyboard = {}, .reply_to = {}, .handle = {}}});
    co_await settle(desk.take_work(), &desk);
}

// The last try of an update that failed for good: the main menu with a sorry. A state that does not open is not touched.
Task<void> Engine::apologise(const telegram::Update& update, telegram::Delivery& delivery) {
    const Language language = language_of("", update.person()->language_code);
    Desk desk(outbox_, {.user = vault::Vault::system, .chat = chat_of(update), .key = vault_.system_key()});
    delivery.take(desk.work());
    desk.apply({Say{.text = render(Text::broken_state, language), .keyboard = menu_keyboard(Place::main, language), .reply_to = {}, .handle = {}}});
    const auto deadline = Deadline::after(patience);
    try {
        const Session session = co_await sessions_.open(*update.person(), std::nullopt, deadline);
        State next = session.state.value_or(State{});
        next.place = Place::main;
        accounts::put_state(desk.work(), session.account, session.key, to_json(next), accounts::next_version(session.account.version));
    } catch (const Corrupt& e) { log(Level::error, "bot", "a stored state does not open", {{"update", update.id.value}, {"error", e.what()}}); }
    co_await settle(desk.take_work(), &desk);
    answer(update, delivery, {});
}

bool Engine::is_admin(TelegramId person) const { return std::ranges::find(around_.admins, person) != around_.admins.end(); }

Context Engine::context_of(const Occasion& occasion, const Session& session) const {
    const auto& account = session.account;
    Context out = bot::context_of(
        around_,
        {account.language, occasion.person.language_code, account.time_zone, occasion.person.first_name, account.recording_language, account.notices},
        occasion.id);
    out.admin = is_admin(occasion.person.id);
    return out;
}

Task<Outcome> Engine::converse(const Session& session, const Event& event, const Context& context) {
    const State state = session.state.value_or(State{});
    Data data;
    for (int round = 0; round <= most_rounds; ++round) {
        Step step = bot::step({state, event, data, context});
        if (auto* outcome = std::get_if<Outcome>(&step)) co_return std::move(*outcome);
        co_await learn(pool_, session.account.id, session.key, around_, std::get<Need>(step), data, Deadline::after(patience));
    }
    throw Error("a flow asked for data too often");
}

Task<void> Engine::take_turn(const telegram::Update& update, telegram::Delivery& delivery) {
    const telegram::Person& person = *update.person();
    const auto hot = co_await hot_.find(person.id, Deadline::after(patience));
    if (!hot.allowed && !delivery.parked) {
        co_await (hot.first_refusal ? slow_down(update, delivery) : acknowledge(delivery));
        co_return answer(update, delivery, {});
    }
    const std::string name = std::to_string(delivery.bot.value) + ":" + std::to_string(update.id.value);
    const Occasion occasion{person, chat_of(update), *event_of(update), Uuid::v5(update_space, name),
                            [&](postgres::Work& work) { delivery.take(work); }};
    const Taken taken = co_await race(occasion, hot.session);
    answer(update, delivery, taken.toast);
}

Task<Engine::Taken> Engine::race(const Occasion& occasion, std::optional<std::string> hot) {
    for (int left = most_races; left > 0; --left, hot.reset()) {
        Taken taken = co_await turn(occasion, hot);
        if (taken.attempt != Attempt::again) co_return taken;
    }
    throw Error("an event lost every race for its user's state");
}

Task<Engine::Taken> Engine::turn(const Occasion& occasion, const std::optional<std::string>& hot) {
    const auto deadline = Deadline::after(patience);
    Session session = co_await sessions_.open(occasion.person, hot, deadline);
    const Outcome outcome = co_await converse(session, session.state ? occasion.event : Event(StateLost{}), context_of(occasion, session));

    Desk desk(outbox_, {.user = session.account.id, .chat = occasion.chat, .key = session.key});
    if (is_admin(occasion.person.id)) desk.act_for_operator(vault_.system_key());
    occasion.take(desk.work());
    const std::int64_t version = accounts::next_version(session.account.version);
    accounts::put_state(desk.work(), session.account, session.key, to_json(outcome.next), version);
    if (const auto profile = profile_of(occasion.person); profile != session.account.profile) {
        accounts::follow_profile(desk.work(), session.account.id, profile);
        session.account.profile = profile;
    }
    desk.apply(outcome.effects);
    const auto done = co_await pool_.commit(desk.take_work(), deadline);
    if (!done && applied_before(done.error())) co_return Taken{Attempt::before, {}};
    if (!done &&
        (accounts::state_changed(done.error()) || wallet::refused(done.error()) || promo::refused(done.error()) || avatars::refused(done.error())))
        co_return Taken{Attempt::again, {}};
    if (!done) throw Error(done.error().detail);
    desk.committed(*done);
    if (const auto language = desk.chosen_language()) session.account.language = code(*language);
    if (const auto language = desk.chosen_recording_language()) session.account.recording_language = *language;
    if (const auto wanted = desk.chosen_notices()) session.account.notices = *wanted;
    sessions_.remember(session, outcome.next, version);
    if (desk.touched_jobs()) ring_("jobs");
    co_return Taken{Attempt::done, desk.toast()};
}

// M8: exactly once; the lane may have answered already because it was late.
void Engine::answer(const telegram::Update& update, telegram::Delivery& delivery, const std::optional<Toast>& toast) {
    const auto* callback = std::get_if<telegram::Callback>(&update.what);
    if (!callback || delivery.callback_answered) return;
    delivery.callback_answered = true;
    outbox_.now(toast ? telegram::answer_callback(callback->id, toast->text, toast->alert) : telegram::answer_callback(callback->id));
}

}  // namespace persona::bot
