#include "studio/wallet/wallet.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace persona::wallet {
namespace {

constexpr postgres::Query add_hold{"wallet.hold", "SELECT wallet_hold($1::bigint, $2::uuid, $3::numeric, $4)"};
constexpr postgres::Query add_capture{"wallet.capture", "SELECT wallet_capture($1::uuid, $2::numeric, $3)"};
constexpr postgres::Query add_void{"wallet.void", "SELECT wallet_void($1::uuid, $2)"};
constexpr postgres::Query add_refund{"wallet.refund", "SELECT wallet_refund($1::uuid, $2)"};
constexpr postgres::Query add_post{"wallet.post", "SELECT wallet_post($1::bigint, $2::numeric, $3, $4, $5, $6)"};
constexpr postgres::Query read_balance{"wallet.balance", "SELECT coins, held FROM user_balances WHERE user_id = $1::bigint"};
#define PERSONA_ENTRY_COLUMNS "SELECT id, amount, type, description, operation_key, balance_after, created_at FROM transactions "
constexpr postgres::Query read_entries{
    "wallet.entries", PERSONA_ENTRY_COLUMNS "WHERE user_id = $1::bigint AND ($2::bigint = 0 OR id < $2::bigint) ORDER BY id DESC LIMIT $3::int"};
constexpr postgres::Query read_newer{"wallet.newer",
                                     PERSONA_ENTRY_COLUMNS "WHERE user_id = $1::bigint AND id > $2::bigint ORDER BY id LIMIT $3::int"};
constexpr postgres::Query read_faults{"wallet.faults", "SELECT fault, user_id, detail FROM wallet_faults ORDER BY user_id, fault, detail"};

constexpr std::array<std::string_view, 7> kind_words{"topup", "bonus", "charge", "refund", "promo", "adjustment", "migration"};

Kind kind_of(std::string_view text) {
    const auto at = std::ranges::find(kind_words, text);
    if (at == kind_words.end()) throw Corrupt("a ledger row has an unknown type");
    return static_cast<Kind>(at - kind_words.begin());
}

struct Code {
    std::string_view code;
    Refused refused;
};
// PS015 is missing on purpose: changing the ledger is a programmer's error, not an outcome.
constexpr std::array codes{
    Code{"PS010", Refused::not_enough}, Code{"PS011", Refused::other_use},  Code{"PS012", Refused::decided},
    Code{"PS013", Refused::bad_amount}, Code{"PS014", Refused::no_balance}, Code{"PS016", Refused::no_hold},
};

Entry entry_of(const postgres::Row& row) {
    return {row.get<std::int64_t>(0), row.get<Coins>(1), kind_of(row.get<std::string>(2)), row.get<std::string>(3), row.get<std::string>(4),
            row.get<Coins>(5),        row.get<Time>(6)};
}

}  // namespace

std::string_view word(Kind kind) { return kind_words[static_cast<std::size_t>(kind)]; }

std::optional<Refused> refused(const postgres::Refusal& refusal) {
    const auto at = std::ranges::find(codes, refusal.code, &Code::code);
    return at == codes.end() ? std::nullopt : std::optional(at->refused);
}

std::size_t hold(postgres::Work& work, UserId user, OperationId operation, Coins price, std::string_view service) {
    return work.add(add_hold, user, operation, price, service);
}

std::size_t capture(postgres::Work& work, OperationId operation, Coins amount, std::string_view description) {
    return work.add(add_capture, operation, amount, description);
}

std::size_t void_hold(postgres::Work& work, OperationId operation, std::string_view reason) { return work.add(add_void, operation, reason); }

std::size_t refund(postgres::Work& work, OperationId operation, std::string_view reason) { return work.add(add_refund, operation, reason); }

std::size_t post(postgres::Work& work, UserId user, Coins amount, Kind kind, std::string_view key, std::string_view counter,
                 std::string_view description) {
    PERSONA_ASSERT(kind != Kind::charge && !key.starts_with("charge:") && !key.starts_with("refund:"));
    return work.add(add_post, user, amount, word(kind), key, counter, description);
}

Task<Balance> balance(postgres::Pool& pool, UserId user, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_balance, user);
    if (rows.empty()) co_return Balance{};
    co_return Balance{rows[0].get<Coins>(0), rows[0].get<Coins>(1)};
}

Task<std::vector<Entry>> entries(postgres::Pool& pool, UserId user, std::int64_t before, int most, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_entries, user, before, std::clamp(most, 1, 1000));
    std::vector<Entry> out;
    for (const auto row : rows) out.push_back(entry_of(row));
    co_return out;
}

Task<std::vector<Entry>> newer_entries(postgres::Pool& pool, UserId user, std::int64_t after, int most, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_newer, user, after, std::clamp(most, 1, 1000));
    std::vector<Entry> out;
    for (const auto row : rows) out.push_back(entry_of(row));
    std::ranges::reverse(out);
    co_return out;
}

Task<std::vector<Fault>> verify(postgres::Pool& pool, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_faults);
    std::vector<Fault> out;
    for (const auto row : rows) out.push_back({row.get<std::string>(0), row.get<UserId>(1), row.get<std::string>(2)});
    co_return out;
}

}  // namespace persona::wallet
