// docs/configuration.md tells every setting of the table, and nothing else: key, variables, default.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "app/settings_table.hpp"
#include "support/places.hpp"

namespace persona::app {
namespace {

struct Described {
    std::set<std::string> names;
    std::string fallback;
};

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> out;
    std::istringstream cells(line.substr(1));
    for (std::string cell; std::getline(cells, cell, '|');) out.push_back(cell);
    return out;
}

// What stands between backticks.
std::vector<std::string> quoted(const std::string& cell) {
    std::vector<std::string> out;
    std::istringstream parts(cell);
    std::string part;
    for (bool inside = false; std::getline(parts, part, '`'); inside = !inside)
        if (inside) out.push_back(part);
    return out;
}

// The rows whose first cell is a key: by key. A key that is told twice is a fault.
std::map<std::string, Described> described_in(std::istream& page) {
    std::map<std::string, Described> out;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| `")) continue;
        const auto cells = cells_of(line);
        if (cells.size() < 4) continue;
        const auto names = quoted(cells[1]), fallback = quoted(cells[2]);
        const bool fresh = out.emplace(quoted(cells[0]).at(0), Described{{names.begin(), names.end()}, fallback.empty() ? "" : fallback[0]}).second;
        EXPECT_TRUE(fresh) << "told twice: " << line;
    }
    return out;
}

std::map<std::string, Described> described() {
    std::ifstream page(places::data() / "../../docs/configuration.md");
    EXPECT_TRUE(page) << "docs/configuration.md cannot be read";
    return described_in(page);
}

}  // namespace

TEST(Configuration, EverySettingIsDescribedWithItsNamesAndDefault) {
    const auto page = described();
    for (const Setting& setting : settings_table()) {
        const auto at = page.find(std::string(setting.key));
        if (at == page.end()) {
            ADD_FAILURE() << "docs/configuration.md lacks " << setting.key;
            continue;
        }
        std::set<std::string> names(setting.names.begin(), setting.names.end());
        names.insert(Settings::variable(setting.key));
        EXPECT_EQ(at->second.names, names) << setting.key;
        EXPECT_EQ(at->second.fallback, setting.fallback) << setting.key;
    }
}

TEST(Configuration, NothingElseIsDescribed) {
    std::set<std::string, std::less<>> known;
    for (const Setting& setting : settings_table()) known.emplace(setting.key);
    for (const auto& [key, row] : described())
        EXPECT_TRUE(known.contains(key)) << "docs/configuration.md tells of " << key << ", which does not exist";
}

TEST(Configuration, ARowOfThePageIsReadAsItStands) {
    std::istringstream page(
        "| key | variables | default | meaning |\n|---|---|---|---|\n| `a.b` | `PERSONA_A_B`, `AB` | `5` | `x` |\n| `c` | `PERSONA_C` | | y |\n");
    const auto rows = described_in(page);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_THAT(rows.at("a.b").names, testing::ElementsAre("AB", "PERSONA_A_B"));
    EXPECT_EQ(rows.at("a.b").fallback, "5");
    EXPECT_EQ(rows.at("c").fallback, "");
}

}  // namespace persona::app
