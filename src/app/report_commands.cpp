#include <iostream>
#include <map>
#include <memory>

#include "app/at_database.hpp"
#include "app/command_line.hpp"
#include "base/error.hpp"
#include "studio/analytics/reports.hpp"

namespace persona::app {
namespace {

using analytics::Report;

struct Arguments {
    std::string from, to, format = "table";
};
struct Known {
    const char *name, *help;
    Task<Report> (*read)(postgres::Pool&, analytics::Days, Deadline);
};
constexpr Known reports[]{
    {"transactions", "the rows of the ledger", analytics::transactions},
    {"revenue", "by day: revenue of each service, top-ups and what went back, promotion", analytics::revenue},
    {"users", "by day: new, active, paying and all users", analytics::users},
    {"usage", "by service: operations, their coins, and those that came to nothing", analytics::usage},
};
const std::map<std::string, std::string (*)(const Report&)> formats{
    {"table", analytics::as_table}, {"csv", analytics::as_csv}, {"json", analytics::as_json}};

int print(const Settings& settings, const Arguments& arguments, const Known& known) {
    const std::string zone = settings.text("time_zone");
    const std::string from = arguments.from.empty() ? analytics::day_of(wall_now(), zone) : arguments.from;
    const auto days = analytics::days_of(from, arguments.to.empty() ? from : arguments.to, zone);
    if (!days) throw BadConfig("--from and --to are days, 2026-11-27, in this order and at most ten years apart; PERSONA_TIME_ZONE is a zone's name");
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        std::cout << formats.at(arguments.format)(co_await known.read(pool, *days, Deadline::after(std::chrono::minutes(10))));
        co_return 0;
    });
}

}  // namespace

void add_report_commands(CLI::App& report, const CommandLine& line) {
    const auto arguments = std::make_shared<Arguments>();
    for (const Known& known : reports) {
        auto* sub = report.add_subcommand(known.name, known.help);
        sub->add_option("--from", arguments->from, "the first day, in PERSONA_TIME_ZONE (today)");
        sub->add_option("--to", arguments->to, "the last day (the first)");
        sub->add_option("--format", arguments->format, "table, csv or json")->check(CLI::IsMember(formats))->capture_default_str();
        line.on(sub, [arguments, line, &known] { return print(line.settings(), *arguments, known); });
    }
}

}  // namespace persona::app
