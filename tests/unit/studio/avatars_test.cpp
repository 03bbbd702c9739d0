#include "studio/avatars/avatars.hpp"

#include "avatar_room.hpp"

namespace persona::avatars {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Avatars : AvatarRoom {};

constexpr postgres::Query dump{
    "test.dump",
    "SELECT (SELECT string_agg(a::text, ' ') FROM user_avatars a) || (SELECT coalesce(string_agg(p::text, ' '), '') FROM avatar_photos p)"};
constexpr postgres::Query aged{"test.aged", "UPDATE user_avatars SET updated_at = updated_at - interval '31 days' WHERE id = $1::uuid"};
constexpr postgres::Query left_rows{"test.left",
                                    "SELECT format('%s avatars, %s photos, %s files, %s images, %s documents', (SELECT count(*) FROM user_avatars),"
                                    " (SELECT count(*) FROM avatar_photos), (SELECT count(*) FROM avatar_files),"
                                    " (SELECT count(*) FROM user_images), (SELECT count(*) FROM user_documents))"};

TEST_F(Avatars, A1_APersonHasOneDraftAndGoesOnWithIt) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId first = co_await draft_of(pool, "a", 1);
        co_await commit(pool, beginning(AvatarId(Uuid::v7())));
        const auto kept = co_await draft(pool, ann, key, soon());
        EXPECT_EQ(kept->id, first);
        EXPECT_EQ(kept->photos, 1);
        EXPECT_EQ(kept->number, 1);
        EXPECT_EQ(co_await draft(pool, bob, key, soon()), std::nullopt);
        EXPECT_THAT(co_await all(pool, ann, key, soon()), IsEmpty()) << "a draft is not listed";
    });
}

TEST_F(Avatars, A1_NobodyHasMoreThanTwenty) {
    with([&](Pool& pool) -> Task<void> {
        for (int i = 0; i < most_avatars; ++i) {
            const AvatarId id = co_await draft_of(pool, "a" + std::to_string(i) + ".", 1);
            co_await commit(pool, submitting(id, 0, ann, 1));
        }
        EXPECT_EQ(co_await outcome(pool, beginning(AvatarId(Uuid::v7()))), Refused::too_many_avatars);
        co_await commit(pool, beginning(AvatarId(Uuid::v7()), bob));
    });
}

TEST_F(Avatars, A17_WhatIsSaidOfAPersonIsSealed) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a");
        Work work;
        describe(work, ann, key, id, "Confidential Anna", ai::Gender::female);
        co_await commit(pool, std::move(work));
        co_await commit(pool, submitting(id));
        co_await commit(pool, finishing(id));
        const Avatar found = co_await look(pool, id);
        EXPECT_EQ(found.name, "Confidential Anna");
        EXPECT_EQ(found.gender, ai::Gender::female);
        EXPECT_EQ((co_await model(pool, ann, key, id, soon()))->model, "the lesson");
        // bytea is shown in hexadecimal digits: the words are looked for as such too.
        for (const std::string_view clear : {"Confidential", "female", "the lesson", "likeness"}) {
            const std::string rows = co_await word(pool, dump);
            EXPECT_THAT(rows, Not(HasSubstr(clear)));
            EXPECT_THAT(rows, Not(HasSubstr(to_hex(as_bytes(clear)))));
        }
    });
}

TEST_F(Avatars, A2_PhotosKeepTheirOrderAndWhatIsKnownOfThem) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a", 0);
        std::vector<Photo> sent{photo("z"), photo("y"), photo("x")};
        sent[1].likeness = 0x8000'0000'0000'0001ull;
        sent[1].clearness = 0.25;
        for (const Photo& one : sent) co_await commit(pool, adding(id, one));
        EXPECT_EQ(co_await photos(pool, ann, key, id, soon()), sent);
        EXPECT_THAT(co_await photos(pool, bob, key, id, soon()), IsEmpty());
    });
}

TEST_F(Avatars, A6_TheSameBytesAreRefusedInThisAvatarAndTakenInAnother) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId first = co_await draft_of(pool, "a");
        EXPECT_EQ(co_await outcome(pool, adding(first, photo("a1"))), Refused::same_photo);
        EXPECT_EQ((co_await look(pool, first)).photos, least);
        co_await commit(pool, submitting(first));
        const AvatarId second = co_await draft_of(pool, "b", 0);
        co_await commit(pool, adding(second, photo("a1")));
        EXPECT_EQ((co_await look(pool, second)).photos, 1);
    });
}

