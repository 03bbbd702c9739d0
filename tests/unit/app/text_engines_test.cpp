// Who writes documents, by the settings alone.
#include "app/text_engines.hpp"

#include <gtest/gtest.h>

#include "app/settings_table.hpp"
#include "base/error.hpp"

namespace persona::app {
namespace {

using Environs = std::map<std::string, std::string>;

std::optional<ai::ChatConfig> chosen(const Environs& environs) {
    const auto environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto at = environs.find(name);
        return at == environs.end() ? std::nullopt : std::optional(at->second);
    };
    return chat_config(Settings::load(settings_table(), {}, environment, {}));
}

TEST(TextEngines, AutoTakesTheModelWhereOneIsConfigured) {
    EXPECT_FALSE(chosen({}));
    EXPECT_FALSE(chosen({{"PERSONA_TEXT", "local"}, {"OPENAI_API_KEY", "sk-0123456789"}}));
    const auto openai = chosen({{"OPENAI_API_KEY", "sk-0123456789"}, {"OPENAI_TEXT_MODEL", "m"}});
    ASSERT_TRUE(openai);
    EXPECT_EQ(openai->provider.base, "https://api.openai.com/v1");
    EXPECT_EQ(openai->model, "m");
    const auto own = chosen({{"OPENAI_BASE_URL", "http://llm.lan:8000/v1/"}});
    ASSERT_TRUE(own);
    EXPECT_EQ(own->provider.base, "http://llm.lan:8000/v1");
    EXPECT_TRUE(own->provider.key.empty());
    EXPECT_TRUE(chosen({{"OPENAI_BASE_URL", "http://127.0.0.1:8000/v1"}, {"OPENAI_API_KEY", "sk-0123456789"}}));
}

TEST(TextEngines, WhatCannotWorkStopsTheStart) {
    for (const Environs& bad : {Environs{{"PERSONA_TEXT", "openai"}}, Environs{{"OPENAI_BASE_URL", "ftp://x/v1"}},
                                Environs{{"OPENAI_BASE_URL", "http://llm.lan/v1"}, {"OPENAI_API_KEY", "sk-0123456789"}},
                                Environs{{"OPENAI_BASE_URL", "http://127.0.0.1.evil.org/v1"}, {"OPENAI_API_KEY", "sk-0123456789"}}})
        EXPECT_THROW(chosen(bad), BadConfig);
}

}  // namespace
}  // namespace persona::app
