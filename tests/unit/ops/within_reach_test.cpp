#include "ops/supervise/within_reach.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "ops/supervise/child.hpp"
#include "scratch.hpp"
#include "support/run.hpp"

namespace persona::ops {
namespace fs = std::filesystem;

TEST(WithinReach, AFolderThatTheAccountCanEnterStays) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    EXPECT_EQ(within_reach(data, "/usr/bin", {"id"}, "program"), "/usr/bin");
    EXPECT_FALSE(fs::exists(data.path() / "program"));
}

TEST(WithinReach, WhatOnlyRootCanEnterIsCopiedRunsAndIsRenewed) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can make such a folder";
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    const fs::path closed = scratch.path / "closed";
    fs::create_directories(closed / "pages" / "deep");
    fs::copy_file("/usr/bin/id", closed / "id");
    std::ofstream(closed / "pages" / "deep" / "index.html") << "one";
    ::chmod(closed.c_str(), 0700);
    ::chmod((closed / "pages").c_str(), 0700);

    const fs::path copy = within_reach(data, closed, {"id", "pages", "missing"}, "program");
    EXPECT_EQ(copy, data.path() / "program");
    run([&]() -> Task<> {
        ChildSpec spec{.name = "reads",
                       .launch = {.command = {"/bin/sh", "-c", "./id -un && cat pages/deep/index.html"},
                                  .environment = environment_with({}),
                                  .account = data.account(),
                                  .folder = copy,
                                  .log = scratch.path / "log"}};
        Child child(co_await asio::this_coro::executor, spec, data.records());
        const Exit exit = co_await child.ended();
        EXPECT_TRUE(exit.clean()) << exit.text();
    });
    EXPECT_EQ(tail(scratch.path / "log"), "persona\none");

    std::ofstream(closed / "pages" / "deep" / "index.html") << "another";
    within_reach(data, closed, {"id", "pages"}, "program");
    EXPECT_EQ(tail(copy / "pages" / "deep" / "index.html"), "another");
}

}  // namespace persona::ops
