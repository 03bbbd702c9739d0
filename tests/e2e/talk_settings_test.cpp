// D9: a start that cannot work ends at once, names the setting and keeps its value to itself.
#include "talk.hpp"

namespace persona::e2e {
namespace {

struct Settings : Talk<Settings> {
    static Options options() { return {.webhook = true, .worker = false}; }
};

TEST_F(Settings, D9_ABadSettingIsNamedAndItsValueIsNot) {
    const TemporaryFolder folder;
    const auto key_file = [&](const char* name, const std::string& content, std::filesystem::perms perms = std::filesystem::perms(0600)) {
        const auto path = folder.file(name, content);
        std::filesystem::permissions(path, perms);
        return path.string();
    };
    const std::string other_key = std::string(62, 'a') + "07";
    const struct {
        const char* variable;
        std::string value;
    } bad[] = {
        {"TELEGRAM_TOKEN", ""},
        {"TELEGRAM_TOKEN", "hunter2-is-no-token"},
        {"TELEGRAM_TOKEN", "123:hunter2"},
        {"TELEGRAM_API_URL", "http://hunter2.example"},
        {"PERSONA_MASTER_KEY_FILE", "/nonexistent/master.key"},
        {"PERSONA_MASTER_KEY_FILE", key_file("short", "hunter2\n")},
        {"PERSONA_MASTER_KEY_FILE", key_file("empty", "")},
        {"PERSONA_MASTER_KEY_FILE", key_file("open", other_key + "\n", std::filesystem::perms(0644))},
        {"PERSONA_MASTER_KEY_FILE", key_file("other", other_key + "\n")},  // not the one of this database
        {"INITIAL_BALANCE", "hunter2"},
        {"INITIAL_BALANCE", "-1"},
        {"INITIAL_BALANCE", "1.005"},
        {"PERSONA_WORKERS", "hunter2"},
        {"PERSONA_UPDATE_RATE", "0"},
        {"PERSONA_LANGUAGE", "hunter2"},
        {"PERSONA_HTTP", "hunter2"},
        {"REDIS_URL", "hunter2://localhost"},
        {"TELEGRAM_WEBHOOK_SECRET", "hunter2 with blanks!"},
    };
    for (const auto& [variable, value] : bad) {
        SCOPED_TRACE(std::string(variable) + "=" + value);
        const auto ran =
            home().persona({"serve", "--roles", "bot,api"}, {{variable, value}, {"PERSONA_HTTP", "127.0.0.1:" + std::to_string(free_port())}});
        EXPECT_NE(ran.status, 0);
        EXPECT_LT(ran.status, 128) << "it was killed";
        EXPECT_TRUE(ran.output.contains(variable)) << ran.output;
        EXPECT_FALSE(ran.output.contains("hunter2")) << ran.output;
        EXPECT_FALSE(ran.output.contains(other_key)) << ran.output;
    }
}

TEST_F(Settings, D9_ADatabaseThatIsNotThereIsToldWithoutItsPassword) {
    const auto ran = home().persona({"serve"}, {{"DATABASE_URL", "postgresql://persona:hunter2@127.0.0.1:1/nowhere"}});
    EXPECT_EQ(ran.status, 1);
    EXPECT_TRUE(ran.output.contains("PostgreSQL")) << ran.output;
    EXPECT_FALSE(ran.output.contains("hunter2")) << ran.output;
}

}  // namespace
}  // namespace persona::e2e
