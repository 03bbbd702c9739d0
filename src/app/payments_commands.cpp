#include "app/payments_commands.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "app/foundation.hpp"
#include "app/money.hpp"
#include "base/error.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/stars/refund.hpp"
#include "studio/payments/yookassa/refund.hpp"

namespace persona::app {
namespace {

namespace json_ns = boost::json;
using payments::Provider;

constexpr auto most_wait = std::chrono::hours(1);
constexpr int most_alerts = 1000;

// What a command needs of the world; a provider is made when it is asked for, so that the other one need not be configured.
struct Counter {
    const Settings& settings;
    postgres::Pool pool;
    http::Client http;
    std::optional<telegram::Api> api = {};
    std::unique_ptr<Roubles> roubles = {};

    Counter(const Settings& s, Executor executor)
        : settings(s),
          pool(executor, {.dsn = database_url(s), .size = 2, .writers = 1, .statement_timeout = std::chrono::minutes(10)}),
          http(executor) {}

    telegram::Api& stars() {
        if (!api) api.emplace(http, api_config(settings));
        return *api;
    }
    yookassa::Client& yookassa_client() {
        if (!roubles) roubles = app::roubles(settings, http, pool);
        if (!roubles) throw BadConfig("YOOKASSA_SHOP_ID is not set");
        return roubles->client;
    }
};

int at_counter(const Settings& settings, std::function<Task<int>(Counter&)> body) {
    asio::io_context io(1);
    Counter counter(settings, io.get_executor());
    int status = 1;
    std::exception_ptr error;
    asio::co_spawn(io, body(counter), [&](std::exception_ptr e, int s) {
        error = e;
        status = s;
        counter.http.close();
        counter.pool.close();
    });
    io.run();
    if (error) std::rethrow_exception(error);
    return status;
}

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

Task<payments::Report> reconcile_one(Counter& counter, Provider provider, int days) {
    const bool stars = provider == Provider::stars;
    auto open = stars ? statement_of(counter.stars()) : statement_of(counter.yookassa_client());
    const auto second = stars ? second_stars(counter.settings) : payments::Second::credit;
    co_return co_await payments::reconcile(counter.pool, provider, std::move(open), days, second, Deadline::after(most_wait));
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

}  // namespace

int payments_reconcile(const Settings& settings, const std::string& named, int days, bool json) {
    return at_counter(settings, [&settings, named, days, json](Counter& counter) -> Task<int> {
        json_ns::object all;
        bool clean = true;
        for (const Provider provider : providers(settings, named)) {
            const auto report = co_await reconcile_one(counter, provider, days);
            clean = clean && report.clean();
            all[word(provider)] = shown(report);
            if (!json) tell(provider, report);
        }
        if (json) std::cout << json_ns::serialize(all) << "\n";
        co_return clean ? 0 : 1;
    });
}

int payments_alerts(const Settings& settings, bool json) {
    return at_counter(settings, [json](Counter& counter) -> Task<int> {
        json_ns::array list;
        for (const auto& one : co_await payments::alerts(counter.pool, most_alerts, Deadline::after(30s))) {
            list.push_back({{"id", one.id}, {"kind", one.kind}, {"key", one.key}, {"detail", one.detail}, {"at", to_iso(one.at)}});
            if (!json) std::cout << fmt::format("{:5} {} {}: {}\n", one.id, to_iso(one.at), one.key, one.detail);
        }
        if (!json && list.empty()) std::cout << "nothing to look at\n";
        if (json) std::cout << json_ns::serialize(json_ns::object{{"alerts", std::move(list)}}) << "\n";
        co_return 0;
    });
}

int payments_resolve(const Settings& settings, std::int64_t alert) {
    return at_counter(settings, [alert](Counter& counter) -> Task<int> {
        postgres::Work work;
        payments::resolve(work, alert);
        const auto done = co_await counter.pool.commit(std::move(work), Deadline::after(30s));
        const bool found = done && done->front().touched() > 0;
        std::cout << (found ? "resolved\n" : "there is no such alert to resolve\n");
        co_return found ? 0 : 1;
    });
}

int payments_refund(const Settings& settings, const std::string& named, const std::string& charge, bool json) {
    return at_counter(settings, [named, charge, json](Counter& counter) -> Task<int> {
        const Provider provider = provider_named(named);
        auto ask = provider == Provider::stars ? stars::ask_back(counter.stars()) : yookassa::ask_back(counter.yookassa_client());
        vault::Vault vault(vault::Keyring::from_file(master_key_file(counter.settings)), counter.pool);
        co_await vault.open(Deadline::after(30s));
        const payments::Wish wish{"operator", "cli", vault.system_key()};
        const auto given =
            co_await payments::give_back(counter.pool, provider, charge, std::move(ask), wish, Deadline::after(std::chrono::minutes(2)));
        const Said& said = outcomes[static_cast<std::size_t>(given.outcome)];
        const std::string why = redact(given.why);
        if (json)
            std::cout << json_ns::serialize(json_ns::object{{"outcome", said.word}, {"amount", given.amount}, {"why", why}}) << "\n";
        else
            std::cout << said.sentence << (why.empty() ? "" : ": " + why) << "\n";
        co_return said.success ? 0 : 1;
    });
}

}  // namespace persona::app