TEST_F(Avatars, A8_AnotherThanTheLastIsRefusedAndOneTakenOutMakesRoom) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a", most);
        EXPECT_EQ(co_await outcome(pool, adding(id, photo("one more"))), Refused::too_many_photos);
        const auto there = co_await photos(pool, ann, key, id, soon());
        Work work;
        remove_photo(work, ann, there[3].id);
        remove_photo(work, ann, there[3].id);
        co_await commit(pool, std::move(work));
        co_await commit(pool, adding(id, photo("one more")));
        const auto after = co_await photos(pool, ann, key, id, soon());
        EXPECT_EQ(after.size(), 20u);
        EXPECT_EQ(after.back().original, "one more") << "what comes last stands last, whatever was taken out";
        EXPECT_THAT(co_await blobs(pool), Not(HasSubstr("a4.picture")));
    });
}

TEST_F(Avatars, APhotoIsForADraftOfOnesOwn) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a");
        EXPECT_EQ(co_await outcome(pool, adding(id, photo("b"), most, bob)), Refused::no_draft);
        EXPECT_EQ(co_await outcome(pool, adding(AvatarId(Uuid::v7()), photo("b"))), Refused::no_draft);
        const auto there = co_await photos(pool, ann, key, id, soon());
        Work foreign;
        remove_photo(foreign, bob, there[0].id);
        co_await commit(pool, std::move(foreign));
        co_await commit(pool, submitting(id));
        EXPECT_EQ(co_await outcome(pool, adding(id, photo("b"))), Refused::no_draft);
        Work late;
        remove_photo(late, ann, there[0].id);
        co_await commit(pool, std::move(late));
        EXPECT_EQ((co_await look(pool, id)).photos, least) << "a training's photos stay";
    });
}

TEST_F(Avatars, A14_ASubmitNeedsItsPhotosAndTheAttemptThatWasShown) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId few = co_await draft_of(pool, "a", least - 1);
        EXPECT_EQ(co_await outcome(pool, submitting(few)), Refused::too_few_photos);
        co_await commit(pool, adding(few, photo("the tenth")));
        EXPECT_EQ(co_await outcome(pool, submitting(few, 1)), Refused::other_attempt);
        EXPECT_EQ(co_await outcome(pool, submitting(few, 0, bob)), Refused::other_attempt);
        co_await commit(pool, submitting(few));
        EXPECT_EQ(co_await outcome(pool, submitting(few)), Refused::other_attempt) << "it is in training";
        EXPECT_EQ(co_await outcome(pool, submitting(few, 1)), Refused::other_attempt);
        const Avatar found = co_await look(pool, few);
        EXPECT_EQ(found.state, State::training);
        EXPECT_EQ(found.attempt, 1);
        EXPECT_EQ(found.preview, "a1.preview");
        EXPECT_TRUE(found.main) << "the first one is the main one";
    });
}

TEST_F(Avatars, A25_AFailedTrainingKeepsItsPhotosAndMayBeTriedAgain) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await in_training(pool, "a");
        co_await commit(pool, failing(id, 2, "refused"));
        EXPECT_EQ((co_await look(pool, id)).state, State::training) << "another attempt's end is nothing to this one";
        co_await commit(pool, failing(id, 1, "photos"));
        Avatar found = co_await look(pool, id);
        EXPECT_EQ(found.state, State::failed);
        EXPECT_EQ(found.reason, "photos");
        EXPECT_EQ(found.photos, least);
        EXPECT_EQ(co_await outcome(pool, finishing(id)), Refused::other_attempt) << "what failed is not made ready";
        co_await commit(pool, submitting(id, 1));
        found = co_await look(pool, id);
        EXPECT_EQ(found.attempt, 2);
        EXPECT_EQ(found.reason, "");
        EXPECT_EQ(co_await outcome(pool, finishing(id, 1)), Refused::other_attempt) << "the first attempt comes too late";
        co_await commit(pool, finishing(id, 2));
        EXPECT_EQ((co_await look(pool, id)).state, State::ready);
    });
}

TEST_F(Avatars, A27_ReadyOnceWithTheFilesInTheirOrder) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await in_training(pool, "a");
        EXPECT_EQ(co_await model(pool, ann, key, id, soon()), std::nullopt);
        co_await commit(pool, finishing(id, 1, {"z.lora", "b.json"}, false, "fal"));
        EXPECT_EQ(co_await outcome(pool, finishing(id, 1, {"other"})), Refused::other_attempt);
        co_await commit(pool, failing(id, 1, "late"));
        const auto kept = co_await model(pool, ann, key, id, soon());
        EXPECT_THAT(kept->blobs, ElementsAre("z.lora", "b.json"));
        EXPECT_EQ(kept->provider, "fal") << "who trained it, whomever it was submitted to";
        EXPECT_EQ((co_await look(pool, id)).provider, "fal");
        EXPECT_EQ(co_await model(pool, bob, key, id, soon()), std::nullopt);
        EXPECT_EQ((co_await look(pool, id)).state, State::ready);
        EXPECT_THAT(co_await blobs(pool), Not(HasSubstr("other"))) << "what was refused left nothing";
    });
}

