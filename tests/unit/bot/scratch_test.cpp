#include <gtest/gtest.h>
#include <unistd.h>

#include "bot/work/workshop.hpp"
#include "support/temporary_folder.hpp"

namespace persona::bot {

TEST(Scratch, WhatADeadProcessLeftIsRemovedAndALivingOnesFilesStay) {
    const TemporaryFolder folder;
    const auto dead = folder.file("2147483646-recording", "speech"), nameless = folder.file("recording", "speech");
    const auto living = folder.file(std::to_string(::getppid()) + "-recording", "speech"),
               own = folder.file(std::to_string(::getpid()) + "-old", "speech");
    open_scratch(folder.path());
    EXPECT_FALSE(std::filesystem::exists(dead));
    EXPECT_FALSE(std::filesystem::exists(nameless));
    EXPECT_FALSE(std::filesystem::exists(own)) << "a number that came back to us";
    EXPECT_TRUE(std::filesystem::exists(living));
}

TEST(Scratch, AFileIsGoneWithItsObject) {
    const TemporaryFolder folder;
    std::filesystem::path path;
    {
        const Scratch file(folder.path());
        path = folder.file(file.path().filename().string(), "speech");
        EXPECT_TRUE(std::filesystem::exists(file.path()));
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace persona::bot
