#include "storage/blob_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>

#include "async/task_group.hpp"
#include "storage/blob_file.hpp"
#include "support/run.hpp"

namespace persona::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr UserId ann{1};
constexpr std::size_t plenty = 1 << 24;
const vault::Key ann_key = vault::Key::random(), bob_key = vault::Key::random();

std::vector<fs::path> files_in(const fs::path& root) {
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file()) out.push_back(entry.path());
    return out;
}
std::string slurp(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void spit(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::binary) << text; }

struct Blobs : testing::Test {
    fs::path folder = fs::temp_directory_path() / ("persona-blobs-" + Uuid::v7().text());
    asio::io_context io{1};
    CpuPool cpu{2};
    BlobStore store{cpu, {.folder = folder / "blobs"}};

    ~Blobs() override { fs::remove_all(folder); }
    auto run(auto body) { return persona::run(io, std::move(body)); }
    Stored put(std::string content, const vault::Key& key = ann_key) {
        return run([&] { return store.put(ann, key, content); });
    }
    std::string read(const BlobName& name, const vault::Key& key = ann_key, std::size_t most = plenty) {
        return run([&] { return store.read(name, key, most); });
    }
    fs::path only_file() const {
        const auto all = files_in(folder);
        EXPECT_EQ(all.size(), 1u);
        return all.at(0);
    }
};

TEST_F(Blobs, WhatWasPutIsReadAtEverySize) {
    for (const std::size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 131'072u, 1'000'003u}) {
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31 + i / 251);
        const Stored stored = put(content);
        EXPECT_EQ(stored.bytes, static_cast<std::int64_t>(size));
        EXPECT_EQ(read(stored.name), content) << size;
    }
}

TEST_F(Blobs, TheSameContentOfAUserIsStoredOnceAndOfAnotherApart) {
    const Stored first = put("photo"), again = put("photo"), other = put("photo", bob_key);
    EXPECT_EQ(first.name, again.name);
    EXPECT_NE(first.name, other.name);
    EXPECT_EQ(files_in(folder).size(), 2u);
}

TEST_F(Blobs, NothingReadableStandsInTheFolder) {
    put("a very readable sentence");
    EXPECT_THAT(slurp(only_file()), Not(HasSubstr("readable")));
    EXPECT_EQ(fs::status(only_file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Blobs, AFileIsPutAndReadBackIntoAnother) {
    spit(folder / "in", std::string(200'000, 'x'));
    const Stored stored = run([&] { return store.put_file(ann, ann_key, folder / "in"); });
    run([&] { return store.read_to(stored.name, ann_key, folder / "out"); });
    EXPECT_EQ(slurp(folder / "out"), std::string(200'000, 'x'));
    EXPECT_THROW(run([&] { return store.read_to(stored.name, ann_key, folder / "out"); }), Unavailable) << "it never overwrites";
    EXPECT_THROW(run([&] { return store.put_file(ann, ann_key, folder / "missing"); }), Error);
}

TEST_F(Blobs, AReaderGivesTheContentInAnyPortions) {
    std::string content(150'000, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i % 253);
    const Stored stored = put(content);
    const auto read_all = [&]() -> Task<std::string> {
        BlobReader reader = co_await store.open(stored.name, ann_key);
        std::string out, buffer(7'001, '\0');
        while (const auto size = co_await reader.read(buffer)) out.append(buffer, 0, size);
        co_return out;
    };
    EXPECT_EQ(run(read_all), content);
}

TEST_F(Blobs, ReadsAreBounded) {
    const Stored stored = put(std::string(100, 'x'));
    EXPECT_EQ(read(stored.name, ann_key, 100).size(), 100u);
    EXPECT_THROW(read(stored.name, ann_key, 99), Corrupt);
}

TEST_F(Blobs, WhatWasChangedCutMovedOrIsAnothersDoesNotOpen) {
    const Stored stored = put(std::string(150'000, 'x'));
    const fs::path file = only_file();
    const std::string whole = slurp(file);
    EXPECT_THROW(read(stored.name, bob_key), Corrupt);
    EXPECT_THROW(read(BlobName(std::string(64, 'a'))), Corrupt) << "missing";
    EXPECT_THROW(read(BlobName("../../etc/passwd")), Corrupt);
    for (const std::size_t at : {0u, 10u, 40u, 66'000u, static_cast<unsigned>(whole.size() - 1)}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        spit(file, changed);
        EXPECT_THROW(read(stored.name), Corrupt) << at;
    }
    for (const std::size_t size : {0u, 20u, 32u, 32u + 65'553u, 32u + 2 * 65'553u, static_cast<unsigned>(whole.size() - 1)}) {
        spit(file, whole.substr(0, size));
        EXPECT_THROW(read(stored.name), Corrupt) << size;
    }
    spit(file, whole + "x");
    EXPECT_THROW(read(stored.name), Corrupt) << "longer";
    const Stored other = put("other");
    fs::copy_file(folder / "blobs" / other.name.value.substr(0, 2) / other.name.value, file, fs::copy_options::overwrite_existing);
    EXPECT_THROW(read(stored.name), Corrupt) << "under another's name";
}

TEST_F(Blobs, AReadThatFailsLeavesNothingBehind) {
    const Stored stored = put(std::string(150'000, 'x'));
    fs::resize_file(only_file(), 100'000);
    EXPECT_THROW(run([&] { return store.read_to(stored.name, ann_key, folder / "out"); }), Corrupt);
    EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(Blobs, PutsOfOneContentAtOnceAgree) {
    const auto both = [&]() -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        std::set<BlobName> names;
        for (int i = 0; i < 4; ++i)
            group.spawn("put", [](BlobStore& into, std::set<BlobName>& all) -> Task<void> {
                all.insert((co_await into.put(ann, ann_key, std::string(300'000, 'x'))).name);
            }(store, names));
        co_await group.join(Deadline::after(20s));
        EXPECT_EQ(names.size(), 1u);
    };
    run(both);
    EXPECT_EQ(files_in(folder).size(), 1u);
}

// kill -9 after each step: nothing, an orphan, or the whole blob; never a part under a name.
TEST_F(Blobs, AKillAtAnyStepLeavesAtMostAnOrphanAndASecondPutSucceeds) {
    const std::string content(200'000, 'k');
    for (const PutStep step : {PutStep::begun, PutStep::written, PutStep::synced, PutStep::named, PutStep::done}) {
        const fs::path root = folder / std::to_string(static_cast<int>(step));
        const pid_t child = ::fork();
        if (child == 0) {
            CpuPool own(1);
            BlobStore dying(own, {.folder = root, .after_step = [&](PutStep now) {
                                      if (now == step) ::kill(::getpid(), SIGKILL);
                                  }});
            persona::run([&] { return dying.put(ann, ann_key, content); });
            ::_exit(1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        EXPECT_EQ(files_in(root).size(), 1u);
        const bool named = step >= PutStep::named;
        EXPECT_EQ(files_in(root / "tmp").size(), named ? 0u : 1u);
        BlobStore next(cpu, {.folder = root});
        const Stored stored = run([&] { return next.put(ann, ann_key, content); });
        EXPECT_EQ(run([&] { return next.read(stored.name, ann_key, plenty); }), content);
    }
}

}  // namespace
}  // namespace persona::storage
