// Who makes pictures, by the settings alone.
#include "app/darkroom.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/settings_table.hpp"
#include "base/error.hpp"

namespace persona::app {
namespace {

using Environs = std::map<std::string, std::string>;
using testing::HasSubstr;
using testing::Not;

// An empty folder of models, unless the case names another.
Settings settings(Environs environs) {
    environs.emplace("PERSONA_MODELS", "/nonexistent");
    return Settings::load(settings_table(), {},
                          [environs](const std::string& name) -> std::optional<std::string> {
                              const auto at = environs.find(name);
                              return at == environs.end() ? std::nullopt : std::optional(at->second);
                          },
                          {});
}

const Environs with_key{{"FAL_KEY", "key-0123456789"}};

TEST(Darkroom, AutoTakesFalWhereAKeyIsSet) {
    EXPECT_EQ(darkroom(settings(with_key)).provider, "fal");
    EXPECT_FALSE(darkroom(settings(with_key)).renders);
    EXPECT_EQ(darkroom(settings({{"FAL_KEY", "key-0123456789"}, {"PERSONA_PORTRAITS", "local"}})).provider, "");
}

TEST(Darkroom, NothingIsPromisedWithoutModelsAndWithoutAKey) {
    EXPECT_EQ(darkroom(settings({})).provider, "");
    EXPECT_FALSE(darkroom(settings({})).enhances);
    EXPECT_THROW(portraits_by(settings({})), BadConfig);
    EXPECT_THROW(enhancement_by(settings({})), BadConfig);
}

TEST(Darkroom, WhatCannotWorkStopsTheStart) {
    EXPECT_THROW(darkroom(settings({{"PERSONA_PORTRAITS", "fal"}})), BadConfig);
    EXPECT_THROW(darkroom(settings({{"FAL_KEY", "key-0123456789"}, {"PERSONA_ENHANCE_ENGINE", "remote"}})), BadConfig);
    EXPECT_THROW(darkroom(settings({{"FAL_KEY", "key-0123456789"}, {"FAL_IMAGE_ENDPOINT", "fal-ai/flux-lora"}})), BadConfig);
}

TEST(Darkroom, TheOperatorIsToldWhoWorksAndNoSecret) {
    const std::string words = portraits_by(settings(with_key));
    EXPECT_THAT(words, HasSubstr("fal-ai/flux-pro-trainer"));
    EXPECT_THAT(words, HasSubstr("PERSONA_PUBLIC_URL is not set"));
    EXPECT_THAT(words, Not(HasSubstr("0123456789")));
    EXPECT_THAT(portraits_by(settings({{"FAL_KEY", "key-0123456789"}, {"PERSONA_PUBLIC_URL", "https://p.example.org"}})), HasSubstr("/fal/webhook"));
    EXPECT_EQ(enhancement_by(settings({{"PERSONA_ENHANCE_ENGINE", "off"}})), "switched off");
    EXPECT_EQ(enhancement_by(settings({{"FAL_KEY", "key-0123456789"}, {"PERSONA_ENHANCE_URL", "https://user:pass@gpu.example.org"}})),
              "the server of PERSONA_ENHANCE_URL");
}

}  // namespace
}  // namespace persona::app
