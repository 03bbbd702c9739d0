// Money from outside, driven step by step by a seeded generator, on real PostgreSQL and beside it in a model of a few lines. Each batch
// takes one step of each of many people at the same time. Between any two steps there may be a crash: a Work that was lost comes later,
// one whose answer was lost comes again, and some come twice at once. Every answer must be the model's, and after every step coins, held
// and the sum of the user's rows must be too.
// The seed is printed; PERSONA_TEST_SEED repeats a run.
#include <gmock/gmock.h>

#include <cstdlib>

#include "async/task_group.hpp"
#include "ledger/payments_generator.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/promo.hpp"
#include "studio/wallet/wallet.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona {
namespace {

using namespace model;
using postgres::Work;

constexpr int users = 400, at_once = 64, steps = 100'000, proofs = 10;

constexpr postgres::Query look{"sim.look",
                               "SELECT coins, held, (SELECT coalesce(sum(amount), 0) FROM transactions WHERE user_id = $1::bigint) "
                               "FROM user_balances WHERE user_id = $1::bigint"};
constexpr postgres::Query run_out{"sim.run_out", "UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1::uuid AND state = 'open'"};
constexpr postgres::Query expire{"sim.expire", "SELECT orders_expire()"};
constexpr postgres::Query all_orders{"sim.orders", "SELECT id, state FROM orders"};
constexpr postgres::Query all_uses{"sim.uses", "SELECT id, state FROM promo_uses"};
constexpr postgres::Query all_charges{"sim.charges", "SELECT charge, coins, bonus, taken FROM charges"};
constexpr postgres::Query topped_up{
    "sim.topups", "SELECT count(*), count(DISTINCT operation_key), coalesce(sum(amount), 0) FROM transactions WHERE type = 'topup'"};
constexpr postgres::Query told{"sim.notices", "SELECT kind, count(*) FROM notices GROUP BY kind"};

Deadline soon() { return Deadline::after(60s); }

// The acts as the product does them.
void append(Work& work, UserId user, const Hold& act) { wallet::hold(work, user, OperationId(act.id), act.price, "sim"); }
void append(Work& work, UserId, const Capture& act) { wallet::capture(work, OperationId(act.id), act.amount, "sim"); }
void append(Work& work, UserId, const Void& act) { wallet::void_hold(work, OperationId(act.id), "sim"); }
void append(Work& work, UserId, const GiveBack& act) { wallet::refund(work, OperationId(act.id), "sim"); }
void append(Work& work, UserId user, const Place& act) {
    payments::place(work,
                    {.id = act.order,
                     .user = user,
                     .provider = provider_of(user),
                     .coins = act.coins,
                     .bonus = act.bonus,
                     .price = act.price,
                     .promo = act.promo},
                    60);
}
void append(Work& work, UserId, const Cancel& act) { payments::cancel(work, act.order); }
void append(Work& work, UserId, const RunOut& act) {
    work.add(run_out, act.order);
    work.add(expire);
}
void append(Work& work, UserId user, const Pay& act) {
    payments::credit(work, {provider_of(user), act.charge, act.order, act.payer, act.amount, act.currency}, act.second);
}
void append(Work& work, UserId user, const Reverse& act) { payments::reverse(work, provider_of(user), act.refund, act.charge, act.amount, true); }
void append(Work& work, UserId user, const Enter& act) { promo::use(work, user, act.code, act.use); }
void append(Work& work, UserId user, const Adjust& act) {
    wallet::post(work, user, act.amount, wallet::Kind::adjustment, act.key, "adjustment", "sim");
}

Work work_of(UserId user, const Act& act) {
    Work work;
    std::visit([&](const auto& each) { append(work, user, each); }, act);
    return work;
}

struct Step {
    UserId user;
    Act act;
    int times;                          // at once
    std::vector<std::string> expected;  // as many answers, sorted
    Account before, after;
    std::vector<std::string> given = {};
};

class Simulation {
public:
    Simulation(postgres::Pool& pool, std::uint64_t seed) : pool_(pool), model_(users), next_(model_, seed), later_(users + 1) {}

