#include "ai/local/extractive/engine.hpp"

#include <gtest/gtest.h>

namespace persona::ai {
namespace {

TEST(Extractive, NothingToReadIsRefused) {
    for (const char* text : {"", " \n\t ", "...", "[00:00:01]\n", "[BLANK_AUDIO]"}) {
        const auto document = ExtractiveEngine().produce(Output::summary, {text}, {});
        ASSERT_FALSE(document) << text;
        EXPECT_EQ(document.error(), TextError::empty_transcript);
    }
}

}  // namespace
}  // namespace persona::ai
