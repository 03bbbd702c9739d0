#include "ops/supervise/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "scratch.hpp"

namespace persona::ops {
namespace {

using testing::HasSubstr;

std::string refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const BadConfig& e) { return e.what(); }
    return "";
}

struct stat stat_of(const std::filesystem::path& path) {
    struct stat info{};
    EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
    return info;
}

}  // namespace

TEST(DataFolder, IsForItsOwnerOnly) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    for (const auto& folder : {data.path(), data.records(), data.logs()}) {
        EXPECT_EQ(stat_of(folder).st_mode & 0777, 0700u) << folder;
        EXPECT_EQ(stat_of(folder).st_uid, data.owner()) << folder;
    }
    EXPECT_NE(data.owner(), 0u) << "nothing works on it as root";
}

TEST(DataFolder, ASecondUpIsRefusedUntilTheFirstIsGone) {
    const Scratch scratch;
    {
        const DataFolder first(scratch.path / "data", service_account());
        EXPECT_THAT(refusal([&] { DataFolder(scratch.path / "data", service_account()); }), HasSubstr("process " + std::to_string(::getpid())));
    }
    EXPECT_EQ(refusal([&] { DataFolder(scratch.path / "data", service_account()); }), "");
}

TEST(DataFolder, TheLockGoesWithAKilledProcess) {
    const Scratch scratch;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const DataFolder held(scratch.path / "data", service_account());
        std::ignore = ::write(ends[1], "x", 1);
        ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(ends[0], &byte, 1), 1);
    EXPECT_THAT(refusal([&] { DataFolder(scratch.path / "data", service_account()); }), HasSubstr("process " + std::to_string(child)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(refusal([&] { DataFolder(scratch.path / "data", service_account()); }), "");
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(DataFolder, APlaceThatTheAccountCannotReachIsRefusedByName) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can make such a place";
    const Scratch scratch;
    std::filesystem::create_directory(scratch.path / "closed");
    ::chmod((scratch.path / "closed").c_str(), 0700);
    EXPECT_THAT(refusal([&] { DataFolder(scratch.path / "closed" / "data", service_account()); }),
                HasSubstr("PERSONA_DATA: the user persona cannot enter"));
}

TEST(DataFolder, RootFollowsNoLinkThatTheAccountLeft) {
    const Scratch scratch;
    std::filesystem::create_directories(scratch.path / "data");
    std::filesystem::create_directory(scratch.path / "victim");
    ::chmod((scratch.path / "victim").c_str(), 0755);
    std::filesystem::create_directory_symlink(scratch.path / "victim", scratch.path / "data" / "log");
    EXPECT_THROW(DataFolder(scratch.path / "data", service_account()), Error);
    EXPECT_EQ(stat_of(scratch.path / "victim").st_mode & 0777, 0755u);
    EXPECT_EQ(stat_of(scratch.path / "victim").st_uid, ::geteuid());
}

TEST(SocketFolder, LongPathsMoveToAShortFolderOfAStableName) {
    EXPECT_EQ(socket_folder("/var/lib/persona"), "/var/lib/persona/run");
    const std::filesystem::path deep = "/srv/" + std::string(90, 'x');
    EXPECT_LE((socket_folder(deep) / ".s.PGSQL.5432.lock").string().size(), 100u);
    EXPECT_EQ(socket_folder(deep), socket_folder(deep));
    EXPECT_NE(socket_folder(deep), socket_folder(deep.string() + "y"));
}

TEST(SocketFolder, AFolderThatSomebodyElseMadeIsRefused) {
    const Scratch scratch;
    const DataFolder data(scratch.path / std::string(90, 'x'), service_account());
    const auto folder = socket_folder(data.path());
    make_socket_folder(data);
    EXPECT_EQ(stat_of(folder).st_uid, data.owner());
    EXPECT_EQ(refusal([&] { make_socket_folder(data); }), "") << "its own is taken again";
    ::chmod(folder.c_str(), 0755);
    EXPECT_THAT(refusal([&] { make_socket_folder(data); }), HasSubstr(folder.string()));
    std::filesystem::remove(folder);
    std::filesystem::create_directory_symlink("/tmp", folder);
    EXPECT_THAT(refusal([&] { make_socket_folder(data); }), HasSubstr(folder.string()));
    std::filesystem::remove(folder);
}

}  // namespace persona::ops
