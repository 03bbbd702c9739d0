// A shop of eight users and four workers, driven step by step by a seeded generator, on real PostgreSQL and beside it in a model of
// a few lines. Workers die between any two steps, forget, or come back with an old fence; operators void and refund; events repeat.
// Every answer of the database must be the model's, and after each batch the ledger must hold.
// The seed is printed; PERSONA_TEST_SEED repeats a run.
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "jobs/job.hpp"
#include "studio/wallet/wallet.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona {
namespace {

using postgres::Work;
using testing::IsEmpty;

constexpr int users = 8, workers = 4, steps = 20'000, batch = 2'000;

constexpr postgres::Query make_results{"sim.table", "CREATE TABLE results (job uuid NOT NULL)"};
constexpr postgres::Query add_result{"sim.result", "INSERT INTO results VALUES ($1::uuid)"};
constexpr postgres::Query claim{"sim.claim", "SELECT id, fence FROM job_claim('sim', 3600, '{paid}')"};
constexpr postgres::Query claim_cancelled{"sim.claim_cancelled", "SELECT id, fence FROM job_claim_cancelled('sim', 3600, '{paid}')"};
constexpr postgres::Query heartbeat{"sim.heartbeat", "SELECT job_heartbeat($1::uuid, $2::bigint, 3600, 1, 2)"};
constexpr postgres::Query keep_piece{"sim.piece", "SELECT job_keep_piece($1::uuid, $2::bigint, 0, '\\x00')"};
constexpr postgres::Query end{"sim.end", "SELECT job_end($1::uuid, $2::bigint, $3, '', $4::boolean)"};
constexpr postgres::Query again{"sim.again", "SELECT job_again($1::uuid, $2::bigint, 0, '', $3::boolean)"};
constexpr postgres::Query expire{"sim.expire", "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE id = $1::uuid AND state = 'running'"};
constexpr postgres::Query rescue{"sim.rescue", "SELECT job_rescue()"};
// What must never be: a paid job that ended and is not decided, a result that is not paid, or paid or delivered twice.
constexpr postgres::Query undecided{
    "sim.undecided",
    "SELECT j.id FROM jobs j JOIN holds h USING (operation) LEFT JOIN (SELECT job, count(*) AS n FROM results GROUP BY job) r ON r.job = j.id "
    "WHERE (j.ended_at IS NOT NULL AND h.state = 'held') OR (r.n > 0 AND h.state <> 'captured') OR r.n > 1 "
    "OR (j.state = 'done') <> (coalesce(r.n, 0) = 1) OR (h.state = 'captured') <> (j.state = 'done')"};

enum class Decided { held, captured, voided };
enum class Phase { queued, running, ended };

struct Paid {
    UserId user;
    Coins price, captured;
    Decided hold = Decided::held;
    bool refunded = false, cancel = false;
    Phase phase = Phase::queued;
    std::int64_t fence = 0;
};
struct Claimed {
    Uuid job;
    std::int64_t fence;
};

class Simulation {
public:
    Simulation(postgres::Pool& pool, std::uint64_t seed) : pool_(pool), key_(vault::Key::random()), random_(seed) {}

    Task<void> go() {
        co_await test::add_people(pool_, users, Coins());
        co_await pool_.read(soon(), make_results);
        std::vector<int> weights;
        for (const Action& action : actions) weights.push_back(action.weight);
        std::discrete_distribution<std::size_t> any(weights.begin(), weights.end());
        for (step_ = 1; step_ <= steps && !testing::Test::HasFailure(); ++step_) {
            co_await (this->*actions[any(random_)].act)();
            if (step_ % batch == 0) co_await prove();
        }
    }
    int accepted() const { return static_cast<int>(paid_.size()); }
    int ended() const {
        return static_cast<int>(std::ranges::count_if(paid_, [](const auto& job) { return job.second.phase == Phase::ended; }));
    }

private:
    struct Action {
        int weight;
        Task<void> (Simulation::*act)();
    };
    static const Action actions[11];

