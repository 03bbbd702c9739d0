// T1 to T5, T26: recordings by whole processes and the engine that ships.
#include "work.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

struct Recordings : WorkTalk<Recordings> {
    static Options options() { return unhurried(); }

    // The file is refused with these words, nothing is charged, and the mode stays on.
    static void refused(const std::filesystem::path& file, const std::string& name, const std::string& words) {
        Person anna(home());
        listens(anna);
        anna.sends("document", file, name).hears(words);
        EXPECT_EQ(coins(anna), "100.00 0.00") << name;
        anna.sends("voice", cards()).hears("✅ Готово");
        EXPECT_EQ(coins(anna), "95.00 0.00") << name;
    }
};

constexpr const char* not_audio =
    "Ваш файл не является поддерживаемой аудиозаписью. Пожалуйста, загрузите аудиофайл в одном из следующих форматов: mp3, wav, ogg, m4a, flac, aac, "
    "wma, opus.";

TEST_F(Recordings, T1_AVoiceMessageBecomesATranscript) {
    Person anna(home());
    listens(anna);
    anna.sends("voice", cards());
    const auto live = anna.hears(received);
    const auto done = anna.hears("✅ Готово: запись 0:04, списано 5.00 🪙, доступно 95.00 🪙.");
    EXPECT_EQ(done.at("message_id"), live.at("message_id")) << "one message tells the whole story";
    anna.hears(what_next);
    const auto sent = documents(anna);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_THAT(file_name(sent[0]), MatchesRegex("transcript_1_[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}\\.txt"));
    EXPECT_EQ(caption(sent[0]), "Ваш транскрипт");
    EXPECT_THAT(content(sent[0]), AllOf(HasSubstr("pades"), HasSubstr("Eight of"), HasSubstr("hearts")));
    EXPECT_EQ(anna.heard("seven of hearts"), 1) << "a short transcript also comes as chat text";
    EXPECT_THAT(anna.keyboard(), AllOf(HasSubstr("Сводка на 1 страницу"), HasSubstr("Протокол заседания (Word)")));
    EXPECT_EQ(coins(anna), "95.00 0.00");
    EXPECT_EQ(charges(anna), "1");
}

TEST_F(Recordings, T2_EveryFormatIsHeardWhateverItsName) {
    Person anna(home());
    listens(anna);
    const std::vector<std::pair<std::string, std::string>> formats{{"clip.mp3", "holiday.jpg"}, {"clip.m4a", "a.txt"}, {"clip.wav", "noname"},
                                                                   {"clip.flac", "x.pdf"},      {"clip.aac", "b.mp3"}, {"clip.opus", "c.doc"},
                                                                   {"clip.ogg", "d.wav"},       {"clip.wma", "e.zip"}};
    for (const auto& [format, other_name] : formats) {
        const auto file = clips().as(format);
        const bool audio = documents(anna).size() % 2;
        anna.sends(audio ? "audio" : "document", file, other_name).hears("✅ Готово");
        anna.hears(what_next);
        EXPECT_THAT(content(documents(anna).back()), HasSubstr("hearts")) << format;
    }
    EXPECT_EQ(documents(anna).size(), 8u);
    EXPECT_EQ(coins(anna), "60.00 0.00");
}

TEST_F(Recordings, T3_OutsideTheAudioModeARecordingIsOfferedWithItsPrice) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.sends("voice", cards()).hears(received);
    const auto offer = anna.hears("Расшифровать за 5.00 🪙?");
    EXPECT_EQ(coins(anna), "100.00 0.00");
    const auto& button = offer.at("reply_markup").at("inline_keyboard").as_array()[0].as_array()[0];
    anna.presses(offer.at("message_id").as_int64(), std::string(button.at("callback_data").as_string()));
    anna.hears("✅ Готово");
    EXPECT_EQ(coins(anna), "95.00 0.00");
}

