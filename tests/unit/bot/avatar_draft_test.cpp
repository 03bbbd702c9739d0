// 📷 Создать аватар: photos, gender, name, the card, the order.
#include <gmock/gmock.h>

#include "bot/avatar_words.hpp"
#include "studio_of_photos.hpp"

namespace persona::bot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const char* const create = "📷 Создать аватар";

std::string of_photo(const char* data, int n) { return std::string(data) + ":" + compact(some_id(100 + n)); }

TEST(AvatarDraft, A1_BeginsOneDraftAndSaysWhatIsNeeded) {
    Talk talk;
    talk.say(create);
    const auto begun = talk.all<BeginAvatar>();
    ASSERT_THAT(begun, SizeIs(1));
    EXPECT_EQ(begun[0].id, talk.context.id(0));
    EXPECT_EQ(talk.state.place, Place::avatar_photos);
    for (const char* part : {"от 10 до 20", "512x512", "JPEG или PNG", "10.00 🪙", "100.00 🪙"}) EXPECT_THAT(talk.text(), HasSubstr(part));
}

TEST(AvatarDraft, A1_PressedAgainItGoesOnWithTheDraft) {
    Talk talk;
    talk.known.draft = draft_of(3);
    talk.say(create);
    EXPECT_THAT(talk.all<BeginAvatar>(), IsEmpty());
    EXPECT_EQ(talk.state.place, Place::avatar_photos);
    const auto shown = talk.all<Show>();
    ASSERT_THAT(shown, SizeIs(1));
    EXPECT_EQ(shown[0].picture, "preview2");
    EXPECT_EQ(shown[0].handle, gallery_message(some_id(1)));
    EXPECT_THAT(shown[0].caption, HasSubstr("Фото 3 из 3"));
}

TEST(AvatarDraft, A1_AvatarsAreBounded) {
    Talk talk;
    for (int i = 0; i < avatars::most_avatars; ++i) talk.known.avatars->push_back(avatar_of(i + 2, avatars::State::ready));
    talk.say(create);
    EXPECT_THAT(talk.all<BeginAvatar>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("20"));
}

TEST(AvatarDraft, PhotosThatComeGoToOneFreeJobEach) {
    Talk talk;
    talk.state.place = Place::avatar_photos;
    talk.known.draft = draft_of(2);
    talk.send(jpeg());
    const auto jobs = talk.all<StartJob>();
    ASSERT_THAT(jobs, SizeIs(1));
    EXPECT_EQ(jobs[0].kind, "photos");
    EXPECT_FALSE(jobs[0].payment);
    EXPECT_THAT(talk.all<Busy>(), SizeIs(1)) << "a sign of life";
    talk.event(SentAlbum{{sent(jpeg(), 1), sent(jpeg(), 2), sent(jpeg(), 3)}});
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1)) << "an album is one event";
    EXPECT_EQ(talk.all<StartJob>()[0].args.at("files").as_array().size(), 3u);
    EXPECT_THAT(talk.text(), HasSubstr("проверка фото: 3"));
}

TEST(AvatarDraft, A4_WhatIsTooLargeIsRefusedBeforeItIsFetched) {
    Talk talk;
    talk.state.place = Place::avatar_photos;
    talk.known.draft = draft_of(0);
    talk.send(jpeg((20 << 20) + 1));
    EXPECT_THAT(talk.text(), HasSubstr("Фото слишком большое. Максимальный размер: 20MB"));
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.inline_data(), ElementsAre("ok:"));
    talk.send(jpeg(20 << 20));
    EXPECT_THAT(talk.all<StartJob>(), SizeIs(1)) << "exactly the limit";
}

TEST(AvatarDraft, A16_AnImageSentAsAFileIsCheckedToo) {
    Talk talk;
    talk.state.place = Place::avatar_photos;
    talk.known.draft = draft_of(0);
    talk.send({.kind = telegram::FileKind::document, .id = "d", .name = "me.png", .mime = "image/png"});
    EXPECT_THAT(talk.all<StartJob>(), SizeIs(1));
    talk.send({.kind = telegram::FileKind::voice, .id = "v"});
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("Неподдерживаемый формат. Разрешены: jpg, jpeg, png"));
}

TEST(AvatarDraft, A8_AFullDraftTakesNoMore) {
    Talk talk;
    talk.state.place = Place::avatar_photos;
    talk.known.draft = draft_of(20);
    talk.send(jpeg());
    EXPECT_EQ(talk.text(), "Достигнут лимит фото (20). Удалите лишние фото, чтобы добавить новые.");
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
}