    static Deadline soon() { return Deadline::after(30s); }
    std::int64_t below(std::int64_t limit) { return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random_); }
    Coins some_coins(std::int64_t most) { return Coins::hundredths(1 + below(most)); }
    UserId some_user() { return UserId(1 + below(users)); }
    Coins& coins(UserId user) { return coins_[static_cast<std::size_t>(user.value)]; }
    Coins& held(UserId user) { return held_[static_cast<std::size_t>(user.value)]; }
    Uuid some_job() { return order_[static_cast<std::size_t>(below(static_cast<std::int64_t>(order_.size())))]; }
    bool ours(const Claimed& claimed) { return paid_[claimed.job].phase == Phase::running && paid_[claimed.job].fence == claimed.fence; }

    // Commits; the code of the refusal must be the model's ("" for none). Gives the value of the first row where there is one.
    Task<std::string> commit(Work work, std::string expected, const char* act) {
        const auto result = co_await pool_.commit(std::move(work), soon());
        EXPECT_EQ(result ? "" : result.error().code, expected) << "step " << step_ << " " << act;
        if (!result || result->front().empty() || result->front()[0].is_null(0)) co_return "";
        co_return result->front()[0].get<std::string>(0);
    }
    Work accept(Uuid id, const Paid& job) {
        Work work;
        wallet::hold(work, job.user, OperationId(id), job.price, "sim");
        jobs::enqueue(work, {.id = JobId(id), .user = job.user, .kind = "paid", .args = nullptr, .operation = OperationId(id)}, key_);
        return work;
    }
    void release(Paid& job, Decided how) {
        job.hold = how;
        held(job.user) = held(job.user) - job.price;
    }

    Task<void> order() {
        const Uuid id = Uuid::v7();
        const Paid job{.user = some_user(), .price = some_coins(500)};
        const bool enough = coins(job.user) - held(job.user) >= job.price;
        co_await commit(accept(id, job), enough ? "" : "PS010", "order");
        if (!enough) co_return;
        held(job.user) = held(job.user) + job.price;
        paid_[id] = job;
        order_.push_back(id);
    }
    Task<void> repeat_order() {
        if (order_.empty()) co_return;
        const Uuid id = some_job();
        co_await commit(accept(id, paid_[id]), paid_[id].hold == Decided::held ? "" : "PS012", "repeated order");
    }
    Task<void> top_up() {
        const bool fresh = topped_ == 0 || below(3) > 0;
        const auto number = fresh ? ++topped_ : 1 + below(topped_);
        const UserId user(1 + number % users);
        const Coins amount = Coins::hundredths(100 + number % 7 * 100);
        Work work;
        wallet::post(work, user, amount, wallet::Kind::topup, "topup:sim:" + std::to_string(number), "provider:sim", "");
        EXPECT_EQ(co_await commit(std::move(work), "", "top-up"), fresh ? "t" : "f") << step_;
        if (fresh) coins(user) = coins(user) + amount;
    }
    Task<void> provider_takes_back() {
        const UserId user = some_user();
        const Coins amount = some_coins(200);
        Work work;
        wallet::post(work, user, -amount, wallet::Kind::refund, "reversal:sim:" + std::to_string(step_), "provider:sim", "");
        co_await commit(std::move(work), "", "reversal");
        coins(user) = coins(user) - amount;
    }
    Task<void> cancel() {
        if (order_.empty()) co_return;
        const Uuid id = some_job();
        Work work;
        jobs::cancel(work, JobId(id), paid_[id].user);
        const bool can = paid_[id].phase != Phase::ended;
        EXPECT_EQ(co_await commit(std::move(work), "", "cancel"), can ? "t" : "f") << step_;
        if (can) paid_[id].cancel = true;
    }
    Task<void> lease_runs_out() {
        if (order_.empty()) co_return;
        const Uuid id = some_job();
        Work work;
        work.add(expire, id);
        work.add(rescue);
        co_await commit(std::move(work), "", "rescue");
        if (paid_[id].phase == Phase::running) paid_[id].phase = Phase::queued;
    }
    Task<void> operator_refunds() {
        if (order_.empty()) co_return;
        const Uuid id = some_job();
        Paid& job = paid_[id];
        const bool can = job.hold == Decided::captured;
        Work work;
        wallet::refund(work, OperationId(id), "sim");
        const auto done = co_await commit(std::move(work), can ? "" : "PS012", "refund");
        if (!can) co_return;
        EXPECT_EQ(done, job.refunded ? "f" : "t") << step_;
        if (!job.refunded) coins(job.user) = coins(job.user) + job.captured;
        job.refunded = true;
    }
    Task<void> operator_voids() {
        if (order_.empty() || below(10) > 0) co_return;
        const Uuid id = some_job();
        Work work;
        wallet::void_hold(work, OperationId(id), "sim");
        EXPECT_EQ(co_await commit(std::move(work), "", "void"), paid_[id].hold == Decided::captured ? "f" : "t") << step_;
        if (paid_[id].hold == Decided::held) release(paid_[id], Decided::voided);
    }

