#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "app/at_database.hpp"
#include "app/command_line.hpp"
#include "app/foundation.hpp"
#include "app/money.hpp"
#include "base/error.hpp"
#include "studio/audit/audit.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/stars/refund.hpp"
#include "studio/payments/yookassa/refund.hpp"

namespace persona::app {
namespace {

namespace json_ns = boost::json;
using payments::Provider;

constexpr auto most_wait = std::chrono::hours(1);
constexpr int most_alerts = 1000;

struct Arguments {
    std::string provider, charge, by;
    int days = 3;
    std::int64_t alert = 0;
    bool json = false;
};

// Providers as a command asks for them: made when one is wanted, so that the other need not be configured.
class Counter {
public:
    Counter(const Settings& settings, postgres::Pool& pool, Executor executor) : settings_(settings), pool_(pool), http_(executor) {}
    ~Counter() { http_.close(); }

    telegram::Api& stars() {
        if (!api_) api_.emplace(http_, api_config(settings_));
        return *api_;
    }
    yookassa::Client& yookassa_client() {
        if (!roubles_) roubles_ = roubles(settings_, http_, pool_);
        if (!roubles_) throw BadConfig("YOOKASSA_SHOP_ID is not set");
        return roubles_->client;
    }

private:
    const Settings& settings_;
    postgres::Pool& pool_;
    http::Client http_;
    std::optional<telegram::Api> api_;
    std::unique_ptr<Roubles> roubles_;
};

Provider provider_named(const std::string& text) {
    const auto provider = payments::provider_of(text);
    if (!provider) throw BadConfig("there is no provider " + text + ": stars or yookassa");
    return *provider;
}

std::vector<Provider> providers(const Settings& settings, const std::string& named) {
    if (!named.empty()) return {provider_named(named)};
    std::vector<Provider> out;
    if (settings.is_set("telegram.token")) out.push_back(Provider::stars);
    if (settings.is_set("yookassa.shop_id")) out.push_back(Provider::yookassa);
    if (out.empty()) throw BadConfig("neither TELEGRAM_TOKEN nor YOOKASSA_SHOP_ID is set");
    return out;
}

Task<payments::Report> reconcile_one(const Settings& settings, postgres::Pool& pool, Counter& counter, Provider provider, int days) {
    const bool stars = provider == Provider::stars;
    auto open = stars ? statement_of(counter.stars()) : statement_of(counter.yookassa_client());
    const auto second = stars ? second_stars(settings) : payments::Second::credit;
    co_return co_await payments::reconcile(pool, provider, std::move(open), days, second, Deadline::after(most_wait));
}

json_ns::object shown(const payments::Report& r) {
    return {{"from", to_iso(r.period.from)}, {"to", to_iso(r.period.to)}, {"payments", r.payments}, {"refunds", r.refunds},
            {"credited", r.credited},        {"reversed", r.reversed},    {"refused", r.refused},   {"missing", r.missing}};
}

void tell(Provider provider, const payments::Report& r) {
    std::cout << fmt::format("{}: {} payments and {} refunds since {}\n", word(provider), r.payments, r.refunds, to_iso(r.period.from));
    if (r.credited + r.reversed > 0) std::cout << fmt::format("  made good: {} credited, {} taken back\n", r.credited, r.reversed);
    if (!r.clean())
        std::cout << fmt::format("  to look at: {} that fit no order, {} that only we know (persona payments alerts)\n", r.refused, r.missing);
}

// The sentence for each outcome, and whether the command did what it was asked to.
struct Said {
    std::string_view word, sentence;
    bool success;
};
constexpr Said outcomes[] = {{"done", "given back, and the coins are taken", true},
                             {"before", "it was given back before", true},
                             {"pending", "the provider is still at it; the coins are taken when it says so", true},
                             {"unknown", "there is no such charge", false},
                             {"refused", "not given back", false}};

// The list differs in a way that needs an operator: 1.
int reconcile(const Settings& settings, const Arguments& arguments) {
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        Counter counter(settings, pool, co_await asio::this_coro::executor);
        json_ns::object all;
        bool clean = true;
        for (const Provider provider : providers(settings, arguments.provider)) {
            const auto report = co_await reconcile_one(settings, pool, counter, provider, arguments.days);
            clean = clean && report.clean();
            all[word(provider)] = shown(report);
            if (!arguments.json) tell(provider, report);
        }
        if (arguments.json) std::cout << json_ns::serialize(all) << "\n";
        co_return clean ? 0 : 1;
    });
}

