// T13 to T18: texts become transcripts, transcripts become documents.
#include <regex>

#include "work.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* saved = "✅ Текстовый файл успешно загружен и сохранён как транскрипт. Выберите дальнейшее действие:";

struct Format {
    const char *button, *prefix, *extension, *caption;
};
constexpr Format formats[] = {
    {"Полный официальный транскрипт", "full_transcript_", ".txt", "📝 Полный официальный транскрипт"},
    {"Сводка на 1 страницу", "summary_", ".txt", "📝 Сводка на 1 страницу"},
    {"Сформировать MoM", "mom_", ".txt", "📝 MoM (Minutes of Meeting)"},
    {"Сформировать ToDo-план с чеклистами", "todo_", ".txt", "📝 ToDo-план с чеклистами"},
    {"Протокол заседания (Word)", "protocol_", ".docx", "📄 Протокол заседания (Word)"},
};

struct Documents : WorkTalk<Documents> {
    static Options options() { return unhurried(); }

    static void reads(Person& person) { person.says("/start").hears("На счёте"), person.says(text_mode).hears("Пришлите текстовый файл"); }
    static void gives(Person& person, const std::string& name, const std::string& text) {
        person.sends("document", clips().file(name, text)).hears(saved);
    }
    static std::string orders(Person& person, const std::string& button) {
        person.says(button).hears("списано 1.00");
        return content(documents(person).back());
    }
    // A part of a zip archive by the unzip program.
    static std::string part(const std::filesystem::path& archive, const std::string& name) {
        const auto out = archive.string() + ".part";
        EXPECT_EQ(std::system(("unzip -p '" + archive.string() + "' '" + name + "' > '" + out + "'").c_str()), 0);
        return read_file(out);
    }
};

TEST_F(Documents, T13_ATextFileBecomesTheTranscriptWhateverItsCase) {
    Person anna(home());
    reads(anna);
    gives(anna, "a.txt", "Первый текст о запуске.");
    gives(anna, "A.TXT", "Второй текст о бюджете.");
    EXPECT_EQ(coins(anna), "100.00 0.00");
    const auto history = Person::text(anna.says("/history").hears("Последние файлы:"));
    EXPECT_LT(history.find("A.TXT"), history.find("a.txt")) << history;
    EXPECT_THAT(orders(anna, "Полный официальный транскрипт"), AllOf(HasSubstr("Второй текст о бюджете"), Not(HasSubstr("Первый"))));
}

TEST_F(Documents, T14_EveryCharsetIsReadAndWhatIsNoTextIsRefused) {
    const std::vector<std::pair<const char*, std::string>> files{
        {"cp1251.txt", "\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0. \xDD\xF2\xEE \xEF\xF0\xEE\xE2\xE5\xF0\xEA\xE0 \xF2\xE5\xEA\xF1\xF2\xE0."},
        {"bom.txt", "\xEF\xBB\xBFПривет, мир. Это проверка текста."},
        {"utf16.txt", [] {
             std::string out = "\xFF\xFE";
             for (const char16_t unit : std::u16string_view(u"Привет, мир. Это проверка текста."))
                 out += static_cast<char>(unit & 255), out += static_cast<char>(unit >> 8);
             return out;
         }()}};
    Person anna(home());
    reads(anna);
    for (const auto& [name, bytes] : files) {
        gives(anna, name, bytes);
        EXPECT_THAT(orders(anna, "Полный официальный транскрипт"), HasSubstr("Привет, мир. Это проверка текста.")) << name;
    }
    anna.sends("document", places::data() / "media/picture.jpg", "picture.txt").hears("Это не текстовый файл.");
    anna.sends("document", clips().file("nothing.txt", "")).hears("Файл пустой.");
    anna.sends("document", clips().file("blank.txt", " \n\t\n")).hears("Файл пустой.");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_transcripts WHERE user_id=$"), "3");
    EXPECT_EQ(coins(anna), "97.00 0.00");
}

TEST_F(Documents, T15_ATranscriptOf25HoursAgoStillWorks) {
    Person anna(home());
    reads(anna);
    gives(anna, "meeting.txt", read_file(places::data() / "meeting_ru.txt"));
    anna.sql("UPDATE user_transcripts SET created_at = created_at - interval '25 hours' WHERE user_id=$");
    anna.sql("UPDATE user_documents SET created_at = created_at - interval '25 hours' WHERE user_id=$");
    EXPECT_FALSE(orders(anna, "Сводка на 1 страницу").empty());
}

TEST_F(Documents, T16_WithoutATranscriptTheButtonsSaySo) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says("Сводка на 1 страницу").hears("Нет сохранённого транскрипта. Пожалуйста, отправьте аудиофайл или текстовый файл ещё раз.");
    EXPECT_EQ(coins(anna), "100.00 0.00");
}

TEST_F(Documents, T16_AButtonUnderALostTranscriptSaysSo) {
    Person anna(home());
    reads(anna);
    gives(anna, "a.txt", "We decided to launch on Friday.");
    orders(anna, "Сводка на 1 страницу");
    const auto message = documents(anna).back();
    const auto& button = message.at("reply_markup").at("inline_keyboard").as_array()[0].as_array()[0];
    anna.sql("UPDATE user_documents SET transcript_id = NULL WHERE user_id=$");
    anna.sql("DELETE FROM user_transcripts WHERE user_id=$");
    anna.presses(message.at("message_id").as_int64(), std::string(button.at("callback_data").as_string()));
    home().wait(anna.id(), anna.last(), "Файл транскрипта не найден.", "callback_answer");
    EXPECT_EQ(coins(anna), "99.00 0.00");
}

TEST_F(Documents, T17_EachFormatComesOnceWithItsNameAndCaption) {
    Person anna(home());
    reads(anna);
    gives(anna, "meeting.txt", read_file(places::data() / "meeting_ru.txt"));
    for (const Format& format : formats) EXPECT_FALSE(orders(anna, format.button).empty()) << format.button;
    const auto sent = documents(anna);
    ASSERT_EQ(sent.size(), std::size(formats));
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const std::regex name(std::string(formats[i].prefix) + R"(1_\d{4}-\d\d-\d\d_\d\d-\d\d\)" + formats[i].extension);
        EXPECT_TRUE(std::regex_match(file_name(sent[i]), name)) << file_name(sent[i]);
        EXPECT_EQ(caption(sent[i]), formats[i].caption);
    }
    EXPECT_EQ(coins(anna), "95.00 0.00");
    EXPECT_EQ(charges(anna), "5");
}

TEST_F(Documents, T18_TheProtocolIsAWordDocumentWithRealStyles) {
    Person anna(home());
    reads(anna);
    gives(anna, "meeting.txt", read_file(places::data() / "meeting_ru.txt"));
    const auto archive = clips().file("protocol.docx", orders(anna, "Протокол заседания (Word)"));
    const std::string body = part(archive, "word/document.xml");
    EXPECT_THAT(body, AllOf(HasSubstr("<w:pStyle w:val=\"Heading1\"/>"), HasSubstr("<w:b/>"), Not(HasSubstr("**"))));
    EXPECT_THAT(part(archive, "\\[Content_Types\\].xml"), HasSubstr("wordprocessingml"));
    EXPECT_THAT(part(archive, "word/styles.xml"), HasSubstr("Heading1"));
}

}  // namespace
}  // namespace persona::e2e
