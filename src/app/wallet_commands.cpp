#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "app/at_database.hpp"
#include "app/command_line.hpp"
#include "base/error.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/payments/adjust.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::app {
namespace {

namespace json = boost::json;

constexpr int shown_entries = 20;

Deadline soon() { return Deadline::after(30s); }

struct Arguments {
    std::int64_t telegram = 0;
    std::string amount, reason, key, by;
    bool json = false;
};

Task<UserId> user_of(postgres::Pool& pool, std::int64_t telegram) {
    const auto id = co_await accounts::id_of(pool, TelegramId(telegram), soon());
    if (!id) throw BadConfig(fmt::format("there is no user with the Telegram id {}", telegram));
    co_return *id;
}

std::string why(const postgres::Refusal& refusal) {
    switch (wallet::refused(refusal).value_or(wallet::Refused::other_use)) {
        case wallet::Refused::not_enough: return "the user has not so many coins available";
        case wallet::Refused::bad_amount: return "that is no amount";
        default: return refusal.detail;
    }
}

// sign: 1 gives, -1 takes.
int adjust(const Settings& settings, const Arguments& arguments, int sign) {
    const auto amount = Coins::parse(arguments.amount);
    if (!amount || !amount->positive()) throw BadConfig("AMOUNT is coins above zero with at most two decimals: 12.50");
    return at_vault(settings, [&, change = *amount * sign](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        const std::string key = arguments.key.empty() ? Uuid::v7().text() : arguments.key;
        const UserId user = co_await user_of(pool, arguments.telegram);
        postgres::Work work;
        const auto place = payments::adjust(
            work, {.user = user, .amount = change, .reason = arguments.reason, .key = key, .actor = actor_of(arguments.by), .origin = "cli"},
            vault.system_key());
        if (!place) throw BadConfig("--reason must say why, in at most 500 bytes: the user reads it, and the audit log keeps it");
        const auto result = co_await pool.commit(std::move(work), soon());
        if (!result) throw BadConfig(why(result.error()));
        const bool done = (*result)[*place].value<bool>();
        const auto now = co_await wallet::balance(pool, user, soon());
        if (arguments.json)
            std::cout << json::serialize(json::object{{"done", done}, {"key", key}, {"coins", now.coins.text()}, {"held", now.held.text()}}) << "\n";
        else
            std::cout << (done ? "done" : "was done before, nothing happened") << fmt::format("; key {}; balance {}\n", key, now.coins.text());
        co_return 0;
    });
}

json::object entry_json(const wallet::Entry& entry) {
    return {{"id", entry.id},
            {"at", to_iso(entry.at)},
            {"kind", wallet::word(entry.kind)},
            {"amount", entry.amount.text()},
            {"balance_after", entry.balance_after.text()},
            {"description", entry.description}};
}

int show(const Settings& settings, const Arguments& arguments) {
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        const UserId user = co_await user_of(pool, arguments.telegram);
        const auto now = co_await wallet::balance(pool, user, soon());
        const auto entries = co_await wallet::entries(pool, user, 0, shown_entries, soon());
        if (arguments.json) {
            json::array rows;
            for (const auto& entry : entries) rows.push_back(entry_json(entry));
            std::cout << json::serialize(json::object{{"user", user.value},
                                                      {"coins", now.coins.text()},
                                                      {"held", now.held.text()},
                                                      {"available", now.available().text()},
                                                      {"entries", std::move(rows)}})
                      << "\n";
            co_return 0;
        }
        std::cout << fmt::format("user {}: balance {}, held {}, available {}\n", user.value, now.coins.text(), now.held.text(),
                                 now.available().text());
        for (const auto& entry : entries)
            std::cout << fmt::format("{}  {:10}  {:>12}  {:>12}  {}\n", to_iso(entry.at).substr(0, 19), wallet::word(entry.kind), entry.amount.text(),
                                     entry.balance_after.text(), entry.description);
        co_return 0;
    });
}

}  // namespace

std::string actor_of(const std::string& given) {
    if (!given.empty()) return "admin:" + given;
    if (const char* sudo = ::getuid() == 0 ? std::getenv("SUDO_USER") : nullptr; sudo && *sudo) return std::string("admin:") + sudo;
    const passwd* account = ::getpwuid(::getuid());
    return "admin:" + (account ? std::string(account->pw_name) : std::to_string(::getuid()));
}

void add_wallet_commands(CLI::App& wallet, const CommandLine& line) {
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* help) {
        auto* sub = wallet.add_subcommand(name, help);
        sub->add_option("TELEGRAM_ID", arguments->telegram, "whose")->required();
        sub->add_flag("--json", arguments->json, "for a script");
        return sub;
    };
    const auto adjusting = [&](CLI::App* sub, int sign) {
        sub->add_option("AMOUNT", arguments->amount, "coins, 12.50")->required();
        sub->add_option("--reason", arguments->reason, "why; the user reads it in the history")->required();
        sub->add_option("--key", arguments->key, "a name of this decision: with the same one it is done once (random)");
        sub->add_option("--by", arguments->by, "who decided, for the audit log (the account that is logged in)");
        line.on(sub, [arguments, line, sign] { return adjust(line.settings(), *arguments, sign); });
    };
    adjusting(command("credit", "give coins to a user, by hand"), 1);
    adjusting(command("debit", "take coins from a user, by hand"), -1);
    line.on(command("show", "a user's balance and the last rows of the ledger"), [arguments, line] { return show(line.settings(), *arguments); });
}

}  // namespace persona::app
