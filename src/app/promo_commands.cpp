#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "app/at_database.hpp"
#include "app/command_line.hpp"
#include "base/error.hpp"
#include "studio/analytics/days.hpp"
#include "studio/analytics/report.hpp"
#include "studio/audit/audit.hpp"
#include "studio/payments/promo.hpp"

namespace persona::app {
namespace {

namespace json = boost::json;

Deadline soon() { return Deadline::after(30s); }

struct Arguments {
    std::string code, kind, value, from, until, by;
    std::int64_t uses = 0;  // 0: any number
    int per_user = 1;
    bool json = false;
};

std::string code_name(const std::string& text) {
    const auto name = promo::normalised(text);
    if (!name) throw BadConfig("CODE is 3 to 40 letters, digits, - and _");
    return *name;
}

// The first moment of a day there; `last`: that behind it, so that the day is included.
std::optional<Time> moment(const Settings& settings, const std::string& day, bool last) {
    if (day.empty()) return std::nullopt;
    const auto named = last ? analytics::day_after(day) : day;
    const auto at = named ? analytics::beginning_of(*named, settings.text("time_zone")) : std::nullopt;
    if (!at) throw BadConfig("a day is written 2026-11-27: " + day);
    return at;
}

promo::Code code_of(const Settings& settings, const Arguments& arguments) {
    const auto kind = promo::kind_of(arguments.kind);
    const auto value = Coins::parse(arguments.value);
    if (!kind || !value) throw BadConfig("--kind is amount (coins), bonus or discount (percent), and --value a number with at most two decimals");
    return {.code = code_name(arguments.code),
            .kind = *kind,
            .value = *value,
            .most_uses = arguments.uses ? std::optional(arguments.uses) : std::nullopt,
            .per_user = arguments.per_user,
            .from = moment(settings, arguments.from, false),
            .until = moment(settings, arguments.until, true),
            .created_by = actor_of(arguments.by)};
}

json::object code_json(const promo::Code& code) {
    const auto time = [](const std::optional<Time>& at) { return at ? json::value(to_iso(*at)) : json::value(); };
    return {{"code", code.code},
            {"kind", promo::word(code.kind)},
            {"value", code.value.text()},
            {"uses", code.uses},
            {"most_uses", code.most_uses ? json::value(*code.most_uses) : json::value()},
            {"per_user", code.per_user},
            {"from", time(code.from)},
            {"until", time(code.until)},
            {"active", code.active},
            {"created_by", code.created_by}};
}

int create(const Settings& settings, const Arguments& arguments) {
    return at_vault(settings, [&](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        const promo::Code code = code_of(settings, arguments);
        postgres::Work work;
        promo::create(work, code);
        audit::record(
            work, {.actor = code.created_by, .action = "promo.create", .subject = "promo:" + code.code, .origin = "cli", .after = code_json(code)},
            vault.system_key());
        const auto result = co_await pool.commit(std::move(work), soon());
        if (!result && promo::refused_new(result.error()) == promo::Refused::exists) throw BadConfig("there is a code " + code.code + " already");
        if (!result) throw BadConfig("such a code cannot be: " + result.error().detail);
        std::cout << (arguments.json ? json::serialize(code_json(code)) : "made " + code.code) << "\n";
        co_return 0;
    });
}

int list(const Settings& settings, const Arguments& arguments) {
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        using enum analytics::Column::Kind;
        analytics::Report report{
            {{"code"}, {"kind"}, {"value", amount}, {"uses", count}, {"most"}, {"per_user", count}, {"from"}, {"until"}, {"state"}}, {}};
        json::array all;
        const auto day = [&](const std::optional<Time>& at, Micros back = 0us) {
            return at ? analytics::day_of(*at - back, settings.text("time_zone")) : std::string("-");
        };
        for (const auto& code : co_await promo::codes(pool, soon())) {
            all.push_back(code_json(code));
            report.rows.push_back({code.code, std::string(promo::word(code.kind)), code.value.text(), std::to_string(code.uses),
                                   code.most_uses ? std::to_string(*code.most_uses) : "any", std::to_string(code.per_user), day(code.from),
                                   day(code.until, 1us), code.active ? "active" : "off"});
        }
        std::cout << (arguments.json ? json::serialize(all) + "\n" : analytics::as_table(report));
        co_return 0;
    });
}

int disable(const Settings& settings, const Arguments& arguments) {
    return at_vault(settings, [&](postgres::Pool& pool, vault::Vault& vault) -> Task<int> {
        const std::string name = code_name(arguments.code);
        // Asked first, so that the audit log tells of nothing that did not happen; a code is never deleted.
        const auto all = co_await promo::codes(pool, soon());
        if (std::ranges::find(all, name, &promo::Code::code) == all.end()) throw BadConfig("there is no code " + name);
        postgres::Work work;
        promo::disable(work, name);
        audit::record(work, {.actor = actor_of(arguments.by), .action = "promo.disable", .subject = "promo:" + name, .origin = "cli"},
                      vault.system_key());
        const auto result = co_await pool.commit(std::move(work), soon());
        if (!result) throw Error(result.error().detail);
        std::cout << (arguments.json ? json::serialize(json::object{{"disabled", name}}) : name + " is off; what was given stays") << "\n";
        co_return 0;
    });
}

}  // namespace

void add_promo_commands(CLI::App& promo, const CommandLine& line) {
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* help, int (*run)(const Settings&, const Arguments&)) {
        auto* sub = promo.add_subcommand(name, help);
        sub->add_flag("--json", arguments->json, "for a script");
        line.on(sub, [arguments, line, run] { return run(line.settings(), *arguments); });
        return sub;
    };
    const auto named = [&](CLI::App* sub) {
        sub->add_option("CODE", arguments->code, "letters, digits, - and _; letter case does not matter")->required();
        sub->add_option("--by", arguments->by, "who decided, for the audit log (the account that is logged in)");
        return sub;
    };
    auto* made = named(command("create", "make a code", create));
    made->add_option("--kind", arguments->kind, "amount: coins at once; bonus, discount: percent on the next top-up")->required();
    made->add_option("--value", arguments->value, "coins, or percent (a discount up to 90, a bonus up to 500)")->required();
    made->add_option("--uses", arguments->uses, "by all together (any number)")->check(CLI::PositiveNumber);
    made->add_option("--per-user", arguments->per_user, "by one person")->check(CLI::PositiveNumber)->capture_default_str();
    made->add_option("--from", arguments->from, "its first day, 2026-11-27 (now)");
    made->add_option("--until", arguments->until, "its last day (for ever)");
    command("list", "all codes and how often they were used", list);
    named(command("disable", "nobody may use it any more", disable));
}

}  // namespace persona::app