    // Workers. A dead one forgets; a slept one stays among `old_` and acts later, when its job may be another's.
    Task<void> claim_one() {
        if (claims_.size() >= workers) co_return;
        const bool to_cancel = below(4) == 0;
        Work work;
        work.add(to_cancel ? claim_cancelled : claim);
        const auto result = co_await pool_.commit(std::move(work), soon());
        std::set<UserId> busy;
        for (const auto& [id, job] : paid_)
            if (job.phase == Phase::running && !job.cancel) busy.insert(job.user);
        const auto may = [&](const Paid& job) { return job.phase == Phase::queued && (to_cancel ? job.cancel : !busy.contains(job.user)); };
        const auto& rows = result->front();
        EXPECT_EQ(rows.empty(), std::ranges::none_of(paid_, [&](const auto& job) { return may(job.second); })) << step_;
        if (rows.empty()) co_return;
        Paid& job = paid_[rows[0].get<Uuid>(0)];
        EXPECT_TRUE(may(job)) << step_;
        EXPECT_EQ(rows[0].get<std::int64_t>(1), ++job.fence) << step_;
        job.phase = Phase::running;
        claims_.push_back({rows[0].get<Uuid>(0), job.fence});
    }
    Task<void> work_on() { return act(claims_); }
    Task<void> come_back() { return act(old_); }
    Task<void> act(std::vector<Claimed>& from) {
        if (from.empty()) co_return;
        const auto at = from.begin() + below(static_cast<std::int64_t>(from.size()));
        const Claimed claimed = *at;
        const auto what = below(10);
        if (what >= 2) from.erase(at);  // all but heartbeats and pieces are this worker's last act on the job
        if (what < 2) co_return co_await keep(claimed, what == 0);
        if (what == 2) co_return old_.push_back(claimed);
        if (what == 3) co_return;  // died before it sent anything
        if (what < 7) co_return co_await finish(claimed);
        if (what < 9) co_return co_await give_up(claimed);
        Work work;
        work.add(again, claimed.job, claimed.fence, below(2) == 0);
        co_await commit(std::move(work), ours(claimed) ? "" : "PS020", "again");
        if (ours(claimed)) paid_[claimed.job].phase = Phase::queued;
    }
    Task<void> keep(Claimed claimed, bool piece) {
        Work work;
        work.add(piece ? keep_piece : heartbeat, claimed.job, claimed.fence);
        const auto value = co_await commit(std::move(work), ours(claimed) ? "" : "PS020", piece ? "piece" : "heartbeat");
        if (!piece && ours(claimed)) EXPECT_EQ(value, paid_[claimed.job].cancel ? "t" : "f") << step_;
    }
    // The result, its capture and the end of the job: all or nothing.
    Task<void> finish(Claimed claimed) {
        Paid& job = paid_[claimed.job];
        const Coins amount = below(3) == 0 ? Coins::hundredths(1 + below(job.price.value())) : job.price;
        Work work;
        work.add(add_result, claimed.job);
        wallet::capture(work, OperationId(claimed.job), amount, "sim");
        const bool knows = below(2) == 0;  // of a cancel
        work.add(end, claimed.job, claimed.fence, "done", knows);
        // An old worker meets a hold that is decided first; the same capture again would pass and meet the fence.
        const bool same = job.hold == Decided::captured && job.captured == amount;
        const bool refused = ours(claimed) && job.hold == Decided::held && job.cancel && !knows;
        const bool can = ours(claimed) && job.hold == Decided::held && !refused;
        const char* code = can ? "" : refused ? "PS021" : job.hold == Decided::held || same ? "PS020" : "PS012";
        co_await commit(std::move(work), code, "finish");
        if (!can && ours(claimed)) co_return co_await give_up(claimed);
        if (!can) co_return;
        release(job, Decided::captured);
        job.captured = amount;
        coins(job.user) = coins(job.user) - amount;
        job.phase = Phase::ended;
    }
    Task<void> give_up(Claimed claimed) {
        Paid& job = paid_[claimed.job];
        Work work;
        wallet::void_hold(work, OperationId(claimed.job), "sim");
        work.add(end, claimed.job, claimed.fence, job.cancel ? "cancelled" : "dead", job.cancel);
        co_await commit(std::move(work), ours(claimed) ? "" : "PS020", "give up");
        if (!ours(claimed)) co_return;
        if (job.hold == Decided::held) release(job, Decided::voided);
        job.phase = Phase::ended;
    }

