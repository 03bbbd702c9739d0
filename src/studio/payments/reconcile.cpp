#include "studio/payments/reconcile.hpp"

#include <boost/json.hpp>

#include "base/log.hpp"
#include "studio/payments/payments.hpp"

namespace persona::payments {
namespace {

constexpr int page_size = 100;
// Providers date a payment before we hear of it: by as long as Telegram keeps an update, and YooKassa's page stands open.
constexpr auto lead = std::chrono::hours(25);
// What was credited a moment ago may not be in a list yet.
constexpr auto settling = std::chrono::minutes(10);

constexpr postgres::Query begin_query{
    "reconcile.begin",
    "INSERT INTO reconciliations (id, provider, daily, window_from, window_to) VALUES ($1::uuid, $2, false, $3::timestamptz, $4::timestamptz)"};
constexpr postgres::Query daily_query{"reconcile.daily", "SELECT reconciliation_daily($1::uuid, $2)"};
constexpr postgres::Query seen_query{
    "reconcile.seen", "INSERT INTO reconciliation_seen (run, refund, object) VALUES ($1::uuid, $2::boolean, $3) ON CONFLICT DO NOTHING"};
constexpr postgres::Query end_query{"reconcile.end", "UPDATE reconciliations SET ended_at = now(), report = $2::jsonb WHERE id = $1::uuid"};
constexpr postgres::Query forget_query{"reconcile.forget", "DELETE FROM reconciliation_seen WHERE run = $1::uuid"};

constexpr postgres::Query open_query{
    "reconcile.open", "SELECT EXISTS (SELECT FROM money_alerts WHERE key IN ($1 || ':' || $2, 'unknown:' || $2) AND resolved_at IS NULL)"};

// What an operator has looked at and resolved is not asked for again.
constexpr postgres::Query unseen_charges_query{
    "reconcile.unseen_charges",
    "SELECT c.charge FROM charges c WHERE c.provider = $2 AND c.at >= $3::timestamptz AND c.at < $4::timestamptz AND c.charge > $5"
    " AND NOT EXISTS (SELECT FROM reconciliation_seen s WHERE s.run = $1::uuid AND NOT s.refund AND s.object = c.charge)"
    " AND NOT EXISTS (SELECT FROM money_alerts a WHERE a.key = 'missing:' || c.provider || ':' || c.charge AND a.resolved_at IS NOT NULL) ORDER BY "
    "c.charge LIMIT $6::int"};
constexpr postgres::Query unseen_reversals_query{
    "reconcile.unseen_reversals",
    "SELECT r.refund FROM reversals r WHERE r.provider = $2 AND r.at >= $3::timestamptz AND r.at < $4::timestamptz AND r.refund > $5"
    " AND NOT EXISTS (SELECT FROM reconciliation_seen s WHERE s.run = $1::uuid AND s.refund AND s.object = r.refund)"
    " AND NOT EXISTS (SELECT FROM money_alerts a WHERE a.key = 'missing_refund:' || r.provider || ':' || r.refund AND a.resolved_at IS NOT NULL) "
    "ORDER BY r.refund LIMIT $6::int"};

struct Side {
    bool refunds;
    const postgres::Query& unseen;
    std::string_view alert, detail;
};
constexpr Side sides[] = {{false, unseen_charges_query, "missing", "credited here, and the provider knows no such payment"},
                          {true, unseen_reversals_query, "missing_refund", "taken back here, and the provider knows no such refund"}};

class Run {
public:
    Run(postgres::Pool& pool, Uuid id, Provider provider, Period period, Second second, Deadline deadline)
        : pool_(pool), id_(id), provider_(provider), second_(second), deadline_(deadline), report_{.period = period} {}

    Task<Report> go(OpenStatement open) {
        const auto statement = open({report_.period.from - lead, report_.period.to});
        while (const auto page = co_await statement->next(deadline_)) co_await take(*page);
        for (const Side& side : sides) co_await look_for_strangers(*statement, side);
        co_await end();
        co_return report_;
    }

private:
    Task<void> take(const std::vector<Told>& page) {
        postgres::Work seen;
        for (const Told& told : page) {
            co_await (told.refund ? take_refund(told) : take_payment(told));
            seen.add(seen_query, id_, told.refund, told.id);
        }
        if (!page.empty()) co_await commit(std::move(seen));
    }

