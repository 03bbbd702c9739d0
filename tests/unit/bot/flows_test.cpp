#include "bot/flows/flows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;

const Uuid some_id = *Uuid::parse("01234567-89ab-7def-8123-456789abcdef");

telegram::File voice(std::optional<std::int64_t> bytes = 1000, std::optional<int> seconds = 3) {
    return {
        .kind = telegram::FileKind::voice, .id = "file-1", .unique_id = "u", .name = "", .mime = "audio/ogg", .bytes = bytes, .duration_s = seconds};
}

}  // namespace

TEST(Menus, M1_StartAndMainMenuLeaveEveryPlace) {
    for (const Place place : {Place::main, Place::assistant, Place::await_audio, Place::await_text, Place::photo, Place::photographer, Place::avatars,
                              Place::settings, Place::naming, Place::searching})
        for (const char* text : {"/start", "Главное меню", "main menu", "↩️ Вернуться в меню"}) {
            Talk talk;
            talk.state.place = place;
            talk.say(text);
            EXPECT_EQ(talk.state.place, Place::main) << text;
            EXPECT_THAT(talk.buttons(), Contains("🤖 Бизнес-ассистент")) << text;
        }
}

TEST(Menus, M2_EveryMenuOffersItsButtons) {
    struct Case {
        const char* press;
        std::vector<std::string> offered;
    };
    for (const Case& c : std::vector<Case>{{"🤖 Бизнес-ассистент", {"🎤 Аудио", "📄 Текстовый транскрипт", "⬅️ Назад"}},
                                           {"🖼 Работа с фото", {"✨ Улучшить фото", "🧑‍🎨 ИИ фотограф", "⬅️ Назад"}},
                                           {"🧑‍🎨 ИИ фотограф", {"🖼 Мои аватары", "🖼 Образы", "⬅️ Назад"}},
                                           {"🖼 Мои аватары", {"📷 Создать аватар", "👁 Просмотреть аватары", "⬅️ Назад"}}}) {
        Talk talk;
        EXPECT_THAT(talk.say(c.press).buttons(), IsSupersetOf(c.offered)) << c.press;
    }
}

TEST(Menus, M3_OneBackIsOneLevelUp) {
    struct Case {
        Place from, to;
    };
    for (const Case c : {Case{Place::avatars, Place::photographer},
                         {Place::photographer, Place::photo},
                         {Place::photo, Place::main},
                         {Place::assistant, Place::main},
                         {Place::await_audio, Place::assistant},
                         {Place::await_text, Place::assistant},
                         {Place::settings, Place::main},
                         {Place::main, Place::main}}) {
        Talk talk;
        talk.state.place = c.from;
        EXPECT_EQ(talk.say("⬅️ Назад").state.place, c.to);
    }
}

TEST(Menus, M6_ALostStateSaysSorryAndBeginsAnew) {
    Talk talk;
    talk.state.place = Place::await_audio;
    talk.event(StateLost{});
    EXPECT_THAT(talk.text(), HasSubstr("Что-то пошло не так"));
    EXPECT_EQ(talk.state.place, Place::main);
    for (const char* stored :
         {"", "null", "[]", "{}", R"({"v":1})", R"({"v":2,"place":"main"})", R"({"v":1,"place":"moon"})", R"({"v":1,"place":7})", "not json"})
        EXPECT_FALSE(state_from_json(stored)) << stored;
    for (const Place place : {Place::main, Place::await_text, Place::settings})
        EXPECT_EQ(state_from_json(to_json(State{.place = place, .greeted = true}))->place, place);
}

TEST(Menus, M7_WhatNobodyUnderstandsGetsOneHintInAShortTime) {
    Talk talk;
    talk.state.place = Place::assistant;
    talk.say("расскажи анекдот");
    EXPECT_THAT(talk.text(), HasSubstr("Не понял"));
    EXPECT_THAT(talk.buttons(), Contains("🎤 Аудио"));
    EXPECT_TRUE(talk.event(Unclear{}).effects.empty());
    talk.context.now += 6s;
    EXPECT_FALSE(talk.event(Unclear{}).effects.empty());
    EXPECT_EQ(talk.state.place, Place::assistant);
}