    Task<void> prove() {
        for (const auto& fault : co_await wallet::verify(pool_, soon()))
            ADD_FAILURE() << "step " << step_ << ": " << fault.rule << " " << fault.detail;
        for (int user = 1; user <= users; ++user) {
            const auto now = co_await wallet::balance(pool_, UserId(user), soon());
            EXPECT_EQ(now.coins, coins(UserId(user))) << "step " << step_;
            EXPECT_EQ(now.held, held(UserId(user))) << "step " << step_;
        }
        for (const auto row : co_await pool_.read(soon(), undecided)) ADD_FAILURE() << "step " << step_ << ": undecided " << row.get<std::string>(0);
    }

    postgres::Pool& pool_;
    vault::Key key_;
    std::mt19937_64 random_;
    int step_ = 0;
    std::int64_t topped_ = 0;
    std::array<Coins, users + 1> coins_{}, held_{};
    std::map<Uuid, Paid> paid_;
    std::vector<Uuid> order_;
    std::vector<Claimed> claims_, old_;
};

const Simulation::Action Simulation::actions[11]{
    {10, &Simulation::order},     {4, &Simulation::repeat_order},   {10, &Simulation::top_up},          {2, &Simulation::provider_takes_back},
    {6, &Simulation::cancel},     {6, &Simulation::lease_runs_out}, {3, &Simulation::operator_refunds}, {3, &Simulation::operator_voids},
    {30, &Simulation::claim_one}, {40, &Simulation::work_on},       {4, &Simulation::come_back},
};

TEST(Simulation, P14_P15_NoHistoryOfCrashesLosesOrMakesACoin) {
    const char* given = std::getenv("PERSONA_TEST_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::printf("PERSONA_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
    run([dsn = test::postgres_dsn(), seed]() -> Task<void> {
        postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 1});
        Simulation simulation(pool, seed);
        co_await simulation.go();
        EXPECT_GT(simulation.accepted(), steps / 40) << "too little happened";
        EXPECT_GT(simulation.ended(), simulation.accepted() / 4);
        pool.close();
    });
}

}  // namespace
}  // namespace persona