    Task<void> go() {
        co_await test::add_people(pool_, users, Coins());
        for (int proof = 1; proof <= proofs && !testing::Test::HasFailure(); ++proof) {
            co_await make_codes();
            while (done_ < steps / proofs * proof && !testing::Test::HasFailure()) co_await batch();
            co_await prove();
        }
    }
    int done() const { return done_; }
    const Model& model() const { return model_; }
    int debts() const { return debts_; }

private:
    Task<void> make_codes() {
        Work work;
        for (int i = 0; i < 60; ++i) {
            const auto [name, code] = next_.new_code();
            model_.codes[name] = code;
            promo::create(work, {.code = name,
                                 .kind = code.kind,
                                 .value = code.value,
                                 .most_uses = code.most_uses ? std::optional(code.most_uses) : std::nullopt,
                                 .per_user = code.per_user,
                                 .created_by = "sim"});
            if (next_.below(10) > 0) continue;
            promo::disable(work, name);
            model_.codes[name].active = false;
        }
        EXPECT_TRUE(co_await pool_.commit(std::move(work), soon()));
    }

    // What the user does next: something new, or what a crash left over.
    std::optional<Act> chosen(UserId user) {
        auto& later = later_[static_cast<std::size_t>(user.value)];
        if (later.empty() || next_.below(3) > 0) return next_.next(user);
        const auto at = later.begin() + next_.below(static_cast<std::int64_t>(later.size()));
        const Act act = *at;
        later.erase(at);
        return act;
    }

    // One user once, one code once: then the order within a batch does not matter, and the model can follow.
    std::vector<Step> choose() {
        std::set<UserId> busy;
        std::set<std::string> entered;
        std::vector<Step> out;
        while (out.size() < at_once) {
            const UserId user = next_.some_user();
            if (!busy.insert(user).second) continue;
            const auto act = chosen(user);
            if (!act) continue;
            auto& later = later_[static_cast<std::size_t>(user.value)];
            if (const auto* enter = std::get_if<Enter>(&*act); enter && !entered.insert(enter->code).second) continue;
            const auto crash = next_.below(20);
            if (crash < 3) later.push_back(*act);  // 0: lost before the commit; 1, 2: only its answer was
            if (crash == 0) continue;
            Step step{user, *act, crash == 3 ? 2 : 1, {}, model_.of(user), {}};
            for (int i = 0; i < step.times; ++i) step.expected.push_back(model_.apply(user, *act));
            std::ranges::sort(step.expected);
            step.after = model_.of(user);
            out.push_back(std::move(step));
        }
        return out;
    }

    Task<void> batch() {
        auto chosen = choose();
        TaskGroup group(co_await asio::this_coro::executor, "sim");
        for (Step& step : chosen)
            for (int i = 0; i < step.times; ++i) group.spawn("step", take(step));
        if (!co_await group.join(soon())) ADD_FAILURE() << "a batch does not end";
        for (Step& step : chosen) {
            done_ += step.times;
            std::ranges::sort(step.given);
            EXPECT_EQ(step.given, step.expected) << "step " << done_ << ", act " << step.act.index() << " of user " << step.user.value;
            only_a_refund_leaves_a_debt(step);
        }
    }
    Task<void> take(Step& step) {
        Work work = work_of(step.user, step.act);
        work.add(look, step.user);
        const auto result = co_await pool_.commit(std::move(work), soon());
        if (!result)
            step.given.push_back(result.error().code);
        else
            step.given.push_back(result->front().empty() || result->front()[0].is_null(0) ? "" : result->front()[0].get<std::string>(0));
        // What was refused is looked at from outside; of two at once the last one is.
        if (static_cast<int>(step.given.size()) < step.times) co_return;
        if (result && step.times == 1) co_return compare(step, result->back());
        compare(step, co_await pool_.read(soon(), look, step.user));
    }
    void compare(const Step& step, const postgres::Rows& rows) {
        const std::string where = fmt::format("step {}, act {} of user {}", done_, step.act.index(), step.user.value);
        EXPECT_EQ(rows[0].get<Coins>(0), step.after.coins) << where;
        EXPECT_EQ(rows[0].get<Coins>(1), step.after.held) << where;
        EXPECT_EQ(rows[0].get<Coins>(2), step.after.coins) << where << ": the sum of the rows";
    }
    void only_a_refund_leaves_a_debt(const Step& step) {
        const bool worse = step.after.available().value() < std::min<std::int64_t>(0, step.before.available().value());
        if (!worse) return;
        ++debts_;
        EXPECT_TRUE(std::holds_alternative<Reverse>(step.act) || std::holds_alternative<Pay>(step.act)) << "act " << step.act.index();
    }