TEST(Menus, M8_OldAndUnknownButtonsLeadSomewhere) {
    struct Case {
        const char* data;
        Place place;
    };
    for (const Case c : {Case{"avatar_show_requirements", Place::avatars},
                         {"emotion:smile", Place::photo},
                         {"gfpgan:enhance", Place::photo},
                         {"noop", Place::main},
                         {"whatever", Place::assistant},
                         {"", Place::assistant}}) {
        Talk talk;
        talk.state.place = Place::assistant;
        talk.press(c.data);
        EXPECT_EQ(talk.state.place, c.place) << c.data;
        EXPECT_EQ(talk.all<Toast>().size(), 1u) << c.data;
        EXPECT_EQ(talk.all<Say>().size(), 1u) << c.data;
    }
    // Those that still mean something do it, or say why not: never silence, never an order.
    for (const char* old : {"avatar_gallery_prev", "avatar_gallery_next", "avatar_gallery_delete", "avatar_gallery_continue", "avatar_cancel",
                            "avatar_type_man",     "avatar_type_woman",   "avatar_type_other",     "avatar_confirm_yes",      "avatar_confirm_edit",
                            "avatar_card_prev_0",  "avatar_card_next_99", "avatar_card_main_7",    "avatar_card_edit_7",      "avatar_card_delete_7",
                            "avatar_card_menu",    "avatar_main_7",       "avatar_rename_7",       "avatar_delete_7",         "gallery_styles",
                            "gallery_prev",        "gallery_next",        "gallery_prompt",        "gallery_create",          "gallery_back",
                            "style_Мужской",       "style_hide"}) {
        Talk talk;
        talk.press(old);
        EXPECT_FALSE(talk.effects.empty()) << old;
        EXPECT_TRUE(talk.all<StartJob>().empty() && talk.all<EraseAvatar>().empty()) << old;
    }
    for (const char* broken : {"po:", "po:0:0:0:", "po:99:0:1:00000000000050008000000000000001", "pg:0:0:5:00000000000050008000000000000001", "pg:x",
                               "av-again:1", "av-img:", "pi-more:zz", "ph-enh:", "rec:", "rec:zz", "stop:1", "doc:summary",
                               "doc::", "doc:nothing:0123", "hist:", "hist:-1", "hist:99999999999999999999"}) {
        Talk talk;
        talk.press(broken);
        EXPECT_TRUE(talk.all<StartJob>().empty()) << broken;
    }
}

TEST(Menus, M11_HelpNamesPricesOfTheConfigurationAndOnlyWhatExists) {
    Talk talk;
    talk.context.prices.transcription = *Coins::parse("7.77");
    talk.context.prices.output = *Coins::parse("3.33");
    talk.say("❓ Помощь");
    EXPECT_THAT(talk.text(), HasSubstr("7.77"));
    EXPECT_THAT(talk.text(), HasSubstr("3.33"));
    EXPECT_THAT(talk.text(), HasSubstr("английский"));
    talk.context.prices.avatar = *Coins::parse("12.34");
    talk.context.prices.portrait = *Coins::parse("5.67");
    talk.context.prices.enhancement = *Coins::parse("8.90");
    for (const char* price : {"12.34", "5.67", "8.90"}) EXPECT_THAT(talk.say("/help").text(), HasSubstr(price));
}

TEST(Menus, EveryButtonOfEveryMenuIsUnderstoodInBothLanguages) {
    for (const Language language : {Language::ru, Language::en})
        for (const Place place :
             {Place::main, Place::assistant, Place::await_audio, Place::dialogue, Place::photo, Place::photographer, Place::avatars, Place::settings})
            for (const auto& row : menu_keyboard(place, language).rows)
                for (const std::string& label : row) {
                    Talk talk;
                    talk.context.language = language;
                    talk.state.place = place;
                    talk.say(label);
                    EXPECT_EQ(talk.text().find(render(Text::hint, language)), std::string::npos) << label;
                    EXPECT_FALSE(talk.effects.empty()) << label;
                }
}

TEST(Start, GreetsOnceAndTellsWhatItHearsAndWhatIsThere) {
    Talk talk;
    talk.say("/start");
    EXPECT_THAT(talk.text(), HasSubstr("Анна"));
    EXPECT_THAT(talk.text(), HasSubstr("английский"));
    EXPECT_THAT(talk.text(), HasSubstr("100.00"));
    talk.say("/start@persona_bot");
    EXPECT_EQ(talk.text().find("Анна"), std::string::npos);
}