TEST(AvatarDraft, A12_TheGalleryGoesRoundAndIsNotHurried) {
    Talk talk;
    talk.known.draft = draft_of(3);
    talk.press(of_photo("avatar_gallery_next", 2));
    EXPECT_THAT(talk.caption(), HasSubstr("Фото 1 из 3"));
    talk.press(of_photo("avatar_gallery_prev", 0));
    EXPECT_EQ(talk.toast(), "Слишком быстро!");
    EXPECT_THAT(talk.all<Reshow>(), IsEmpty());
    talk.context.now += 700ms;
    talk.press(of_photo("avatar_gallery_prev", 0));
    EXPECT_THAT(talk.caption(), HasSubstr("Фото 3 из 3"));
    EXPECT_EQ(talk.all<Reshow>()[0].picture, "preview2");
    EXPECT_EQ(talk.all<Reshow>()[0].message, MessageId(8));
}

TEST(AvatarDraft, A13_ContinueIsThereWithTenPhotos) {
    for (const auto& [count, there] : {std::pair{9, false}, {10, true}}) {
        Talk talk;
        talk.known.draft = draft_of(count);
        talk.press(of_photo("avatar_gallery_next", 0));
        EXPECT_EQ(std::ranges::count(talk.inline_data(), "avatar_gallery_continue"), there ? 1 : 0) << count;
        EXPECT_THAT(talk.caption(), HasSubstr(there ? "Можно продолжать" : "Не хватает ещё 1 фото"));
    }
}

TEST(AvatarDraft, A14_AStaleContinueIsRefusedWithWhatIsMissing) {
    Talk talk;
    talk.state.place = Place::avatar_photos;
    talk.known.draft = draft_of(9);
    talk.press("avatar_gallery_continue");
    EXPECT_THAT(talk.toast(), HasSubstr("не хватает 1"));
    EXPECT_EQ(talk.state.place, Place::avatar_photos);
}

TEST(AvatarDraft, APhotoIsTakenOutByItsNameAndNeverByChance) {
    Talk talk;
    talk.known.draft = draft_of(3);
    talk.press(of_photo("avatar_gallery_delete", 1));
    ASSERT_THAT(talk.all<RemovePhoto>(), SizeIs(1));
    EXPECT_EQ(talk.all<RemovePhoto>()[0].photo, some_id(101));
    EXPECT_THAT(talk.caption(), HasSubstr("Фото 2 из 2"));
    talk.press("avatar_gallery_delete");  // of the old bot: it names none
    EXPECT_THAT(talk.all<RemovePhoto>(), IsEmpty());
    talk.known.draft = draft_of(1);
    talk.press(of_photo("avatar_gallery_delete", 0));
    EXPECT_THAT(talk.all<Unsay>(), SizeIs(1));
    EXPECT_THAT(talk.text(), HasSubstr("Фото пока нет"));
}

TEST(AvatarDraft, A17_GenderByButtonOrWord) {
    for (const char* button : {"avatar_type_man", "👨 Мужчина"}) {
        Talk talk;
        talk.state.place = Place::avatar_gender;
        talk.known.draft = draft_of(10);
        std::string(button).starts_with("avatar") ? talk.press(button) : talk.say(button);
        ASSERT_THAT(talk.all<DescribeAvatar>(), SizeIs(1)) << button;
        EXPECT_EQ(talk.all<DescribeAvatar>()[0].gender, ai::Gender::male);
        EXPECT_EQ(talk.text(), "Введите имя для вашего аватара:");
        EXPECT_EQ(talk.state.place, Place::avatar_name);
    }
    Talk talk;
    talk.state.place = Place::avatar_gender;
    talk.known.draft = draft_of(10);
    talk.press("avatar_type_alien");
    EXPECT_THAT(talk.all<DescribeAvatar>(), IsEmpty());
    EXPECT_EQ(talk.state.place, Place::avatar_gender);
    EXPECT_FALSE(talk.toast().empty());
    talk.say("робот");
    EXPECT_EQ(talk.state.place, Place::avatar_gender);
}

TEST(AvatarDraft, A18_ABlankNameIsAskedForAgain) {
    Talk talk;
    talk.state.place = Place::avatar_name;
    talk.known.draft = draft_of(10);
    talk.say(" \u00a0\u2003 ");
    EXPECT_EQ(talk.text(), "Имя не может быть пустым. Введите имя для аватара:");
    EXPECT_EQ(talk.state.place, Place::avatar_name);
    EXPECT_THAT(talk.all<DescribeAvatar>(), IsEmpty());
}

