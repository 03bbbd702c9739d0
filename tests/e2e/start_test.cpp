// What an operator reads when a process cannot start: the reason, and nothing of an assertion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "installation.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Mistake {
    const char* what;
    Variables variables;
    const char* reason;
};

TEST(Start, AMistakeIsToldByItsReason) {
    Installation persona({.worker = false});
    const TemporaryFolder folder;
    const auto wrong_key = folder.file("wrong.key", std::string(64, 'a') + "\n");
    std::filesystem::permissions(wrong_key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const std::vector<Mistake> mistakes{
        {"no token", {{"TELEGRAM_TOKEN", ""}}, "TELEGRAM_TOKEN is not set"},
        {"the key of another database", {{"PERSONA_MASTER_KEY_FILE", wrong_key.string()}}, "no master key"},
        {"an address that is taken", {}, "Address already in use"},
        {"no database", {{"DATABASE_URL", "postgresql://persona@127.0.0.1:1/persona"}}, "PostgreSQL"},
        {"a scheme of Redis that is not there", {{"REDIS_URL", "rediss://127.0.0.1"}}, "REDIS_URL"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto ran = persona.persona({"serve", "--roles", "api"}, mistake.variables);
        EXPECT_EQ(ran.status, 1) << mistake.what;
        EXPECT_THAT(ran.output, AllOf(HasSubstr(mistake.reason), Not(HasSubstr("assertion")))) << mistake.what;
    }
}

}  // namespace
}  // namespace persona::e2e