TEST(Start, APayloadOpensItsSection) {
    Talk talk;
    EXPECT_EQ(talk.say("/start audio").state.place, Place::await_audio);
    EXPECT_EQ(talk.say("/start nonsense").state.place, Place::main);
}

TEST(Balance, ShowsWhatIsAvailableFirstAndThenWhatIsHeld) {
    Talk talk;
    talk.known.funds = Funds{*Coins::parse("87.50"), *Coins::parse("5.00")};
    talk.say("/balance");
    EXPECT_LT(talk.text().find("87.50"), talk.text().find("5.00"));
}

TEST(Cancel, StopsWorkThenLeavesAModeThenSaysThatThereIsNothing) {
    Talk talk;
    talk.state.place = Place::await_audio;
    talk.known.jobs = {{some_id, "transcribe", ""}};
    EXPECT_EQ(talk.say("/cancel").all<CancelJob>().size(), 1u);
    talk.known.jobs->clear();
    EXPECT_EQ(talk.say("/cancel").state.place, Place::assistant);
    talk.say("/cancel");
    EXPECT_THAT(talk.text(), HasSubstr("Отменять нечего"));
}

TEST(Recording, T1_AVoiceMessageIsAcknowledgedAndMeasuredForFree) {
    Talk talk;
    talk.say("🎤 Аудио").send(voice());
    EXPECT_EQ(talk.text(), "⏳ Файл получен! Начинаю обработку...");
    ASSERT_EQ(talk.all<StartJob>().size(), 1u);
    const StartJob job = talk.all<StartJob>().front();
    EXPECT_EQ(job.kind, "probe");
    EXPECT_FALSE(job.payment);
    EXPECT_EQ(job.args.at("mode").as_string(), "audio");
    EXPECT_EQ(talk.all<Say>().front().handle, live_message(job.id));
    EXPECT_EQ(talk.all<Say>().front().reply_to, MessageId(9));
}

TEST(Recording, T3_AudioIsTakenInEveryPlace) {
    for (const Place place : {Place::main, Place::assistant, Place::photo, Place::settings, Place::avatars}) {
        Talk talk;
        talk.state.place = place;
        talk.send(voice());
        EXPECT_EQ(talk.all<StartJob>().size(), 1u);
        EXPECT_EQ(talk.all<StartJob>().front().args.at("mode").as_string(), "any");
        EXPECT_EQ(talk.state.place, place);
    }
}

TEST(Recording, T5_TooLargeAndTooLongAreRefusedBeforeAnyWork) {
    Talk talk;
    talk.say("🎤 Аудио");
    talk.send(voice(talk.context.limits.file_bytes + 1));
    EXPECT_THAT(talk.text(), HasSubstr("20 МБ"));
    EXPECT_TRUE(talk.all<StartJob>().empty());
    talk.send(voice(1000, 3601));
    EXPECT_THAT(talk.text(), HasSubstr("60 минут"));
    EXPECT_TRUE(talk.all<StartJob>().empty());
    EXPECT_EQ(talk.state.place, Place::await_audio);
    talk.send(voice(talk.context.limits.file_bytes, 3600));
    EXPECT_EQ(talk.all<StartJob>().size(), 1u);
}

TEST(Recording, AnAlbumIsOneEventWithEachRecordingOnItsOwn) {
    Talk talk;
    Sent photo{.file = {.kind = telegram::FileKind::photo}, .caption = "", .message = MessageId(1)},
        sound{.file = voice(), .caption = "", .message = MessageId(2)};
    talk.event(SentAlbum{{photo, photo, photo}});
    EXPECT_EQ(talk.all<Say>().size(), 1u);
    EXPECT_THAT(talk.text(), HasSubstr("3 фото"));
    EXPECT_TRUE(talk.all<StartJob>().empty()) << "photos are offered, nothing is begun";
    talk.event(SentAlbum{{sound, photo, sound}});
    const auto started = talk.all<StartJob>();
    ASSERT_EQ(started.size(), 2u);
    EXPECT_NE(started[0].id, started[1].id);
}

