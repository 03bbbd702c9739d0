#include <gtest/gtest.h>

#include "ai/local/repetition.hpp"
#include "ai/local/vocabulary.hpp"
#include "base/error.hpp"
#include "support/temporary_folder.hpp"

namespace persona::ai {
namespace {

using Ids = std::vector<std::int64_t>;

Ids times(int count, const Ids& phrase, Ids before = {}) {
    while (count-- > 0) before.insert(before.end(), phrase.begin(), phrase.end());
    return before;
}

TEST(Repetition, FindsALoopAndKeepsItOnce) {
    struct Case {
        Ids tokens;
        std::optional<std::size_t> keep;
    };
    for (const Case& c : {Case{{}, {}},
                          {times(7, {5}), {}},
                          {times(8, {5}), 1},
                          {times(8, {5}, {1, 2}), 3},
                          {times(7, {5, 6}), {}},
                          {times(8, {5, 6}), 2},
                          {times(3, {4, 5, 6, 7}), {}},
                          {times(4, {4, 5, 6, 7}), 4},
                          {times(4, {4, 5, 6, 7, 8}, {9}), 6},
                          {times(4, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), 12}})
        EXPECT_EQ(without_loop(c.tokens), c.keep) << testing::PrintToString(c.tokens);
}

TEST(Vocabulary, JoinsPiecesToText) {
    const Vocabulary vocabulary({"<unk>", "<s>", "</s>", "<0xD0>", "<0x9F>", "\xE2\x96\x81He", "llo", "\xE2\x96\x81world", ".", "<0x4G>"});
    struct Case {
        Ids ids;
        std::string text;
    };
    for (const Case& c :
         {Case{{}, ""}, {{1, 5, 6, 7, 8, 2}, "Hello world."}, {{5, 99, -4, 6}, "Hello"}, {{3, 4}, "П"}, {{3, 5}, "\xEF\xBF\xBD He"}, {{9}, "<0x4G>"}})
        EXPECT_EQ(vocabulary.text(c.ids), c.text);
}

TEST(Vocabulary, AShortFileIsCorrupt) {
    const TemporaryFolder folder;
    EXPECT_THROW(Vocabulary::read(folder.file("short", "a\nb\n")), Corrupt);
    EXPECT_THROW(Vocabulary::read(folder.path() / "absent"), Corrupt);
}

}  // namespace
}  // namespace persona::ai