    Task<void> prove() {
        for (const auto& fault : co_await wallet::verify(pool_, soon())) ADD_FAILURE() << done_ << ": " << fault.rule << " " << fault.detail;
        co_await states(all_orders, model_.orders);
        co_await states(all_uses, model_.uses);
        const auto charges = co_await pool_.read(soon(), all_charges);
        EXPECT_EQ(static_cast<std::size_t>(charges.size()), model_.charges.size());
        std::int64_t credited = 0;
        Coins sum;
        for (const auto row : charges) {
            const Charge& charge = model_.charges[row.get<std::string>(0)];
            EXPECT_EQ(row.get<Coins>(1), charge.coins) << row.get<std::string>(0);
            EXPECT_EQ(row.get<Coins>(2), charge.bonus) << row.get<std::string>(0);
            EXPECT_EQ(row.get<Coins>(3), charge.taken) << row.get<std::string>(0);
            credited += charge.coins.positive();
            sum = sum + charge.coins;
        }
        const auto topups = co_await pool_.read(soon(), topped_up);
        EXPECT_EQ(topups[0].get<std::int64_t>(0), credited) << "a charge counts twice, or not";
        EXPECT_EQ(topups[0].get<std::int64_t>(1), credited);
        EXPECT_EQ(topups[0].get<Coins>(2), sum);
        for (const auto row : co_await pool_.read(soon(), told)) EXPECT_EQ(row.get<std::int64_t>(1), model_.notices[row.get<std::string>(0)]);
    }
    template <class Things>
    Task<void> states(const postgres::Query& query, Things& things) {
        const postgres::Rows rows = co_await pool_.read(soon(), query);
        EXPECT_EQ(static_cast<std::size_t>(rows.size()), things.size()) << query.name;
        for (const postgres::Row row : rows)
            EXPECT_EQ(row.get<std::string>(1), things[row.get<Uuid>(0)].state) << query.name << " " << row.get<std::string>(0);
    }

    postgres::Pool& pool_;
    Model model_;
    Generator next_;
    std::vector<std::vector<Act>> later_;  // by user: what a crash left over
    int done_ = 0, debts_ = 0;
};

TEST(PaymentsSimulation, P6_P15_P17_P19_NoHistoryOfPaymentsRefundsAndCodesLosesOrMakesACoin) {
    const char* given = std::getenv("PERSONA_TEST_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::printf("PERSONA_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
    run([dsn = test::postgres_dsn(), seed]() -> Task<void> {
        postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 6, .writers = 4, .statement_timeout = 60s});
        Simulation simulation(pool, seed);
        const auto begin = Deadline::Steady::now();
        co_await simulation.go();
        const double seconds = std::chrono::duration<double>(Deadline::Steady::now() - begin).count();
        std::printf("%d steps, %.0f a second, %zu charges, %d debts\n", simulation.done(), simulation.done() / seconds,
                    simulation.model().charges.size(), simulation.debts());
        EXPECT_GE(simulation.done(), steps);
        EXPECT_GT(static_cast<int>(simulation.model().charges.size()), steps / 40) << "too little happened";
        EXPECT_GT(simulation.debts(), steps / 1000);
        pool.close();
    });
}

}  // namespace
}  // namespace persona