TEST(Recording, APressedOfferHoldsItsPriceOnce) {
    Talk talk;
    talk.known.recording = Recording{Recording::Work::none, 25min, *Coins::parse("12.50"), MessageId(9)};
    talk.press("rec:" + compact(some_id));
    ASSERT_EQ(talk.all<StartJob>().size(), 1u);
    const StartJob job = talk.all<StartJob>().front();
    EXPECT_EQ(job.id, transcribe_job(some_id));
    EXPECT_EQ(job.payment->operation, recording_operation(some_id));
    EXPECT_EQ(job.payment->price.text(), "12.50");
    EXPECT_THAT(talk.all<Redraw>().front().text, HasSubstr("87.50"));
    talk.known.recording = Recording{Recording::Work::none, 25min, *Coins::parse("12.50"), MessageId(9), 2};
    talk.press("rec:" + compact(some_id));
    EXPECT_THAT(talk.all<Redraw>().front().text, HasSubstr("Место в очереди: 3"));
    talk.known.recording = Recording{Recording::Work::running, 25min, *Coins::parse("12.50"), MessageId(9)};
    EXPECT_TRUE(talk.press("rec:" + compact(some_id)).all<StartJob>().empty());
    EXPECT_THAT(talk.toast(), HasSubstr("уже в работе"));
    talk.known.recording = Recording{Recording::Work::ended, 25min, *Coins::parse("12.50"), MessageId(9)};
    EXPECT_TRUE(talk.press("rec:" + compact(some_id)).all<StartJob>().empty());
    EXPECT_THAT(talk.toast(), HasSubstr("пришлите её снова"));
}

TEST(Recording, P12_WithoutEnoughCoinsNothingIsStarted) {
    Talk talk;
    talk.known.funds = Funds{*Coins::parse("12.49"), {}};
    talk.known.recording = Recording{Recording::Work::none, 25min, *Coins::parse("12.50"), {}};
    EXPECT_TRUE(talk.press("rec:" + compact(some_id)).all<StartJob>().empty());
    EXPECT_THAT(talk.text(), HasSubstr("Не хватает 0.01"));
    EXPECT_THAT(talk.inline_data(), Contains("top:rec:" + compact(some_id))) << "the way to the coins leads back here";
    talk.known.recording = std::optional<Recording>();
    EXPECT_TRUE(talk.press("rec:" + compact(some_id)).all<StartJob>().empty());
}

TEST(Prices, EveryStartedMinuteBeyondTheBaseCosts) {
    const Prices prices;
    struct Case {
        Millis duration;
        const char* price;
    };
    for (const Case& c : {Case{1s, "5.00"}, {10min, "5.00"}, {10min + 1ms, "5.50"}, {11min, "5.50"}, {25min, "12.50"}, {0s, "5.00"}})
        EXPECT_EQ(prices.of_recording(c.duration).text(), c.price) << c.duration.count();
}

TEST(Documents, T16_WithoutATranscriptTheFormatButtonsSaySo) {
    for (const char* label : {"Полный официальный транскрипт", "Сводка на 1 страницу", "Сформировать MoM", "Сформировать ToDo-план с чеклистами",
                              "Протокол заседания (Word)"}) {
        Talk talk;
        talk.say(label);
        EXPECT_THAT(talk.text(), HasSubstr("Нет сохранённого транскрипта")) << label;
        EXPECT_TRUE(talk.all<StartJob>().empty());
    }
}

TEST(Documents, T17_EveryFormatHoldsItsPriceAndStartsItsWork) {
    for (const DocumentKind& kind : document_kinds()) {
        Talk talk;
        talk.known.current = TranscriptRef{some_id, 4};
        talk.say(talk.context.say(kind.label));
        ASSERT_EQ(talk.all<StartJob>().size(), 1u) << kind.name;
        const StartJob job = talk.all<StartJob>().front();
        EXPECT_EQ(job.args.at("kind").as_string(), kind.name);
        EXPECT_EQ(job.payment->price.text(), "1.00");
        EXPECT_THAT(talk.text(), HasSubstr("99.00"));
        talk.known.jobs = {{job.id, job.kind, job.topic}};
        EXPECT_TRUE(talk.say(talk.context.say(kind.label)).all<StartJob>().empty()) << "a second press while it is being made";
    }
}

