#include "app/commands.hpp"

#include <boost/json.hpp>
#include <iostream>

#include "app/at_database.hpp"
#include "app/foundation.hpp"
#include "app/settings_table.hpp"
#include "postgres/migrations.hpp"
#include "studio/audit/audit.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::app {
namespace {

namespace json_ns = boost::json;

}  // namespace

int config_show(const Settings& settings, bool json) {
    const auto shown = settings.show();
    if (json) {
        std::cout << json_ns::serialize(shown) << "\n";
        return 0;
    }
    for (const auto& item : shown) {
        const auto& entry = item.value().as_object();
        std::cout << fmt::format("{:32} {:40} {}\n", std::string(item.key()), std::string(entry.at("value").as_string()),
                                 std::string(entry.at("from").as_string()));
    }
    return 0;
}

int db_migrate(const Settings& settings, bool json) {
    const auto ran = postgres::migrate(database_url(settings));
    if (json) {
        std::cout << json_ns::serialize(json_ns::object{{"ran", json_ns::value_from(ran)}}) << "\n";
        return 0;
    }
    for (const auto& name : ran) std::cout << "ran " << name << "\n";
    std::cout << "the schema is up to date\n";
    return 0;
}

int db_status(const Settings& settings, bool json) {
    const int missing = postgres::missing_migrations(database_url(settings));
    if (json)
        std::cout << json_ns::serialize(json_ns::object{{"missing", missing}}) << "\n";
    else if (missing < 0)
        std::cout << "the database is newer than this program\n";
    else
        std::cout << (missing ? fmt::format("{} migrations are missing: persona db migrate\n", missing) : "the schema is up to date\n");
    return missing == 0 ? 0 : 1;
}

int wallet_verify(const Settings& settings, bool json) {
    return at_database(settings, [json](postgres::Pool& pool) -> Task<int> {
        const auto faults = co_await wallet::verify(pool, Deadline::after(std::chrono::minutes(10)));
        json_ns::array list;
        for (const auto& fault : faults) {
            list.push_back({{"rule", fault.rule}, {"user", fault.user.value}, {"detail", fault.detail}});
            if (!json) std::cout << fmt::format("user {}: {} ({})\n", fault.user.value, fault.rule, fault.detail);
        }
        if (json) std::cout << json_ns::serialize(json_ns::object{{"faults", std::move(list)}}) << "\n";
        if (!json)
            std::cout << (faults.empty() ? "every rule of the ledger holds\n" : "the ledger has faults: stop paid work and restore or adjust\n");
        co_return faults.empty() ? 0 : 1;
    });
}

int audit_verify(const Settings& settings, bool json) {
    return at_vault(settings, [json](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        const auto broken = co_await audit::verify(pool, vault, Deadline::after(std::chrono::minutes(10)));
        if (json)
            std::cout << json_ns::serialize(json_ns::object{{"broken_at", broken ? json_ns::value(*broken) : json_ns::value()}}) << "\n";
        else
            std::cout << (broken ? fmt::format("the chain breaks at link {}\n", *broken) : "the chain holds\n");
        co_return broken ? 1 : 0;
    });
}

}  // namespace persona::app
