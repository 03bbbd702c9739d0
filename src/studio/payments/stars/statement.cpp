#include "studio/payments/stars/statement.hpp"

#include "async/within.hpp"
#include "base/error.hpp"

namespace persona::stars {
namespace {

using payments::Told;
constexpr std::int64_t page_size = 100;  // Telegram's most
constexpr int tries = 4;
constexpr auto call_time = 30s;

bool passes(telegram::ApiErrorKind kind) { return kind != telegram::ApiErrorKind::refused && kind != telegram::ApiErrorKind::blocked; }

}  // namespace

Task<std::vector<Transaction>> Statement::page(std::int64_t offset, std::int64_t limit, Deadline deadline) {
    for (int left = tries;;) {
        const auto answer = co_await api_.call({"getStarTransactions", {{"offset", offset}, {"limit", limit}}, {}}, deadline.within(call_time));
        if (answer) {
            auto read = read_transactions(*answer);
            if (!read) throw Unavailable("getStarTransactions: an answer of another form");
            co_return std::move(*read);
        }
        const auto& error = answer.error();
        const auto wait = std::max<std::chrono::seconds>(error.retry_after, 1s);
        if (!passes(error.kind) || --left <= 0 || wait >= deadline.left()) throw Unavailable("getStarTransactions: " + error.description);
        co_await pause(wait);
    }
}

Task<bool> Statement::before(std::int64_t offset, Deadline deadline) {
    const auto one = co_await page(offset, 1, deadline);
    co_return !one.empty() && one.front().at < period_.from;
}

// The first of the period, in about two calls for each doubling of the list.
Task<std::int64_t> Statement::start(Deadline deadline) {
    if (!co_await before(0, deadline)) co_return 0;
    std::int64_t low = 0, high = page_size;  // before(low) holds
    while (co_await before(high, deadline)) low = std::exchange(high, high * 2);
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (co_await before(middle, deadline) ? low : high) = middle;
    }
    co_return high;
}

Task<std::optional<std::vector<Told>>> Statement::next(Deadline deadline) {
    if (end_) co_return std::nullopt;
    if (!offset_) offset_ = co_await start(deadline);
    std::vector<Told> out;
    const auto found = co_await page(*offset_, page_size, deadline);
    *offset_ += static_cast<std::int64_t>(found.size());
    end_ = std::ssize(found) < page_size;
    for (const Transaction& one : found)
        if (one.told && one.at >= period_.from) out.push_back(*one.told);
    co_return out;
}

Task<std::vector<std::string>> Statement::strangers(std::vector<std::string> ids, bool refunds, Deadline deadline) {
    for (std::int64_t offset = 0; !ids.empty();) {
        const auto found = co_await page(offset, page_size, deadline);
        for (const Transaction& one : found)
            if (one.told && one.told->refund == refunds) std::erase(ids, one.told->id);
        offset += static_cast<std::int64_t>(found.size());
        if (std::ssize(found) < page_size) break;
    }
    co_return ids;
}

}  // namespace persona::stars