TEST_F(Avatars, A39_OnlyThePreviewStaysOfPhotosThatAreDropped) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await in_training(pool, "a");
        co_await commit(pool, finishing(id, 1, {"lora"}, true));
        EXPECT_THAT(co_await photos(pool, ann, key, id, soon()), IsEmpty());
        EXPECT_EQ(co_await blobs(pool), "a1.preview lora");
        EXPECT_EQ((co_await look(pool, id)).preview, "a1.preview");
    });
}

TEST_F(Avatars, A36_DeletedItTakesItsRowsAndFilesAlong) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await trained(pool, "a", {"lora"});
        Work work;
        add_blob(work, "portrait");
        portraits::add(work, ann, {.id = Uuid::v7(), .avatar = id, .style = "noir", .aspect = "square", .blob = "portrait", .file_name = "p.jpg"});
        co_await commit(pool, std::move(work));
        co_await commit(pool, erasing(id, bob));
        EXPECT_EQ(co_await word(pool, left_rows), "1 avatars, 10 photos, 1 files, 1 images, 1 documents");
        EXPECT_EQ((co_await look(pool, id)).images, 1);
        co_await commit(pool, erasing(id));
        co_await commit(pool, erasing(id));
        EXPECT_EQ(co_await word(pool, left_rows), "0 avatars, 0 photos, 0 files, 0 images, 0 documents");
        EXPECT_EQ(co_await blobs(pool), "");
    });
}

TEST_F(Avatars, A36_AfterTheMainOneTheNewestReadyOneIsMain) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId first = co_await trained(pool, "a");
        const AvatarId older = co_await trained(pool, "b"), newer = co_await trained(pool, "c");
        const AvatarId training = co_await in_training(pool, "d");
        co_await draft_of(pool, "e", 1);
        const auto listed = co_await all(pool, ann, key, soon());
        std::vector<AvatarId> order;
        for (const Avatar& one : listed) order.push_back(one.id);
        EXPECT_THAT(order, ElementsAre(first, training, newer, older)) << "A33: the main one, then the newest";
        co_await commit(pool, erasing(older));
        EXPECT_TRUE((co_await look(pool, first)).main) << "another's end changes nothing";
        co_await commit(pool, erasing(first));
        EXPECT_TRUE((co_await look(pool, newer)).main);
        co_await commit(pool, erasing(newer));
        EXPECT_TRUE((co_await look(pool, training)).main);
        co_await commit(pool, erasing(training));
        EXPECT_THAT(co_await all(pool, ann, key, soon()), IsEmpty()) << "a draft is nobody's main one";
    });
}

TEST_F(Avatars, AFileThatIsNamedElsewhereStays) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId first = co_await trained(pool, "a", {"shared", "alone"});
        const AvatarId second = co_await draft_of(pool, "b", 0);
        co_await commit(pool, adding(second, photo("a1")));
        co_await commit(pool, adding(second, photo("shared")));
        Work work;
        portraits::add(work, ann, {.id = Uuid::v7(), .blob = "a2.preview", .file_name = "enhanced.jpg"});
        co_await commit(pool, std::move(work));
        co_await commit(pool, erasing(first));
        EXPECT_EQ(co_await blobs(pool), "a1 a1.picture a1.preview a2.preview shared shared.picture shared.preview");
        co_await commit(pool, erasing(second));
        EXPECT_EQ(co_await blobs(pool), "a2.preview");
    });
}

TEST_F(Avatars, DraftsThatNobodyTouchesAreForgottenWithTheirPhotos) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId kept = co_await in_training(pool, "a"), old = co_await draft_of(pool, "b", 2);
        const AvatarId fresh = co_await draft_of(pool, "c", 1, bob);
        Work work;
        work.add(aged, kept), work.add(aged, old);
        co_await commit(pool, std::move(work));
        EXPECT_EQ(co_await forget_drafts(pool, std::chrono::days(30), soon()), 1);
        EXPECT_EQ(co_await forget_drafts(pool, std::chrono::days(30), soon()), 0);
        EXPECT_EQ(co_await draft(pool, ann, key, soon()), std::nullopt);
        EXPECT_EQ((co_await draft(pool, bob, key, soon()))->id, fresh);
        EXPECT_EQ((co_await look(pool, kept)).photos, least) << "no draft, however old";
        EXPECT_THAT(co_await blobs(pool), Not(HasSubstr("b1")));
    });
}

TEST_F(Avatars, APhotoThatComesKeepsTheDraftAlive) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a", 1);
        Work work;
        work.add(aged, id);
        co_await commit(pool, std::move(work));
        co_await commit(pool, adding(id, photo("b")));
        EXPECT_EQ(co_await forget_drafts(pool, std::chrono::days(30), soon()), 0);
    });
}

}  // namespace
}  // namespace persona::avatars
