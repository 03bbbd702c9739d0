#include "studio/transcripts/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/transcripts/name.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::transcripts {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr UserId ann{1}, bob{2};
Deadline soon() { return Deadline::after(20s); }
const Time noon = *from_iso("2026-11-22T12:00:00Z");

constexpr postgres::Query add_blob{
    "test.blob", "INSERT INTO blobs (name, owner, bytes, expires_at) VALUES ($1, $2::bigint, 1, now() + make_interval(hours => $3::int))"};
constexpr postgres::Query count_blobs{"test.blobs", "SELECT count(*) FROM blobs"};
constexpr postgres::Query count_documents{"test.documents", "SELECT count(*) FROM user_documents"};
constexpr postgres::Query dump{
    "test.dump", "SELECT string_agg(t::text, ' ') || (SELECT coalesce(string_agg(d::text, ' '), '') FROM user_documents d) FROM user_transcripts t"};

// A database with two users whose data keys are known.
struct Library : testing::Test {
    std::string dsn = test::postgres_dsn();
    vault::Key key = vault::Key::random();
    std::int64_t numbers = 0;

    void with(auto body) {
        run([&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 4});
            co_await test::add_people(pool, 2, {});
            co_await body(pool);
            pool.close();
        });
    }
    static Task<void> commit(postgres::Pool& pool, postgres::Work work) {
        if (!co_await pool.commit(std::move(work), soon())) throw Error("refused");
    }
    // A transcript; each younger than the one before.
    Task<TranscriptId> keep(postgres::Pool& pool, std::string text, std::string name = "", UserId user = ann) {
        const TranscriptId id(Uuid::v7());
        ++numbers;
        postgres::Work work;
        save(work, user, key,
             {.id = id,
              .number = numbers,
              .source = "audio",
              .language = "en",
              .duration = 200s,
              .lines = {{0ms, 1s, text, "Anna"}, {1s, 2s, "end"}},
              .created_at = noon + std::chrono::minutes(numbers),
              .name = name});
        co_await commit(pool, std::move(work));
        co_return id;
    }
    static Task<Uuid> file(postgres::Pool& pool, TranscriptId transcript, std::string kind, std::string blob, int hours = 24, UserId user = ann) {
        const Uuid id = Uuid::v7();
        postgres::Work work;
        if (!blob.empty() && hours > 0) work.add(add_blob, blob, user, hours);
        add_document(work, user, {.id = id, .transcript = transcript, .kind = kind, .file_name = kind + ".txt", .blob = blob, .operation = {}});
        co_await commit(pool, std::move(work));
        co_return id;
    }
    Task<std::vector<std::string>> names(postgres::Pool& pool, int skip = 0, int most = 10) {
        std::vector<std::string> out;
        for (const Entry& one : co_await entries(pool, ann, key, skip, most, soon())) out.push_back(one.name);
        co_return out;
    }
};

}  // namespace

TEST_F(Library, T23_ListsNewestFirstWithWhatWasMadeOfEach) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto first = co_await keep(pool, "one", "a");
        co_await keep(pool, "two", "b");
        co_await keep(pool, "bob's", "c", bob);
        for (const char* kind : {"transcript", "summary", "mom", "summary"}) co_await file(pool, first, kind, "");
        const auto all = co_await entries(pool, ann, key, 0, 10, soon());
        EXPECT_EQ(all.size(), 2u);
        EXPECT_EQ(all[0].name, "b");
        EXPECT_TRUE(all[0].current) << "the newest was kept last";
        EXPECT_THAT(all[1].made, ElementsAre("transcript", "summary", "mom"));
        EXPECT_EQ(all[1].duration, 200s);
        EXPECT_THAT(co_await names(pool, 1, 1), ElementsAre("a"));
        EXPECT_THAT(co_await names(pool, 2, 10), IsEmpty());
    });
}

TEST_F(Library, WithoutANameTheFileGivesIt) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto id = co_await keep(pool, "one");
        EXPECT_EQ((co_await entry(pool, ann, key, id, soon()))->name, "");
        co_await file(pool, id, "transcript", "");
        EXPECT_EQ((co_await entry(pool, ann, key, id, soon()))->name, "transcript.txt");
    });
}

TEST_F(Library, NothingOfItIsReadableInTheDatabase) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto id = co_await keep(pool, "confidential merger", "Merger with Initech");
        postgres::Work work;
        rename(work, ann, key, id, "Renamed merger");
        co_await commit(pool, std::move(work));
        EXPECT_EQ((co_await entry(pool, ann, key, id, soon()))->name, "Renamed merger");
        const auto found = co_await find(pool, ann, key, id, soon());
        EXPECT_EQ(found->name, "Renamed merger");
        EXPECT_EQ(found->lines[0].speaker, "Anna");
        EXPECT_EQ(found->lines[1].speaker, "");
        const auto rows = co_await pool.read(soon(), dump);
        std::string stored = rows.value<std::string>();
        for (const std::string& word :
             {std::string("merger"), std::string("Merger"), std::string("Initech"), std::string("Anna"), to_hex(as_bytes("erger"))})
            EXPECT_THAT(stored, Not(HasSubstr(word)));
    });
}