TEST(AvatarDraft, A19_FiftyCharactersAreCountedAsPeopleCount) {
    std::string fifty, family;
    for (int i = 0; i < 49; ++i) fifty += "Я";
    family = fifty + "👨‍👩‍👧‍👦";
    for (const auto& [name, taken] : {std::pair{family, true}, {family + "!", false}}) {
        Talk talk;
        talk.state.place = Place::avatar_name;
        talk.known.draft = draft_of(10);
        talk.say(name);
        EXPECT_THAT(talk.all<DescribeAvatar>(), SizeIs(taken ? 1 : 0)) << name;
        EXPECT_EQ(talk.state.place, taken ? Place::avatar_confirm : Place::avatar_name);
        if (!taken) EXPECT_THAT(talk.text(), HasSubstr("50"));
    }
}

TEST(AvatarDraft, A21_TheCardShowsPriceAndBalanceAsTheyAre) {
    Talk talk;
    talk.state.place = Place::avatar_name;
    talk.known.draft = draft_of(12);
    talk.context.prices.avatar = *Coins::parse("33.30");
    talk.known.funds = Funds{*Coins::parse("44.40"), {}};
    talk.say("<i>A&B_*");
    for (const char* part : {"<i>A&B_*", "33.30", "44.40", "Фото: 12"}) EXPECT_THAT(talk.caption(), HasSubstr(part));
    EXPECT_THAT(talk.caption(), HasSubstr("не генерация")) << "rendered styles are honest about it";
}

TEST(AvatarDraft, A22_ChangeAsksAgainAndKeepsThePhotos) {
    Talk talk;
    talk.state.place = Place::avatar_confirm;
    talk.known.draft = draft_of(10, "Анна");
    talk.press("avatar_confirm_edit");
    EXPECT_EQ(talk.state.place, Place::avatar_gender);
    talk.press("avatar_type_woman");
    talk.say("Мария");
    EXPECT_EQ(talk.state.place, Place::avatar_confirm);
    EXPECT_THAT(talk.caption(), HasSubstr("Фото: 10"));
    EXPECT_THAT(talk.all<RemovePhoto>(), IsEmpty());
}

TEST(AvatarDraft, A23_WithoutTheCoinsNothingIsOrdered) {
    Talk talk;
    talk.state.place = Place::avatar_confirm;
    talk.known.draft = draft_of(10, "Анна");
    talk.known.funds = Funds{*Coins::parse("9.99"), {}};
    const std::string yes = "avatar_confirm_yes:" + compact(some_id(1));
    talk.press(yes);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.all<SubmitAvatar>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("Не хватает 0.01"));
    EXPECT_THAT(talk.inline_data(), ElementsAre("top:" + yes)) << "and the way back";
}

TEST(AvatarDraft, A24_TheOrderIsOneHoldOneJobOneTraining) {
    Talk talk;
    talk.state.place = Place::avatar_confirm;
    talk.known.draft = draft_of(10, "Анна");
    talk.press("avatar_confirm_yes:" + compact(some_id(1)));
    ASSERT_THAT(talk.all<SubmitAvatar>(), SizeIs(1));
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1));
    const StartJob first = talk.all<StartJob>()[0];
    ASSERT_TRUE(first.payment);
    EXPECT_EQ(first.payment->price.text(), "10.00");
    EXPECT_EQ(talk.state.place, Place::avatars);
    Talk other;  // another process, another update: the same ids
    other.context.event_id = some_id(77);
    other.known.draft = draft_of(10, "Анна");
    other.press("avatar_confirm_yes:" + compact(some_id(1)));
    EXPECT_EQ(other.all<StartJob>()[0].id, first.id);
    EXPECT_EQ(other.all<StartJob>()[0].payment->operation, first.payment->operation);
    talk.known.draft.emplace();  // it is in training now
    talk.known.avatars = {{avatar_of(1, avatars::State::training)}};
    talk.press("avatar_confirm_yes:" + compact(some_id(1)));
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_EQ(talk.toast(), "Этот аватар уже обучается.");
}

TEST(AvatarDraft, A24_AnOldConfirmationSaysWhatBecameOfTheAvatar) {
    const std::string yes = "avatar_confirm_yes:" + compact(some_id(1));
    Talk talk;
    talk.known.draft = draft_of(10, "Анна");
    talk.known.draft->value().avatar.id.value = some_id(2);
    talk.known.avatars = {{avatar_of(1, avatars::State::ready)}};
    talk.press(yes);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.caption(), HasSubstr("готов"));
    talk.known.avatars = {{avatar_of(3, avatars::State::ready)}};
    talk.press(yes);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_EQ(talk.toast(), "Этого аватара больше нет.");
    talk.known.avatars->clear();
    talk.press(yes);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("аватар"));
}

TEST(AvatarDraft, AConfirmationOfTheOldBotShowsThePriceFirst) {
    Talk talk;
    talk.known.draft = draft_of(10, "Анна");
    talk.press("avatar_confirm_yes");
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.caption(), HasSubstr("10.00"));
}