TEST_F(Recordings, T4_APictureIsRefusedAndTheModeStays) { refused(places::data() / "media/picture.png", "song.mp3", not_audio); }
TEST_F(Recordings, T4_ATextIsRefusedAndTheModeStays) { refused(places::data() / "meeting_ru.txt", "song.ogg", not_audio); }
TEST_F(Recordings, T4_RandomBytesAreRefusedAndTheModeStays) {
    std::string noise = "OggS";
    for (unsigned i = 1, x = 7; i < 200'000; ++i) noise += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
    refused(clips().file("noise.ogg", noise), "noise.ogg", not_audio);
}
TEST_F(Recordings, T4_AZipOfZeroesIsRefusedAndTheModeStays) {
    refused(clips().file("bomb.mp3", "PK\x03\x04" + std::string(4 << 20, '\0')), "bomb.mp3", not_audio);
}
TEST_F(Recordings, T4_AnEmptyFileIsRefusedAndTheModeStays) { refused(clips().file("empty.mp3", ""), "empty.mp3", "Файл пустой."); }

TEST_F(Recordings, T4_ARecordingThatBreaksOffIsTranscribedAsFarAsItGoes) {
    Person anna(home());
    listens(anna);
    const std::string whole = read_file(clips().repeated(2, ".flac"));
    anna.sends("document", clips().file("cut.flac", whole.substr(0, whole.size() * 3 / 5))).hears("⚠️ Файл обрывается");
    anna.hears(what_next);
    EXPECT_THAT(content(documents(anna).back()), HasSubstr("hearts"));
    EXPECT_EQ(coins(anna), "95.00 0.00");
}

TEST_F(Recordings, T5_WhatIsTooBigOrTooLongIsRefusedBeforeTheDownload) {
    Person anna(home());
    listens(anna);
    home().forget_calls();
    anna.sends("document", clips().file("big.mp3", std::string(21 << 20, 'x'))).hears("Файл больше 20 МБ");
    home().send(anna.id(), "audio", cards(), "long.ogg", {{"duration", "14401"}});
    anna.hears("Запись длиннее 240 минут");
    EXPECT_TRUE(home().calls("getFile").empty());
    EXPECT_EQ(coins(anna), "100.00 0.00");
}

TEST_F(Recordings, ARussianRecordingIsRefusedFreeOfCharge) {
    Person anna(home());
    listens(anna);
    anna.sends("voice", places::data() / "speech/russian_reading_0043.ogg").hears("я слышу только английский");
    EXPECT_EQ(coins(anna), "100.00 0.00");
    EXPECT_TRUE(documents(anna).empty());
}

TEST_F(Recordings, T26_WhileOneIsTranscribedAnotherIsAnswered) {
    Person anna(home()), boris(home(), "ru", "Борис");
    boris.says("/start").hears("На счёте");
    listens(anna);
    anna.sends("voice", clips().repeated(8)).hears("⏳ Обработка куска");
    for (int i = 0; i < 5; ++i) {
        const auto pressed = std::chrono::steady_clock::now();
        boris.says(i % 2 ? "⬅️ Назад" : "🤖 Бизнес-ассистент").hears(i % 2 ? "Главное меню" : "Бизнес-ассистент");
        EXPECT_LT(std::chrono::steady_clock::now() - pressed, std::chrono::seconds(2));
    }
    EXPECT_EQ(anna.heard("✅ Готово"), 0) << "the recording was too short for this test";
    anna.hears("✅ Готово", 90);
}

struct Poor : WorkTalk<Poor> {
    static Options options() { return unhurried({{"INITIAL_BALANCE", "3.50"}}); }
};

TEST_F(Poor, P12_WithoutTheCoinsNothingIsDoneAndTheMissingAmountIsNamed) {
    Person anna(home());
    anna.sends("voice", cards());  // a stranger: registered by it
    anna.hears("Не хватает 1.50 🪙: нужно 5.00 🪙, доступно 3.50 🪙.");
    EXPECT_EQ(coins(anna), "3.50 0.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM holds WHERE user_id=$"), "0");
    anna.says(text_mode).hears("Пришлите текстовый файл");
    anna.sends("document", places::data() / "meeting_en.txt").hears("✅ Текстовый файл успешно загружен");
    for (const char* button : {"Сводка на 1 страницу", "Сформировать MoM", "Полный официальный транскрипт"}) anna.says(button).hears("списано 1.00");
    const auto missing = anna.says("Сформировать ToDo-план с чеклистами").hears("Не хватает 0.50 🪙");
    EXPECT_EQ(coins(anna), "0.50 0.00");
    EXPECT_EQ(documents(anna).size(), 3u);
    // The way to the coins leads back to the document.
    const auto press = [&](const json::object& message, std::size_t row) {
        const auto& button = message.at("reply_markup").at("inline_keyboard").as_array().at(row).as_array().at(0);
        return anna.presses(message.at("message_id").to_number<std::int64_t>(), std::string(button.at("callback_data").as_string())).last();
    };
    press(missing, 0);
    const auto bought = press(anna.hears("Выберите пакет"), 0);
    const auto bill = home().wait(anna.id(), bought, "", "message").at("message").as_object();
    const auto paid = home().sandbox("POST", "/sandbox/chats/" + anna.key() + "/pay", json::object{{"message_id", bill.at("message_id")}});
    const auto credited = home().wait(anna.id(), paid.at("seq").to_number<std::int64_t>(), "✅ Зачислено 100.00 🪙. Доступно 100.50");
    press(credited.at("message").as_object(), 0);
    anna.hears("✅ Сформировать ToDo-план с чеклистами: списано 1.00 🪙, доступно 99.50");
}

}  // namespace
}  // namespace persona::e2e
