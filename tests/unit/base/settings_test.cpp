#include "base/settings.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>

#include "base/error.hpp"
#include "base/uuid.hpp"

namespace persona {
namespace {

const std::vector<Setting> table{
    {"telegram.token", SettingKind::secret, "", {"TELEGRAM_TOKEN"}},
    {"wallet.initial_balance", SettingKind::money, "100.00", {"INITIAL_BALANCE"}},
    {"postgres.port", SettingKind::number, "5432", {"POSTGRES_PORT"}, {}, 1, 65535},
    {"speech.engine", SettingKind::choice, "auto", {"PERSONA_SPEECH"}, {"local", "openai", "auto"}},
    {"telegram.local", SettingKind::flag, "false", {"TELEGRAM_LOCAL"}},
};

Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto at = values.find(name);
        return at == values.end() ? std::nullopt : std::optional(at->second);
    };
}

class SettingsFiles : public testing::Test {
protected:
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("settings-" + Uuid::v7().text());
    SettingsFiles() { std::filesystem::create_directory(folder); }
    ~SettingsFiles() override { std::filesystem::remove_all(folder); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(folder / name) << text;
        return folder / name;
    }
    std::string refusal(std::map<std::string, std::string> values, std::vector<std::filesystem::path> files = {}) {
        try {
            Settings::load(table, {}, environment(std::move(values)), files);
            return "";
        } catch (const BadConfig& e) { return e.what(); }
    }
};

TEST_F(SettingsFiles, FlagBeatsEnvironmentBeatsFirstFileBeatsSecondBeatsDefault) {
    const auto first = write("a.toml", "[postgres]\nport = 1\n"),
               second = write("b.toml", "[postgres]\nport = 2\n[wallet]\ninitial_balance = \"7.5\"\n");
    const auto port = [&](std::map<std::string, std::string> flags, std::map<std::string, std::string> variables) {
        return Settings::load(table, flags, environment(std::move(variables)), {first, second}).number("postgres.port");
    };
    EXPECT_EQ(port({{"postgres.port", "4"}}, {{"POSTGRES_PORT", "3"}}), 4);
    EXPECT_EQ(port({}, {{"POSTGRES_PORT", "3"}}), 3);
    EXPECT_EQ(port({}, {{"PERSONA_POSTGRES_PORT", "5"}, {"POSTGRES_PORT", "3"}}), 5);
    EXPECT_EQ(port({}, {}), 1);
    EXPECT_EQ(Settings::load(table, {}, environment({}), {second}).money("wallet.initial_balance").text(), "7.50");
    EXPECT_EQ(Settings::load(table, {}, environment({}), {}).number("postgres.port"), 5432);
}

TEST_F(SettingsFiles, ReadsAValueFromTheFileThatAVariableNames) {
    const auto file = write("token", "111111:secret-token\n");
    const auto settings = Settings::load(table, {}, environment({{"TELEGRAM_TOKEN_FILE", file.string()}}), {});
    EXPECT_EQ(settings.secret("telegram.token").reveal(), "111111:secret-token");
}

TEST_F(SettingsFiles, D9_ABadValueNamesTheVariableAndNeverTheValue) {
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"INITIAL_BALANCE", "zz-1.005"}, {"POSTGRES_PORT", "zz65536"}, {"PERSONA_SPEECH", "zzcloud"}, {"TELEGRAM_LOCAL", "zzyes"}}) {
        const std::string text = refusal({{name, value}});
        EXPECT_NE(text.find(name), std::string::npos) << text;
        EXPECT_EQ(text.find(value), std::string::npos) << text;
    }
    EXPECT_NE(refusal({}, {write("c.toml", "[postgres]\nprot = 1\n")}).find("postgres.prot"), std::string::npos);
    EXPECT_NE(refusal({}, {write("d.toml", "[postgres\n")}).find("d.toml:"), std::string::npos);
}

TEST_F(SettingsFiles, ShowsWhereAValueComesFromAndNoSecret) {
    const auto shown = Settings::load(table, {}, environment({{"TELEGRAM_TOKEN", "111111:very-secret"}}), {}).show();
    const std::string text = boost::json::serialize(shown);
    EXPECT_EQ(text.find("very-secret"), std::string::npos);
    EXPECT_EQ(shown.at("telegram.token").at("value"), "set");
    EXPECT_EQ(shown.at("telegram.token").at("from"), "environment TELEGRAM_TOKEN");
}

}  // namespace
}  // namespace persona