TEST(AvatarDraft, M4_BackKeepsTheDraftAndCancelDeletesIt) {
    for (const Place place : {Place::avatar_photos, Place::avatar_gender, Place::avatar_name, Place::avatar_confirm}) {
        Talk talk;
        talk.state.place = place;
        talk.known.draft = draft_of(5);
        talk.say("⬅️ Назад");
        EXPECT_THAT(talk.text(), HasSubstr("Создание аватара отменено."));
        EXPECT_EQ(talk.state.place, Place::avatars);
        EXPECT_THAT(talk.all<EraseAvatar>(), IsEmpty());
        for (const char* word : {"Отмена", "✖️ Отменить", "/cancel"}) {
            talk.state.place = place;
            talk.say(word);
            EXPECT_THAT(talk.text(), HasSubstr("Создание аватара отменено.")) << word;
            EXPECT_EQ(talk.state.place, Place::avatars);
            EXPECT_THAT(talk.all<EraseAvatar>(), SizeIs(1));
        }
    }
}

TEST(AvatarDraft, M1_LeavingTheWizardAPhotoIsNotAdded) {
    for (const char* leave : {"/start", "Главное меню", "❓ Помощь"}) {
        Talk talk;
        talk.state.place = Place::avatar_photos;
        talk.known.draft = draft_of(5);
        talk.say(leave);
        if (talk.state.place == Place::avatar_photos) continue;  // help answers and changes nothing
        talk.send(jpeg());
        EXPECT_THAT(talk.all<StartJob>(), IsEmpty()) << leave;
        EXPECT_THAT(talk.text(), HasSubstr("Что сделать")) << leave;
    }
}

TEST(AvatarDraft, StateKeepsWhatIsOfferedOverARestart) {
    State state{.place = Place::avatar_confirm};
    state.offer = some_id(1);
    state.offered = {{"file one", MessageId(5), 77}, {"file two", MessageId(6), 0}};
    state.turned_at = *from_iso("2026-11-22T12:00:00Z");
    EXPECT_EQ(state_from_json(to_json(state)), state);
}

TEST(Photos, WithoutAWizardTheyAreOffered) {
    Talk talk;
    talk.event(SentAlbum{{sent(jpeg(), 1), sent(jpeg(), 2)}});
    EXPECT_THAT(talk.text(), HasSubstr("2 фото"));
    const auto data = talk.inline_data();
    ASSERT_THAT(data, SizeIs(2));
    Talk enhanced = talk;
    enhanced.press(data[0]);
    EXPECT_THAT(enhanced.all<StartJob>(), SizeIs(2));
    EXPECT_EQ(enhanced.all<StartJob>()[0].kind, "enhance");
    enhanced.press(data[0]);
    EXPECT_THAT(enhanced.all<StartJob>(), IsEmpty()) << "an offer is taken once";
    EXPECT_THAT(enhanced.toast(), HasSubstr("ещё раз"));
    Talk drafted = talk;
    drafted.press(data[1]);
    EXPECT_THAT(drafted.all<BeginAvatar>(), SizeIs(1));
    ASSERT_THAT(drafted.all<StartJob>(), SizeIs(1));
    EXPECT_EQ(drafted.all<StartJob>()[0].kind, "photos");
    EXPECT_EQ(drafted.state.place, Place::avatar_photos);
}

TEST(Photos, A41_InEnhancementAPhotoIsEnhancedAndNeverDrafted) {
    Talk talk;
    talk.known.draft = draft_of(5);
    talk.say("✨ Улучшить фото");
    EXPECT_EQ(talk.state.place, Place::enhance);
    EXPECT_THAT(talk.text(), HasSubstr("3.00"));
    talk.send(jpeg());
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1));
    EXPECT_EQ(talk.all<StartJob>()[0].kind, "enhance");
    EXPECT_EQ(talk.all<StartJob>()[0].payment->price.text(), "3.00");
    talk.known.funds = Funds{*Coins::parse("5.00"), {}};
    talk.event(SentAlbum{{sent(jpeg(), 1), sent(jpeg(), 2)}});
    EXPECT_THAT(talk.all<StartJob>(), SizeIs(1)) << "as far as the coins go";
    EXPECT_THAT(talk.inline_data(), testing::Contains("top:"));
    talk.context.darkroom.enhances = false;
    talk.say("✨ Улучшить фото");
    EXPECT_THAT(talk.text(), HasSubstr("❌ Ошибка при улучшении фото."));
    talk.state.place = Place::enhance;
    talk.send(jpeg());
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("❌ Ошибка при улучшении фото."));
}

}  // namespace
}  // namespace persona::bot