TEST_F(Library, T15_AnyOfThemIsMadeCurrentAndOnlyOnesOwn) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto old = co_await keep(pool, "one");
        const auto mine = co_await keep(pool, "two");
        const auto foreign = co_await keep(pool, "three", "", bob);
        EXPECT_EQ((co_await current(pool, ann, key, soon()))->id, mine);
        for (const auto& [choice, expected] : {std::pair{old, old}, {foreign, old}, {TranscriptId(Uuid::v7()), old}}) {
            postgres::Work work;
            make_current(work, ann, choice);
            co_await commit(pool, std::move(work));
            EXPECT_EQ((co_await current(pool, ann, key, soon()))->id, expected);
        }
    });
}

TEST_F(Library, T24_DeletingTakesTheDocumentsAndFilesAndMovesTheCurrentOn) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto old = co_await keep(pool, "one"), middle = co_await keep(pool, "two"), young = co_await keep(pool, "three");
        co_await file(pool, middle, "summary", "alone");
        co_await file(pool, middle, "mom", "shared");
        co_await file(pool, old, "mom", "shared", 0);
        const auto gone = [&](TranscriptId id, UserId user = ann) -> Task<void> {
            postgres::Work work;
            erase(work, user, id);
            co_await commit(pool, std::move(work));
        };
        co_await gone(middle, bob);
        EXPECT_TRUE(co_await entry(pool, ann, key, middle, soon())) << "another user deletes nothing";
        co_await gone(middle);
        co_await gone(middle);
        EXPECT_FALSE(co_await entry(pool, ann, key, middle, soon()));
        EXPECT_EQ((co_await pool.read(soon(), count_documents)).value<int>(), 1);
        EXPECT_EQ((co_await pool.read(soon(), count_blobs)).value<int>(), 1) << "what another document holds stays";
        EXPECT_EQ((co_await current(pool, ann, key, soon()))->id, young);
        co_await gone(young);
        EXPECT_EQ((co_await current(pool, ann, key, soon()))->id, old);
        co_await gone(old);
        EXPECT_FALSE(co_await current(pool, ann, key, soon()));
        EXPECT_EQ((co_await pool.read(soon(), count_blobs)).value<int>(), 0);
    });
}

TEST_F(Library, T24_TheLastFileIsTheNewestAndItAloneGoes) {
    with([&](postgres::Pool& pool) -> Task<void> {
        EXPECT_FALSE(co_await last_document(pool, ann, soon()));
        const auto id = co_await keep(pool, "one");
        co_await file(pool, id, "transcript", "t");
        const Uuid summary = co_await file(pool, id, "summary", "s");
        const auto last = co_await last_document(pool, ann, soon());
        EXPECT_EQ(last->id, summary);
        EXPECT_TRUE(last->kept);
        postgres::Work work;
        erase_document(work, bob, summary);
        erase_document(work, ann, summary);
        co_await commit(pool, std::move(work));
        EXPECT_EQ((co_await last_document(pool, ann, soon()))->kind, "transcript");
        EXPECT_EQ((co_await pool.read(soon(), count_blobs)).value<int>(), 1);
    });
}

TEST_F(Library, AFileThatEndsWithinTheHourIsNotSentAgain) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const auto id = co_await keep(pool, "one");
        const Uuid kept = co_await file(pool, id, "summary", "s", 2), ending = co_await file(pool, id, "mom", "m", 1),
                   upload = co_await file(pool, id, "text", "");
        EXPECT_TRUE((co_await document(pool, ann, kept, soon()))->kept);
        EXPECT_FALSE((co_await document(pool, ann, ending, soon()))->kept);
        EXPECT_FALSE((co_await document(pool, ann, upload, soon()))->kept);
        EXPECT_FALSE(co_await document(pool, bob, kept, soon()));
        EXPECT_EQ((co_await documents_of(pool, ann, id, 10, soon())).size(), 2u);
    });
}

TEST(Names, AreTidiedAndBounded) {
    struct Case {
        std::string given;
        std::expected<std::string, NameFault> name;
    };
    std::string family;
    for (int i = 0; i < 81; ++i) family += "👩‍👧";
    const Case cases[] = {
        {"a", "a"},
        {"  Бюджет\t\n на  2027 ", "Бюджет на 2027"},
        {"<i>A&B_*", "<i>A&B_*"},
        {std::string(80, 'x'), std::string(80, 'x')},
        {std::string(81, 'x'), std::unexpected(NameFault::long_)},
        {family, std::unexpected(NameFault::long_)},
        {"👩‍👧 семья", "👩‍👧 семья"},
        {"", std::unexpected(NameFault::empty)},
        {" \xC2\xA0 ", std::unexpected(NameFault::empty)},
        {"a\x1b[31m", std::unexpected(NameFault::control)},
        {"\xff", std::unexpected(NameFault::control)},
    };
    for (const Case& c : cases) EXPECT_EQ(name_of(c.given), c.name) << c.given;
    EXPECT_EQ(name_of_file("A.TXT"), "A.TXT");
    EXPECT_EQ(name_of_file("a\x01"
                           "b.txt"),
              "a b.txt");
    EXPECT_EQ(name_of_file(std::string(300, 'y')), std::string(80, 'y'));
    EXPECT_EQ(name_of_file(""), "");
}

}  // namespace persona::transcripts
