// Cards of avatars, styles, portraits.
#include <gmock/gmock.h>

#include "bot/avatar_words.hpp"
#include "studio_of_photos.hpp"

namespace persona::bot {
namespace {

using avatars::State;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::string hyphened(int n) { return some_id(n).text(); }

Talk with(std::vector<avatars::Avatar> all) {
    Talk talk;
    talk.state.place = Place::avatars;
    talk.known.avatars = std::move(all);
    return talk;
}

TEST(AvatarCards, A32_WithoutAvatarsItSaysHowToBegin) {
    Talk talk;
    talk.say("👁 Просмотреть аватары");
    EXPECT_EQ(talk.text(), "У вас пока нет аватаров. Нажмите '📷 Создать аватар', чтобы начать!");
}

TEST(AvatarCards, A33_TheMainOneComesFirstWithAllThatIsKnown) {
    Talk talk = with({avatar_of(1, State::ready, true), avatar_of(2, State::failed)});
    talk.say("👁 Просмотреть аватары");
    ASSERT_THAT(talk.all<Show>(), SizeIs(1));
    EXPECT_EQ(talk.all<Show>()[0].picture, "preview of 1");
    for (const char* part : {"Аватар 1", "20.11.2026", "женщина", "готов", "⭐ Основной", "(1 из 2)"}) EXPECT_THAT(talk.caption(), HasSubstr(part));
    talk.press("avatar_card_next_0");
    for (const char* part : {"Аватар 2", "ошибка обучения: сервис не ответил в срок", "(2 из 2)"}) EXPECT_THAT(talk.caption(), HasSubstr(part));
    EXPECT_THAT(talk.caption(), Not(HasSubstr("⭐ Основной")));
    talk.press("avatar_card_next_1");
    EXPECT_THAT(talk.caption(), HasSubstr("(1 из 2)"));
    talk.press("avatar_card_prev_0");
    EXPECT_THAT(talk.caption(), HasSubstr("(2 из 2)"));
}

TEST(AvatarCards, A20_ANameIsShownAsItIs) {
    const std::string name = "<i>A&B_*";
    auto avatar = avatar_of(1, State::ready, true);
    avatar.name = name;
    Talk talk = with({avatar});
    talk.say("👁 Просмотреть аватары");
    EXPECT_THAT(talk.caption(), HasSubstr(name));
    const auto call = telegram::send_photo({.field = "photo", .blob = "b", .file_name = "p.jpg"}, talk.caption());
    EXPECT_FALSE(call.params.contains("parse_mode")) << "nothing of it is read as markup";
    Talk wizard;
    wizard.state.place = Place::avatar_name;
    wizard.known.draft = draft_of(10);
    wizard.say(name);
    EXPECT_THAT(wizard.caption(), HasSubstr(name));
}

TEST(AvatarCards, A33_WithoutAPreviewTheCardIsText) {
    auto bare = avatar_of(1, State::ready, true);
    bare.preview.clear();
    Talk talk = with({bare});
    talk.say("👁 Просмотреть аватары");
    ASSERT_THAT(talk.all<Show>(), SizeIs(1));
    EXPECT_TRUE(talk.all<Show>()[0].picture.empty()) << "the desk says the caption alone";
}

TEST(AvatarCards, C4_EachStateInWordsWithItsActionsAlone) {
    struct Case {
        State state;
        const char* words;
        std::vector<std::string> can, cannot;
    };
    const std::vector<Case> cases{{State::training, "обучается", {"av-stop:"}, {"av-paint:", "av-again:", "avatar_card_main_"}},
                                  {State::ready, "готов", {"av-paint:", "avatar_card_main_"}, {"av-stop:", "av-again:"}},
                                  {State::failed, "ошибка обучения", {"av-again:"}, {"av-stop:", "av-paint:", "avatar_card_main_"}}};
    for (const Case& c : cases) {
        Talk talk = with({avatar_of(1, c.state)});
        talk.press("av:");
        EXPECT_THAT(talk.caption(), HasSubstr(c.words));
        for (const auto& data : c.can) EXPECT_THAT(talk.inline_data(), Contains(StartsWith(data))) << c.words;
        for (const auto& data : c.cannot) EXPECT_THAT(talk.inline_data(), Not(Contains(StartsWith(data)))) << c.words;
        EXPECT_THAT(talk.inline_data(), Contains(StartsWith("avatar_card_delete_")));
    }
}

TEST(AvatarCards, OneThatAnotherProviderTrainedSaysSoAndIsNotPainted) {
    auto foreign = avatar_of(1, State::ready, true);
    foreign.provider = "fal";
    foreign.images = 2;
    Talk talk = with({foreign});
    EXPECT_THAT(talk.press("av:").caption(), HasSubstr("обучен другим сервисом"));
    EXPECT_THAT(talk.inline_data(), Not(Contains(StartsWith("av-paint:"))));
    EXPECT_THAT(talk.inline_data(), Contains(StartsWith("av-img:"))) << "what was painted of it stays";
    EXPECT_THAT(talk.press("gallery_create:noir").text(), HasSubstr("обучен другим сервисом"));
    talk.known.avatars->push_back(avatar_of(2, State::ready));
    EXPECT_THAT(talk.press("gallery_create:noir").caption(), HasSubstr("Аватар 2"));
    for (const std::string old : {"av-paint:", "pg:0:0:1:"}) {
        talk.press(old + compact(some_id(1)));
        EXPECT_THAT(talk.toast(), HasSubstr("обучен другим сервисом")) << old;
        EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    }
    talk.context.darkroom.provider.clear();
    EXPECT_THAT(talk.press("av:").caption(), Not(HasSubstr("другим сервисом"))) << "where nothing is painted";
}

TEST(AvatarCards, TheMainOneIsChosen) {
    Talk talk = with({avatar_of(1, State::ready, true), avatar_of(2, State::ready)});
    talk.press("avatar_card_main_" + hyphened(2));
    ASSERT_THAT(talk.all<MakeMainAvatar>(), SizeIs(1));
    EXPECT_EQ(talk.all<MakeMainAvatar>()[0].id, some_id(2));
    EXPECT_THAT(talk.caption(), HasSubstr("Аватар 2"));
    EXPECT_THAT(talk.caption(), HasSubstr("⭐ Основной\n(1 из 2)"));
}

TEST(AvatarCards, A35_OneTextIsTheNewNameAndTheNextIsNot) {
    Talk talk = with({avatar_of(1, State::ready, true)});
    talk.press("avatar_card_edit_" + hyphened(1));
    EXPECT_EQ(talk.state.place, Place::avatar_rename);
    talk.say("Новое имя");
    ASSERT_THAT(talk.all<DescribeAvatar>(), SizeIs(1));
    EXPECT_EQ(talk.all<DescribeAvatar>()[0].name, "Новое имя");
    EXPECT_EQ(talk.all<DescribeAvatar>()[0].gender, ai::Gender::female);
    EXPECT_FALSE(talk.state.subject);
    talk.say("и ещё текст");
    EXPECT_THAT(talk.all<DescribeAvatar>(), IsEmpty());
}

TEST(AvatarCards, A36_OnlyTheConfirmationDeletes) {
    Talk talk = with({avatar_of(1, State::ready, true), avatar_of(2, State::failed), avatar_of(3, State::ready)});
    talk.press("avatar_card_delete_" + hyphened(1));
    EXPECT_THAT(talk.caption(), HasSubstr("Вы уверены, что хотите удалить этот аватар? Это действие необратимо."));
    EXPECT_THAT(talk.all<EraseAvatar>(), IsEmpty());
    EXPECT_THAT(talk.inline_data(), ElementsAre("av-gone:" + compact(some_id(1)), "av:" + compact(some_id(1))));
    talk.press("av:" + compact(some_id(1)));
    EXPECT_THAT(talk.caption(), HasSubstr("(1 из 3)"));
    talk.press("av-gone:" + compact(some_id(1)));
    ASSERT_THAT(talk.all<EraseAvatar>(), SizeIs(1));
    EXPECT_THAT(talk.caption(), HasSubstr("Аватар 3")) << "a ready one is the main one now";
    EXPECT_THAT(talk.caption(), HasSubstr("⭐ Основной\n(1 из 2)"));
    talk.known.avatars = {avatar_of(3, State::ready, true)};
    talk.press("av-gone:" + compact(some_id(3)));
    EXPECT_THAT(talk.text(), HasSubstr("У вас пока нет аватаров"));
}

TEST(AvatarCards, A37_DeletingOneInTrainingStopsIt) {
    Talk talk = with({avatar_of(1, State::training, true)});
    talk.press("avatar_card_delete_" + hyphened(1));
    EXPECT_THAT(talk.caption(), HasSubstr("ничего не спишется"));
    talk.press("av-gone:" + compact(some_id(1)));
    ASSERT_THAT(talk.all<CancelJob>(), SizeIs(1));
    EXPECT_EQ(talk.all<CancelJob>()[0].id, training_job(some_id(1), 0));
}

TEST(AvatarCards, A25_AFailedOneIsTriedAgainOncePerAttempt) {
    Talk talk = with({avatar_of(1, State::failed, true)});
    talk.press("av:");
    const auto data = talk.inline_data();
    const auto again = std::ranges::find_if(data, [](const std::string& d) { return d.starts_with("av-again:"); });
    ASSERT_NE(again, data.end());
    talk.press(*again);
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1));
    EXPECT_EQ(talk.all<StartJob>()[0].payment->operation, training_operation(some_id(1), 1)) << "a hold of its own";
    talk.known.avatars = {avatar_of(1, State::training, true)};
    talk.press(*again);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
}

