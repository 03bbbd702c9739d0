// T15, T16, T23 to T25: a library of one's own, through real processes.
#include "work.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* saved = "✅ Текстовый файл успешно загружен и сохранён как транскрипт.";
constexpr const char* list = "Последние файлы:";

struct Library : WorkTalk<Library> {
    static Options options() { return unhurried(); }

    static void reads(Person& person) { person.says("/start").hears("На счёте"), person.says(text_mode).hears("Пришлите текстовый файл"); }
    static void gives(Person& person, const std::string& name, const std::string& text) {
        person.sends("document", clips().file(name, text)).hears(saved);
    }
    // Presses the first button of the message whose data begins so.
    static Person& presses(Person& person, const json::object& message, const std::string& data) {
        for (const auto& row : message.at("reply_markup").at("inline_keyboard").as_array())
            for (const auto& one : row.as_array())
                if (const std::string found(one.at("callback_data").as_string()); found.starts_with(data))
                    return person.presses(message.at("message_id").as_int64(), found);
        throw std::runtime_error("no button " + data + " in " + json::serialize(message));
    }
    // The card of the n-th transcript of the first page, from 0.
    static json::object card(Person& person, std::size_t n) {
        const auto page = person.says("/history").hears(list);
        const auto& row = page.at("reply_markup").at("inline_keyboard").as_array()[0].as_array();
        return person.presses(page.at("message_id").as_int64(), std::string(row.at(n).at("callback_data").as_string())).hears("📄");
    }
    static std::string transcripts(Person& person) { return person.sql("SELECT count(*) FROM user_transcripts WHERE user_id=$"); }
    static std::string told(Person& person, const std::string& words) {
        return std::string(json::serialize(home().wait(person.id(), person.last(), words, "callback_answer")));
    }
    // Waits until the bot has sent so many documents; gives the last.
    static json::object file(Person& person, std::size_t count) {
        EXPECT_TRUE(eventually([&] { return documents(person).size() >= count; }));
        return documents(person).back();
    }
};

TEST_F(Library, T23_TheHistoryListsNewestFirstAndItsCardsAreNamedFoundAndTakenAway) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says("/history").hears("У вас нет обработанных файлов.");
    reads(anna);
    gives(anna, "one.txt", "Мы обсудили договоры с поставщиками.");
    gives(anna, "two.txt", "Погода была хорошей.");
    gives(anna, "three.txt", "We decided to launch on Friday.");
    const auto page = Person::text(anna.says("/history").hears(list));
    EXPECT_LT(page.find("three.txt"), page.find("two.txt")) << page;
    EXPECT_LT(page.find("two.txt"), page.find("one.txt")) << page;
    EXPECT_THAT(page, AllOf(HasSubstr("1. 📌 three.txt — текст → транскрипт, "),
                            HasSubstr(anna.sql("SELECT to_char(now() AT TIME ZONE 'Europe/Moscow', 'DD.MM.YYYY')"))));

    const auto opened = card(anna, 2);
    EXPECT_THAT(Person::text(opened), HasSubstr("one.txt"));
    presses(anna, opened, "tr-name:").hears("Как назвать «one.txt»?");
    anna.says(std::string(81, 'x')).hears("до 80 символов");
    anna.says("Планёрка").hears("теперь это «Планёрка»");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_transcripts t WHERE user_id=$ AND (t::text LIKE '%Планёрка%' OR t::text LIKE '%договор%')"), "0");

    presses(anna, anna.says("/history").hears(list), "find:").hears("Что искать?");
    const auto found = anna.says("договором").hears("Нашлось");
    EXPECT_THAT(Person::text(found), AllOf(HasSubstr("Планёрка"), HasSubstr("обсудили договоры"), Not(HasSubstr("two.txt"))));
    anna.says("план").hears("Планёрка");
    anna.says("слон").hears("ничего не нашлось");

    const auto forms = presses(anna, presses(anna, found, "tr:").hears("📄 Планёрка"), "tr-ex:").hears("В каком виде");
    presses(anna, forms, "tr-out:md:");
    const auto sent = file(anna, 1);
    EXPECT_EQ(file_name(sent), "Планёрка.md");
    EXPECT_THAT(content(sent), AllOf(HasSubstr("# Планёрка"), HasSubstr("Мы обсудили договоры с поставщиками.")));
    EXPECT_EQ(coins(anna), "100.00 0.00");
}