int alerts(const Settings& settings, const Arguments& arguments) {
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        json_ns::array list;
        for (const auto& one : co_await payments::alerts(pool, most_alerts, Deadline::after(30s))) {
            list.push_back({{"id", one.id}, {"kind", one.kind}, {"key", one.key}, {"detail", one.detail}, {"at", to_iso(one.at)}});
            if (!arguments.json) std::cout << fmt::format("{:5} {} {}: {}\n", one.id, to_iso(one.at), one.key, one.detail);
        }
        if (!arguments.json && list.empty()) std::cout << "nothing to look at\n";
        if (arguments.json) std::cout << json_ns::serialize(json_ns::object{{"alerts", std::move(list)}}) << "\n";
        co_return 0;
    });
}

int resolve(const Settings& settings, const Arguments& arguments) {
    return at_vault(settings, [&](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        // Asked first, so that the audit log tells of nothing that did not happen.
        const auto open = co_await payments::alerts(pool, most_alerts, Deadline::after(30s));
        const auto at = std::ranges::find(open, arguments.alert, &payments::Alert::id);
        if (at == open.end()) throw BadConfig("there is no such alert to resolve");
        postgres::Work work;
        payments::resolve(work, at->id);
        audit::record(work, {.actor = actor_of(arguments.by), .action = "payments.resolve", .subject = "alert:" + at->key, .origin = "cli"},
                      vault.system_key());
        const auto done = co_await pool.commit(std::move(work), Deadline::after(30s));
        if (!done) throw Error(done.error().detail);
        std::cout << (arguments.json ? json_ns::serialize(json_ns::object{{"resolved", at->key}}) : "resolved " + at->key) << "\n";
        co_return 0;
    });
}

int refund(const Settings& settings, const Arguments& arguments) {
    return at_vault(settings, [&](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        Counter counter(settings, pool, co_await asio::this_coro::executor);
        const Provider provider = provider_named(arguments.provider);
        auto ask = provider == Provider::stars ? stars::ask_back(counter.stars()) : yookassa::ask_back(counter.yookassa_client());
        const payments::Wish wish{actor_of(arguments.by), "cli", vault.system_key()};
        const auto given =
            co_await payments::give_back(pool, provider, arguments.charge, std::move(ask), wish, Deadline::after(std::chrono::minutes(2)));
        const Said& said = outcomes[static_cast<std::size_t>(given.outcome)];
        const std::string why = redact(given.why);
        if (arguments.json)
            std::cout << json_ns::serialize(json_ns::object{{"outcome", said.word}, {"amount", given.amount}, {"why", why}}) << "\n";
        else
            std::cout << said.sentence << (why.empty() ? "" : ": " + why) << "\n";
        co_return said.success ? 0 : 1;
    });
}

}  // namespace

void add_payments_commands(CLI::App& money, const CommandLine& line) {
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* help, int (*run)(const Settings&, const Arguments&)) {
        auto* sub = money.add_subcommand(name, help);
        sub->add_flag("--json", arguments->json, "for a script");
        line.on(sub, [settings = line.settings, arguments, run] { return run(settings(), *arguments); });
        return sub;
    };
    const auto by = [&](CLI::App* sub) { sub->add_option("--by", arguments->by, "who decided, for the audit log (the account that is logged in)"); };
    auto* compare = command("reconcile", "compare a provider's list with ours, and make good what differs", reconcile);
    compare->add_option("--provider", arguments->provider, "stars or yookassa; without it all that are configured");
    compare->add_option("--days", arguments->days, "how far back")->capture_default_str()->check(CLI::Range(1, 3650));
    command("alerts", "what needs a look", alerts);
    auto* done = command("resolve", "an alert was looked at", resolve);
    done->add_option("ID", arguments->alert, "of the alert")->required();
    by(done);
    auto* back = command("refund", "give a charge back, and take its coins", refund);
    back->add_option("PROVIDER", arguments->provider, "stars or yookassa")->required();
    back->add_option("CHARGE", arguments->charge, "as the provider calls it")->required();
    by(back);
}

}  // namespace persona::app