TEST(Styles, A40_EveryStyleOpensAndEveryWayLeadsBack) {
    Talk talk;
    talk.say("🖼 Образы");
    ASSERT_THAT(talk.all<Show>(), SizeIs(1));
    EXPECT_EQ(talk.all<Show>()[0].picture, "asset:styles/studio.jpg");
    EXPECT_THAT(talk.caption(), HasSubstr("1 из 11"));
    talk.press("gallery_prev:studio");
    EXPECT_THAT(talk.caption(), HasSubstr("11 из 11"));
    talk.press("gallery_styles");
    const auto data = talk.inline_data();
    EXPECT_EQ(std::ranges::count_if(data, [](const std::string& d) { return d.starts_with("style_"); }), 11);
    for (const std::string& one : data) {
        if (!one.starts_with("style_")) continue;
        talk.press(one);
        EXPECT_EQ(talk.all<Reshow>()[0].picture, "asset:styles/" + one.substr(6) + ".jpg");
    }
    talk.press("gallery_back");
    EXPECT_EQ(talk.state.place, Place::photographer);
}

TEST(Styles, PortraitsNeedAReadyAvatar) {
    Talk talk;
    EXPECT_THAT(talk.press("gallery_create:noir").text(), HasSubstr("нужен готовый аватар"));
    talk.known.avatars = {avatar_of(1, State::training)};
    EXPECT_THAT(talk.press("gallery_create:noir").text(), HasSubstr("ещё обучается"));
}