TEST(Documents, AButtonUnderAFileActsOnItsOwnTranscript) {
    Talk talk;
    talk.known.transcript = TranscriptRef{some_id, 4};
    talk.press("doc:mom:" + compact(some_id));
    ASSERT_EQ(talk.all<StartJob>().size(), 1u);
    EXPECT_EQ(talk.all<StartJob>().front().args.at("transcript").as_string(), compact(some_id));
    talk.known.transcript = std::optional<TranscriptRef>();
    talk.press("doc:mom:" + compact(some_id));
    EXPECT_THAT(talk.toast(), HasSubstr("не найден"));
}

TEST(Documents, CallbackDataFitsIntoTelegramsLimit) {
    for (const auto& row : documents_keyboard(some_id, Language::ru).rows)
        for (const auto& button : row) EXPECT_LE(button.data.size(), 64u);
}

TEST(Documents, T22_AllFiveFormatsAreDescribed) {
    Talk talk;
    talk.say("ℹ️ О форматах");
    for (const char* word : {"Полный", "Сводка", "MoM", "ToDo", "Протокол"}) EXPECT_THAT(talk.text(), HasSubstr(word));
}

TEST(Settings, TheChosenLanguageIsSpokenAtOnce) {
    Talk talk;
    talk.say("🇬🇧 English");
    ASSERT_EQ(talk.all<ChooseLanguage>().size(), 1u);
    EXPECT_THAT(talk.text(), HasSubstr("English now"));
}

TEST(Settings, TheLanguageOfRecordingsIsChosenAndShown) {
    Talk talk;
    talk.say("⚙️ Настройки");
    EXPECT_THAT(talk.text(), HasSubstr("определяю сам"));
    talk.say("🎧 Записи на русском");
    ASSERT_EQ(talk.all<ChooseRecordingLanguage>().size(), 1u);
    EXPECT_EQ(talk.all<ChooseRecordingLanguage>().front().language, "ru");
    EXPECT_THAT(talk.text(), HasSubstr("русский"));
}

TEST(Settings, ARecordingStartsInTheLanguageOfItsButtonElseInTheChosenOne) {
    Talk talk;
    talk.known.recording = Recording{Recording::Work::none, 7s, Coins::hundredths(500), MessageId(9), 0};
    talk.context.recording_language = "en";
    for (const auto& [data, language] : {std::pair{":ru", "ru"}, {"", "en"}}) {
        talk.press("rec:" + compact(some_id) + data);
        ASSERT_EQ(talk.all<StartJob>().size(), 1u) << data;
        EXPECT_EQ(talk.all<StartJob>().front().args.at("language").as_string(), language);
    }
    talk.press("rec:" + compact(some_id) + ":Drop");
    EXPECT_TRUE(talk.all<StartJob>().empty());
}

// Whatever arrives wherever: an answer, or a deliberate silence after a hint; never an exception, never more than one toast.
TEST(Step, AnswersEverythingEverywhere) {
    const std::vector<Event> events{Said{"", MessageId(1)},
                                    Said{std::string(5000, 'x'), MessageId(1)},
                                    Said{"\xff\xfe", MessageId(1)},
                                    Said{"/", MessageId(1)},
                                    Said{"/unknown", MessageId(1)},
                                    Said{"/start \xff", MessageId(1)},
                                    Pressed{std::string(64, 'z'), {}},
                                    Pressed{"hist:3", {}},
                                    Sent{.file = {.kind = telegram::FileKind::photo}, .caption = "", .message = MessageId(1)},
                                    Sent{.file = {.kind = telegram::FileKind::document}, .caption = "", .message = MessageId(1)},
                                    Unclear{true},
                                    StateLost{}};
    for (const Language language : {Language::ru, Language::en})
        for (int place = 0; place <= static_cast<int>(Place::dialogue); ++place)
            for (const Event& event : events) {
                Talk talk;
                talk.context.language = language;
                talk.state.place = static_cast<Place>(place);
                talk.event(event);
                EXPECT_FALSE(talk.effects.empty());
                EXPECT_LE(talk.all<Toast>().size(), 1u);
            }
}

}  // namespace persona::bot
