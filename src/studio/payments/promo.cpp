#include "studio/payments/promo.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace persona::promo {
namespace {

constexpr int least_units = 3, most_units = 40;

constexpr postgres::Query offer_query{
    "promo.offer",
    "SELECT (SELECT count(*) FROM promo_misses WHERE user_id = $1::bigint AND at > now() - interval '1 hour'), promo_verdict($1::bigint, $2),"
    " (SELECT kind FROM promo_codes WHERE code = $2), (SELECT value FROM promo_codes WHERE code = $2)"};
constexpr postgres::Query use_query{"promo.use", "SELECT promo_use($1::bigint, $2, $3::uuid)"};
// Those that count no more go, so that a person has no more rows than tries in an hour.
constexpr postgres::Query miss_query{"promo.miss",
                                     "WITH over AS (DELETE FROM promo_misses WHERE user_id = $1::bigint AND at <= now() - interval '1 hour') "
                                     "INSERT INTO promo_misses (user_id) VALUES ($1::bigint)"};
constexpr postgres::Query waiting_query{
    "promo.waiting",
    "SELECT u.id, u.code, c.kind, c.value FROM promo_uses u JOIN promo_codes c USING (code) WHERE u.user_id = $1::bigint AND u.state = 'waiting'"};
constexpr postgres::Query create_query{"promo.create",
                                       "SELECT promo_create($1, $2, $3::numeric, $4::bigint, $5::int, $6::timestamptz, $7::timestamptz, $8)"};
constexpr postgres::Query disable_query{
    "promo.disable", "WITH off AS (UPDATE promo_codes SET active = false WHERE code = $1 RETURNING 1) SELECT EXISTS (SELECT FROM off)"};
constexpr postgres::Query codes_query{
    "promo.codes",
    "SELECT code, kind, value, most_uses, per_user, nullif(valid_from, '-infinity'), nullif(valid_until, 'infinity'), active, uses, created_by"
    " FROM promo_codes ORDER BY created_at, code"};

constexpr std::array<std::string_view, 3> kind_words{"amount", "bonus", "discount"};
constexpr std::array<std::string_view, 6> verdict_words{"ok", "unknown", "inactive", "invalid", "used", "waits"};

Verdict verdict_of(std::string_view text) {
    const auto at = std::ranges::find(verdict_words, text);
    if (at == verdict_words.end()) throw Corrupt("a promo code has an unknown verdict");
    return static_cast<Verdict>(at - verdict_words.begin());
}

Kind known_kind(std::string_view text) {
    const auto kind = kind_of(text);
    if (!kind) throw Corrupt("a promo code has an unknown kind");
    return *kind;
}

}  // namespace

std::string_view word(Kind kind) { return kind_words[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_of(std::string_view text) {
    const auto at = std::ranges::find(kind_words, text);
    return at == kind_words.end() ? std::nullopt : std::optional(static_cast<Kind>(at - kind_words.begin()));
}

std::optional<std::string> normalised(std::string_view text) {
    auto code = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1000))));
    code.trim().toUpper(icu::Locale::getRoot());  // never as the process's own language would
    if (code.length() < least_units || code.length() > most_units) return std::nullopt;
    for (int i = 0; i < code.length(); ++i)
        if (!u_isalnum(code.char32At(i)) && code[i] != '-' && code[i] != '_') return std::nullopt;
    std::string out;
    return code.toUTF8String(out);
}

Task<Offer> offer(postgres::Pool& pool, UserId user, std::string code, int tries_an_hour, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, offer_query, user, code);
    const auto row = rows[0];
    if (row.get<std::int64_t>(0) >= tries_an_hour) co_return Offer{Verdict::too_often, Kind::amount, Coins()};
    Offer out{verdict_of(row.get<std::string>(1)), Kind::amount, Coins()};
    if (out.verdict != Verdict::ok) co_return out;
    out.kind = known_kind(row.get<std::string>(2));
    out.value = row.get<Coins>(3);
    co_return out;
}

std::size_t use(postgres::Work& work, UserId user, std::string_view code, Uuid use) { return work.add(use_query, user, code, use); }

std::size_t note_miss(postgres::Work& work, UserId user) { return work.add(miss_query, user); }

bool refused(const postgres::Refusal& refusal) { return refusal.code == "PS030"; }

Task<std::optional<Waiting>> waiting(postgres::Pool& pool, UserId user, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, waiting_query, user);
    if (rows.empty()) co_return std::nullopt;
    co_return Waiting{rows[0].get<Uuid>(0), rows[0].get<std::string>(1), known_kind(rows[0].get<std::string>(2)), rows[0].get<Coins>(3)};
}

Terms terms(Coins coins, std::int64_t price, const std::optional<Waiting>& code) {
    if (code && code->kind == Kind::discount) return {.price = discounted(price, code->value)};
    if (code && code->kind == Kind::bonus) return {.price = price, .bonus = bonus_of(coins, code->value)};
    return {.price = price};
}

std::int64_t discounted(std::int64_t price, Coins percent) {
    const std::int64_t whole = 100'00, left = whole - percent.value();  // hundredths of a percent
    return std::max<std::int64_t>(1, (price * left + whole - 1) / whole);
}

Coins bonus_of(Coins coins, Coins percent) { return Coins::hundredths(coins.value() * percent.value() / 100'00); }

std::size_t create(postgres::Work& work, const Code& code) {
    return work.add(create_query, code.code, word(code.kind), code.value, code.most_uses, code.per_user, code.from, code.until, code.created_by);
}

std::optional<Refused> refused_new(const postgres::Refusal& refusal) {
    if (refusal.code == "PS031") return Refused::exists;
    if (refusal.code == "PS032") return Refused::impossible;
    return std::nullopt;
}

std::size_t disable(postgres::Work& work, std::string_view code) { return work.add(disable_query, code); }

Task<std::vector<Code>> codes(postgres::Pool& pool, Deadline deadline) {
    std::vector<Code> out;
    for (const auto row : co_await pool.read(deadline, codes_query))
        out.push_back({.code = row.get<std::string>(0),
                       .kind = known_kind(row.get<std::string>(1)),
                       .value = row.get<Coins>(2),
                       .most_uses = row.maybe<std::int64_t>(3),
                       .per_user = row.get<int>(4),
                       .from = row.maybe<Time>(5),
                       .until = row.maybe<Time>(6),
                       .active = row.get<bool>(7),
                       .uses = row.get<std::int64_t>(8),
                       .created_by = row.get<std::string>(9)});
    co_return out;
}

}  // namespace persona::promo