TEST(Styles, AnOrderIsChosenOnOneCardAndChargedOnce) {
    Talk talk = with({avatar_of(1, State::ready, true), avatar_of(2, State::ready)});
    talk.press("gallery_create:noir");
    EXPECT_THAT(talk.caption(), HasSubstr("Аватар 1"));
    talk.press("po:3:1:4:" + compact(some_id(2)));
    EXPECT_THAT(talk.caption(), HasSubstr("Аватар 2"));
    EXPECT_THAT(talk.caption(), HasSubstr("8.00"));
    const std::string order = "pg:3:1:4:" + compact(some_id(2));
    EXPECT_THAT(talk.inline_data(), Contains(order));
    for (const auto& data : talk.inline_data()) EXPECT_LE(data.size(), 64u);
    talk.press(order);
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1));
    const StartJob job = talk.all<StartJob>()[0];
    EXPECT_EQ(job.payment->price.text(), "8.00");
    EXPECT_EQ(job.args.at("style").as_string(), "noir");
    EXPECT_EQ(job.args.at("aspect").as_string(), "square");
    talk.known.jobs = {RunningJob{job.id, job.kind, job.topic}};
    talk.press(order);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty()) << "it is being made already";
    talk.known.jobs.emplace();
    talk.known.funds = Funds{*Coins::parse("7.99"), {}};
    talk.press(order);
    EXPECT_THAT(talk.all<StartJob>(), IsEmpty());
    EXPECT_THAT(talk.text(), HasSubstr("Не хватает 0.01"));
}

