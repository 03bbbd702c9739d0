// The three forms of a report, whatever its cells hold.
#include "studio/analytics/report.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace persona::analytics {
namespace {

using enum Column::Kind;

const Report small{{{"day"}, {"rows", count}, {"coins", amount}}, {{"2026-11-27", "12", "-5.00"}, {"2026-11-28", "3", "1250.50"}}};

TEST(ReportForms, ATableHasItsNumbersToTheRight) {
    EXPECT_EQ(as_table(small),
              "day         rows    coins\n"
              "2026-11-27    12    -5.00\n"
              "2026-11-28     3  1250.50\n");
    EXPECT_EQ(as_table({{{"name"}, {"n", count}}, {{"привет\nмир", "1"}}}),
              "name        n\n"
              "привет мир  1\n");
    EXPECT_EQ(as_table({{{"name"}}, {}}), "name\n");
}

TEST(ReportForms, CsvIsThatOfRfc4180) {
    EXPECT_EQ(as_csv(small), "day,rows,coins\r\n2026-11-27,12,-5.00\r\n2026-11-28,3,1250.50\r\n");
    const Report texts{{{"a,b"}, {"text"}}, {{"plain", "with \"quotes\""}, {"a,b", "two\r\nlines"}, {"", " blank "}}};
    EXPECT_EQ(as_csv(texts), "\"a,b\",text\r\nplain,\"with \"\"quotes\"\"\"\r\n\"a,b\",\"two\r\nlines\"\r\n, blank \r\n");
}

TEST(ReportForms, ATextIsNeverAFormulaOfASpreadsheet) {
    for (const char* text : {"=HYPERLINK(\"http://x\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
        const std::string csv = as_csv({{{"text"}}, {{text}}});
        const std::string cell = csv.substr(6);
        EXPECT_TRUE(cell.starts_with("'") || cell.starts_with("\"'")) << csv;
    }
    EXPECT_EQ(as_csv({{{"coins", amount}}, {{"-5.00"}}}), "coins\r\n-5.00\r\n");
}

TEST(ReportForms, JsonKeepsAmountsAsStrings) {
    EXPECT_EQ(as_json(small), R"([{"day":"2026-11-27","rows":12,"coins":"-5.00"},{"day":"2026-11-28","rows":3,"coins":"1250.50"}])"
                              "\n");
    EXPECT_EQ(as_json({{{"text"}}, {{"a\"b\n"}}}), "[{\"text\":\"a\\\"b\\n\"}]\n");
    EXPECT_EQ(as_json({{{"text"}}, {}}), "[]\n");
    EXPECT_THROW(as_json({{{"n", count}}, {{"many"}}}), Error);
}

}  // namespace
}  // namespace persona::analytics
