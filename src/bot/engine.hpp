// One update from start to end: whose it is, what the flow makes of it, one Work, and what is said after the commit.
// Owned by main; one thread. The lanes see to it that a person's updates come one at a time.
#pragma once

#include <functional>

#include "bot/sessions.hpp"
#include "bot/surroundings.hpp"
#include "postgres/pool.hpp"
#include "telegram/albums.hpp"
#include "telegram/intake.hpp"
#include "telegram/outbox.hpp"
#include "vault/vault.hpp"

namespace persona::bot {

class Desk;

class Engine {
public:
    // ring: called with the name of a bell after a commit that gave its listeners work: "jobs", "notices".
    Engine(Executor executor, BotId bot, postgres::Pool& pool, vault::Vault& vault, telegram::Outbox& outbox, Sessions& sessions, HotStates& hot,
           const Surroundings& around, std::function<void(std::string_view)> ring);

    // telegram::Handler. Ends when the Work is committed or the update was applied before; throws when nothing happened.
    Task<void> handle(const telegram::Update& update, telegram::Delivery& delivery);
    // Closes albums in their time until cancelled.
    Task<void> close_albums() { return albums_.run(); }

private:
    // What a person did, whichever way it came: one update, or an album that is complete.
    struct Occasion {
        telegram::Person person;
        ChatId chat;
        Event event;
        Uuid id;                                    // what this occasion makes derives its ids from it
        std::function<void(postgres::Work&)> take;  // PS002 when the occasion was taken before
    };
    enum class Attempt { done, before, again };
    struct Taken {
        Attempt attempt;
        std::optional<Toast> toast;
    };

    // Commits what an update changes and hands the Desk's words on; nothing when the update was applied before.
    Task<std::optional<postgres::Committed>> settle(postgres::Work work, Desk* desk = nullptr);
    Task<void> take_payment(const telegram::Message& message, const telegram::Delivery& delivery);
    Task<void> acknowledge(const telegram::Delivery& delivery);
    Task<void> keep_part(const telegram::Update& update, const telegram::Message& part, const telegram::Delivery& delivery);
    Task<void> close_album(telegram::AlbumKey key);
    Task<void> refuse_group(const telegram::Update& update, const telegram::Delivery& delivery);
    Task<void> slow_down(const telegram::Update& update, const telegram::Delivery& delivery);
    Task<void> apologise(const telegram::Update& update, telegram::Delivery& delivery);
    Task<void> take_turn(const telegram::Update& update, telegram::Delivery& delivery);
    // Again and again on fresh data while other events of the person come first.
    Task<Taken> race(const Occasion& occasion, std::optional<std::string> hot);
    Task<Taken> turn(const Occasion& occasion, const std::optional<std::string>& hot);
    Task<Outcome> converse(const Session& session, const Event& event, const Context& context);
    void answer(const telegram::Update& update, telegram::Delivery& delivery, const std::optional<Toast>& toast);
    Context context_of(const Occasion& occasion, const Session& session) const;
    bool is_admin(TelegramId person) const;

    BotId bot_;
    postgres::Pool& pool_;
    vault::Vault& vault_;
    telegram::Outbox& outbox_;
    Sessions& sessions_;
    HotStates& hot_;
    const Surroundings& around_;
    std::function<void(std::string_view)> ring_;
    telegram::Albums albums_;
};

// What a flow sees of a private update; nothing where no answer is expected (service messages, memberships).
std::optional<Event> event_of(const telegram::Update& update);

}  // namespace persona::bot