portraits::Image image(bool kept = false) {
    return {.id = some_id(50),
            .avatar = AvatarId(some_id(1)),
            .style = "oil",
            .aspect = "landscape",
            .blob = "image",
            .file_name = "portrait.jpg",
            .kept = kept};
}

TEST(Results, AreKeptRepeatedSharedAndDeleted) {
    Talk talk = with({avatar_of(1, State::ready, true)});
    talk.known.image = image();
    const std::string id = compact(some_id(50));
    EXPECT_THAT(talk.press("pi-keep:" + id).all<KeepImage>(), SizeIs(1));
    talk.press("pi-more:" + id);
    ASSERT_THAT(talk.all<StartJob>(), SizeIs(1));
    EXPECT_EQ(talk.all<StartJob>()[0].payment->price.text(), "2.00") << "charged once for one result";
    EXPECT_EQ(talk.all<StartJob>()[0].args.at("aspect").as_string(), "landscape");
    EXPECT_THAT(talk.press("pi-file:" + id).all<SendFile>(), SizeIs(1));
    talk.press("pi-ask:" + id);
    EXPECT_THAT(talk.all<EraseImage>(), IsEmpty());
    EXPECT_THAT(talk.inline_data(), ElementsAre("pi-gone:" + id, "pi-back:" + id));
    EXPECT_THAT(talk.press("pi-back:" + id).all<Rebutton>(), SizeIs(1));
    talk.press("pi-gone:" + id);
    EXPECT_THAT(talk.all<EraseImage>(), SizeIs(1));
    EXPECT_THAT(talk.all<Unsay>(), SizeIs(1));
    talk.known.image.emplace();
    for (const char* button : {"pi-keep:", "pi-more:", "pi-file:", "pi-ask:", "pi-gone:"})
        EXPECT_EQ(talk.press(button + id).toast(), "Этого фото больше нет.") << button;
}

TEST(Results, TheGalleryOfAnAvatarHasPages) {
    auto avatar = avatar_of(1, State::ready, true);
    avatar.images = 3;
    Talk talk = with({avatar});
    talk.known.frame = image(true);
    talk.press("av-img:" + compact(some_id(1)) + ":2");
    EXPECT_EQ(talk.asked.frame->at, 2);
    EXPECT_THAT(talk.caption(), HasSubstr("Портрет 3 из 3 · ⭐"));
    EXPECT_THAT(talk.inline_data(), Contains("av-img:" + compact(some_id(1)) + ":0"));
    EXPECT_THAT(talk.inline_data(), Contains("av-img:" + compact(some_id(1)) + ":1"));
    talk.known.frame.emplace();
    EXPECT_THAT(talk.press("av-img:" + compact(some_id(1)) + ":0").toast(), HasSubstr("пока нет портретов"));
}

}  // namespace
}  // namespace persona::bot
