#include "media/document.hpp"

#include <gtest/gtest.h>

namespace persona::media {
namespace {

TEST(DocumentText, ReadsWellInAChat) {
    const Document document{.title = "Протокол",
                            .language = Language::ru,
                            .blocks = {KeyValue{"Дата", "15 марта"}, KeyValue{"Секретарь", ""}, Heading{1, "Решения"},
                                       Paragraph{{{"Анна: ", true}, {"принято", false}}}, Bullet{{{"первое", false}}}, Bullet{{{"второе", false}}},
                                       Table{{"№", "Решение", "Срок"}, {{"1", "купить", "завтра"}, {"2", "продать", ""}}},
                                       CheckBox{false, "сделать", "Анна", "к пятнице"}, CheckBox{true, "сдать", "", ""}, Note{"Базовый режим."}}};
    EXPECT_EQ(to_plain_text(document),
              "Протокол\n\n"
              "Дата: 15 марта\nСекретарь: ____________________\n\n"
              "РЕШЕНИЯ\nАнна: принято\n\n"
              "• первое\n• второе\n\n"
              "1. купить\n   Срок: завтра\n2. продать\n\n"
              "☐ сделать\n   Ответственный: Анна · Срок: к пятнице\n☑ сдать\n\n"
              "(Базовый режим.)\n");
}

TEST(DocumentText, ConsecutiveHeadingsAndParagraphsStandApart) {
    const Document document{.title = "T",
                            .language = Language::en,
                            .blocks = {Heading{1, "one"}, Heading{2, "two"}, Paragraph{{{"a", false}}}, Paragraph{{{"b", false}}}, Heading{1, "next"},
                                       Bullet{{{"c", false}}}}};
    EXPECT_EQ(to_plain_text(document), "T\n\nONE\ntwo\na\n\nb\n\nNEXT\n• c\n");
}

}  // namespace
}  // namespace persona::media