TEST_F(Library, T15_AnOldTranscriptIsMadeCurrentAndItsDocumentComesAgainForFree) {
    Person anna(home());
    reads(anna);
    gives(anna, "old.txt", "Anna: We decided to launch the old rocket on Friday.");
    anna.sql("UPDATE user_transcripts SET created_at = created_at - interval '25 hours' WHERE user_id=$");
    gives(anna, "new.txt", "Bob: We decided to sell the new boat on Monday.");
    presses(anna, card(anna, 1), "tr-use:").hears("Текущий транскрипт: «old.txt»");
    anna.says("Сводка на 1 страницу").hears("списано 1.00");
    const auto summary = file(anna, 1);
    EXPECT_THAT(content(summary), HasSubstr("rocket"));
    presses(anna, presses(anna, card(anna, 1), "tr-docs:").hears("📎 Документы из «old.txt»"), "tr-send:");
    const auto again = file(anna, 2);
    EXPECT_EQ(file_name(again), file_name(summary));
    EXPECT_EQ(content(again), content(summary));
    EXPECT_EQ(coins(anna), "99.00 0.00");
}

TEST_F(Library, T24_TheLastFileGoesAloneAndACardAsksFirst) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says("🗑 Удалить мой файл").hears("Нет файла для удаления.");
    reads(anna);
    gives(anna, "a.txt", "Anna: We decided to launch on Friday.");
    gives(anna, "b.txt", "Bob: We decided to wait until Monday.");
    anna.says("Сводка на 1 страницу").hears("списано 1.00");
    anna.says("🗑 Удалить мой файл").hears("Ваш последний файл удалён.");
    EXPECT_EQ(transcripts(anna) + anna.sql("SELECT count(*) FROM user_documents WHERE user_id=$ AND kind='summary'"), "20")
        << "the summary went, both texts stay";
    anna.says("🗑 Удалить мой файл").hears("Ваш последний файл удалён.");
    EXPECT_THAT(Person::text(anna.says("/history").hears(list)), AllOf(HasSubstr("📌 a.txt"), Not(HasSubstr("b.txt"))));
    const auto question = presses(anna, card(anna, 0), "tr-del:").hears("Удалить «a.txt»");
    EXPECT_EQ(transcripts(anna), "1");
    presses(anna, question, "tr-gone:").hears("«a.txt» удалён");
    EXPECT_EQ(transcripts(anna), "0");
    anna.says("/history").hears("У вас нет обработанных файлов.");
    EXPECT_EQ(charges(anna), "1") << "the ledger stays";
}

TEST_F(Library, T16_ButtonsOfADeletedTranscriptSaySo) {
    Person anna(home());
    reads(anna);
    gives(anna, "a.txt", "We decided to launch on Friday.");
    const auto opened = card(anna, 0);
    anna.says("🗑 Удалить мой файл").hears("Ваш последний файл удалён.");
    presses(anna, opened, "tr-ex:");
    told(anna, "Файл транскрипта не найден.");
    anna.says("Сводка на 1 страницу").hears("Нет сохранённого транскрипта.");
}

TEST_F(Library, SeveralAreTickedJoinedAndDeleted) {
    Person anna(home());
    reads(anna);
    gives(anna, "a.txt", "First part.");
    gives(anna, "b.txt", "Second part.");
    auto page = presses(anna, anna.says("/history").hears(list), "pick:new").hears("Пока ничего не выбрано.");
    const auto tick = [&](std::size_t n) {
        const auto& row = page.at("reply_markup").at("inline_keyboard").as_array()[0].as_array();
        const std::string data(row.at(n).at("callback_data").as_string());
        page = anna.presses(page.at("message_id").as_int64(), data).hears("☑️ Отметьте");
    };
    tick(0), tick(1);
    presses(anna, page, "picked:join").hears("Текущий транскрипт: «a.txt и ещё 1»");
    EXPECT_THAT(content(file(anna, 1)), AllOf(HasSubstr("First part."), HasSubstr("Second part.")));
    presses(anna, presses(anna, page, "picked:del").hears("Удалить 2 выбранных"), "picked:gone:").hears("Удалено 2 транскрипта.");
    EXPECT_EQ(transcripts(anna), "1");
    EXPECT_EQ(coins(anna), "100.00 0.00");
}

TEST_F(Library, T25_AfterAnErrorTheRecordingIsTakenWithoutAnotherButton) {
    Person anna(home());
    listens(anna);
    anna.sends("document", clips().file("noise.mp3", "this is no sound at all")).hears("не является поддерживаемой аудиозаписью");
    anna.sends("voice", places::data() / "speech/english_reading.ogg").hears("✅ Готово", 120);
    anna.sends("document", clips().file("noise.mp3", "this is no sound at all")).hears("не является поддерживаемой аудиозаписью");
    anna.says("Повторить").hears("Слышу языки");
    anna.sends("voice", places::data() / "speech/english_reading.ogg").hears("✅ Готово", 120);
    EXPECT_EQ(coins(anna), "90.00 0.00");
}

}  // namespace
}  // namespace persona::e2e