    Task<void> take_refund(Told told) {
        ++report_.refunds;
        if (co_await reverse_told(pool_, std::move(told), deadline_)) ++report_.reversed;
    }

    Task<void> take_payment(Told told) {
        ++report_.payments;
        const std::string id = told.id;
        const auto known = co_await charge(pool_, provider_, id, deadline_);
        if (known && known->amount == told.amount) co_return;
        if (known) {
            co_await raise("amount", id, fmt::format("credited for {}, and the provider says {}", known->amount, told.amount));
            report_.refused += co_await is_open("amount", id);
            co_return;
        }
        const Credit outcome = co_await credit_told(pool_, std::move(told), second_, deadline_);
        report_.credited += outcome == Credit::credited;
        if (outcome == Credit::mismatch || outcome == Credit::unknown) report_.refused += co_await is_open("mismatch", id);
    }

    // Nobody has resolved it yet.
    Task<bool> is_open(std::string_view kind, std::string id) {
        co_return (co_await pool_.read(deadline_, open_query, kind, std::string(word(provider_)) + ":" + id)).value<bool>();
    }

    Task<void> look_for_strangers(Statement& statement, Side side) {
        std::string after;
        for (;;) {
            const auto rows = co_await pool_.read(deadline_, side.unseen, id_, word(provider_), report_.period.from, report_.period.to - settling,
                                                  after, page_size);
            if (rows.empty()) co_return;
            std::vector<std::string> ids;
            for (const auto row : rows) ids.push_back(row.get<std::string>(0));
            after = ids.back();
            for (const std::string& id : co_await statement.strangers(std::move(ids), side.refunds, deadline_)) {
                ++report_.missing;
                co_await raise(side.alert, id, std::string(side.detail));
            }
        }
    }

    Task<void> raise(std::string_view kind, std::string id, std::string detail) {
        log(Level::error, "payments", "a provider's list differs from ours", {{"kind", kind}, {"provider", word(provider_)}, {"object", id}});
        postgres::Work work;
        alert(work, kind, std::string(word(provider_)) + ":" + id, detail);
        co_await commit(std::move(work));
    }

    Task<void> end() {
        const boost::json::object counts{{"payments", report_.payments}, {"refunds", report_.refunds}, {"credited", report_.credited},
                                         {"reversed", report_.reversed}, {"refused", report_.refused}, {"missing", report_.missing}};
        postgres::Work work;
        work.add(end_query, id_, boost::json::serialize(counts));
        work.add(forget_query, id_);
        co_await commit(std::move(work));
        log(report_.clean() ? Level::info : Level::error, "payments", "reconciled with a provider",
            {{"provider", word(provider_)}, {"counts", boost::json::serialize(counts)}});
    }

    Task<void> commit(postgres::Work work) {
        if (const auto done = co_await pool_.commit(std::move(work), deadline_); !done)
            throw Error("a reconciliation was refused: " + done.error().code);
    }

    postgres::Pool& pool_;
    const Uuid id_;
    const Provider provider_;
    const Second second_;
    const Deadline deadline_;
    Report report_;
};

}  // namespace

Task<Report> reconcile(postgres::Pool& pool, Provider provider, OpenStatement open, int days, Second second, Deadline deadline) {
    const Uuid id = Uuid::v7();
    const Time now = wall_now();
    const Period period{now - std::chrono::days(days), now};
    postgres::Work work;
    work.add(begin_query, id, word(provider), period.from, period.to);
    if (const auto done = co_await pool.commit(std::move(work), deadline); !done) throw Error("a reconciliation was refused: " + done.error().code);
    Run run(pool, id, provider, period, second, deadline);
    co_return co_await run.go(std::move(open));
}

Task<std::optional<Report>> reconcile_daily(postgres::Pool& pool, Provider provider, OpenStatement open, Second second, Deadline deadline) {
    const Uuid id = Uuid::v7();
    const Time now = wall_now();
    postgres::Work work;
    work.add(daily_query, id, word(provider));
    const auto done = co_await pool.commit(std::move(work), deadline);
    const auto from = done ? done->front()[0].maybe<Time>(0) : std::nullopt;
    if (!from) co_return std::nullopt;
    Run run(pool, id, provider, {*from, now}, second, deadline);
    co_return co_await run.go(std::move(open));
}

}  // namespace persona::payments
