#include "bot/notices.hpp"

#include <unicode/calendar.h>
#include <unicode/timezone.h>

#include "base/log.hpp"
#include "bot/desk.hpp"
#include "bot/offers.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/notices/notices.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 5s;
constexpr auto between_looks = 2s;
constexpr int most_at_once = 50;

telegram::InlineKeyboard keyboard_of(const Context& c, const notices::Notice& notice) {
    if (notice.kind != notices::Kind::credited) return top_up_keyboard(c.language);
    if (notice.resume.empty()) return {};
    return {{{{.text = c.say(Text::label_resume), .data = notice.resume, .url = {}}}}};
}

std::string words(const Context& c, const notices::Notice& notice, Coins available) {
    const std::string coins = c.coins(notice.coins), now = c.coins(available);
    const std::string left =
        available < Coins() ? c.say(Text::balance_debt, {{"debt", c.coins(-available)}}) : c.say(Text::notice_left, {{"available", now}});
    switch (notice.kind) {
        case notices::Kind::credited: return c.say(Text::notice_credited, {{"coins", coins}, {"left", left}});
        case notices::Kind::refunded: return c.say(Text::notice_refunded, {{"coins", coins}, {"left", left}});
        case notices::Kind::low: break;
    }
    return c.say(Text::notice_low, {{"available", now}});
}

// The hour of the day in the zone, and how long it is until the next full hour `until`.
struct LocalHour {
    int hour;
    Micros to(int until, Time now) const {
        const auto hours = std::chrono::hours((until - hour + 24) % 24);
        const auto into = (now.time_since_epoch()) % std::chrono::hours(1);  // zones off by half an hour wake so much later
        return hours - std::chrono::duration_cast<Micros>(into);
    }
};

LocalHour local_hour(Time now, const std::string& zone) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Calendar> calendar(
        icu::Calendar::createInstance(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)), status));
    calendar->setTime(static_cast<UDate>(std::chrono::duration_cast<Millis>(now.time_since_epoch()).count()), status);
    return {calendar->get(UCAL_HOUR_OF_DAY, status)};
}

bool is_quiet(int hour, Quiet quiet) {
    return quiet.from <= quiet.until ? hour >= quiet.from && hour < quiet.until : hour >= quiet.from || hour < quiet.until;
}

}  // namespace

std::optional<Time> quiet_until(Time now, const std::string& zone, Quiet quiet) {
    const LocalHour local = local_hour(now, zone);
    if (!is_quiet(local.hour, quiet)) return std::nullopt;
    return now + local.to(quiet.until, now);
}

Task<void> NoticeTeller::tell(notices::Notice notice) {
    const auto address = co_await accounts::address_of(pool_, notice.user, Deadline::after(patience));
    if (!address) co_return;  // the notice goes with its user
    const auto key = co_await vault_.key_of(notice.user, Deadline::after(patience));
    const Context c = context_of(around_, listener_of(*address), Uuid{});
    Desk desk(outbox_, {.user = notice.user, .chat = ChatId(address->telegram.value), .key = key, .stream = telegram::Stream::notice});
    const bool always = notices::always(notice.kind);
    if (const auto later = always || !notice.wanted ? std::nullopt : quiet_until(c.now, c.time_zone, around_.quiet)) {
        notices::put_off(desk.work(), notice.id, *later);
    } else if (const auto balance = co_await wallet::balance(pool_, notice.user, Deadline::after(patience));
               (always || notice.wanted) && (notice.kind != notices::Kind::low || balance.coins < around_.low_balance)) {
        notices::end(desk.work(), notice.id, notices::Ending::told);
        desk.apply({Say{.text = words(c, notice, balance.available()), .keyboard = keyboard_of(c, notice), .reply_to = {}, .handle = {}}});
    } else {  // unwanted, or no longer true
        notices::end(desk.work(), notice.id, notices::Ending::muted);
    }
    // Refused: another process was first.
    if (const auto done = co_await pool_.commit(desk.take_work(), Deadline::after(patience))) desk.committed(*done);
}

// Whom nothing can be sealed for is told nothing, once.
Task<void> NoticeTeller::drop(std::int64_t notice) {
    postgres::Work work;
    notices::end(work, notice, notices::Ending::muted);
    (void)co_await pool_.commit(std::move(work), Deadline::after(patience));
}

Task<bool> NoticeTeller::tell_due() {
    const auto due = co_await notices::due(pool_, most_at_once, Deadline::after(patience));
    for (const notices::Notice& notice : due) {
        bool lost = false;
        try {
            co_await tell(notice);
        } catch (const Corrupt& e) {
            log(Level::error, "bot", "a notice cannot be told", {{"notice", notice.id}, {"error", e.what()}});
            lost = true;
        }
        if (lost) co_await drop(notice.id);
    }
    co_return due.size() == most_at_once;
}

Task<void> NoticeTeller::run() {
    for (;;) {
        bool more = false;
        try {
            more = co_await tell_due();
        } catch (const Error& e) {  // whatever PostgreSQL has, it passes, and what is due waits
            log(Level::warn, "bot", "notices wait", {{"error", e.what()}});
        }
        if (!more) (void)co_await rung_.wait(Deadline::after(between_looks));
    }
}

}  // namespace persona::bot
