// The protocol of a real meeting, opened and read back by LibreOffice. Without LibreOffice every case is reported as skipped; where
// the environment sets PERSONA_REQUIRE_ALL (a CI that installs everything) it fails instead.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <sstream>

#include "ai/local/extractive/engine.hpp"
#include "media/docx.hpp"
#include "studio/transcripts/forms.hpp"
#include "support/places.hpp"

namespace persona {
namespace {

namespace fs = std::filesystem;

class LibreOffice : public testing::Test {
protected:
    void SetUp() override {
        if (std::system("command -v soffice >/dev/null 2>&1") == 0) return;
        if (std::getenv("PERSONA_REQUIRE_ALL") != nullptr) FAIL() << "soffice is missing: apt-get install libreoffice-writer-nogui";
        GTEST_SKIP() << "soffice is missing: apt-get install libreoffice-writer-nogui";
    }
    void TearDown() override { fs::remove_all(folder_); }

    // The file as LibreOffice understood it, in its flat XML.
    pugi::xml_document opened(const media::Document& document) {
        fs::create_directories(folder_);
        const Bytes bytes = media::to_docx(document);
        std::ofstream(folder_ / "file.docx", std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        const std::string place = folder_.string();
        const std::string command = "timeout 120 soffice -env:UserInstallation=file://" + place + "/profile --headless --convert-to fodt --outdir " +
                                    place + " " + place + "/file.docx >" + place + "/log 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0);
        pugi::xml_document xml;
        EXPECT_TRUE(xml.load_file((folder_ / "file.fodt").c_str())) << "LibreOffice wrote nothing";
        return xml;
    }

    fs::path folder_ = fs::temp_directory_path() / ("persona-docx-" + std::to_string(::getpid()));
};

media::Document protocol(const char* meeting) {
    std::ifstream file(places::data() / meeting);
    std::stringstream text;
    text << file.rdbuf();
    const std::string transcript = text.str();
    return ai::write_basic(ai::Output::protocol, {transcript}, {.date = "11.03.2026", .author = "Persona"}).value();
}

std::string text_of(const pugi::xml_node& node) {
    std::string text;
    for (const auto& part : node.select_nodes(".//text()")) text += part.node().value();
    return text;
}

TEST_F(LibreOffice, T18_HeadingsTablesAndListsArriveAsSuch) {
    const media::Document document = protocol("meeting_ru.txt");
    const auto xml = opened(document);
    std::vector<std::string> expected;
    std::size_t bullets = 0;
    for (const auto& block : document.blocks) {
        if (const auto* heading = std::get_if<media::Heading>(&block)) expected.push_back(heading->text);
        bullets += std::holds_alternative<media::Bullet>(block) ? 1 : 0;
    }
    std::vector<std::string> headings;
    for (const auto& node : xml.select_nodes("//text:h[@text:outline-level='1']")) headings.push_back(text_of(node.node()));
    EXPECT_EQ(headings, expected);
    EXPECT_EQ(xml.select_nodes("//office:text//text:list-item").size(), bullets);
    EXPECT_EQ(xml.select_nodes("//table:table-row").size(), 4U);
    EXPECT_EQ(xml.select_nodes("//table:table-header-rows").size(), 1U);
    EXPECT_FALSE(xml.select_nodes("//text:page-number").empty());
    const std::string text = text_of(xml.select_node("//office:text").node());
    for (const auto& block : document.blocks) {
        if (const auto* box = std::get_if<media::CheckBox>(&block)) EXPECT_NE(text.find(box->text), std::string::npos) << box->text;
    }
    EXPECT_EQ(text.find("**"), std::string::npos);
}

TEST_F(LibreOffice, PropertiesAndLanguageArrive) {
    const auto xml = opened(protocol("meeting_en.txt"));
    EXPECT_STREQ(xml.select_node("//office:meta/dc:title").node().text().get(), "Meeting protocol");
    EXPECT_STREQ(xml.select_node("//office:meta/meta:initial-creator").node().text().get(), "Persona");
    EXPECT_STREQ(xml.select_node("//style:default-style[@style:family='paragraph']/style:text-properties").node().attribute("fo:language").value(),
                 "en");
}

TEST_F(LibreOffice, HostileTextOpens) {
    const std::string hostile = "<w:p>&amp;]]></w:p> \x01\x02 {{x}} \xF0\x9F\x98\x80 \xFF";
    const auto xml = opened({.title = hostile,
                             .language = media::Language::en,
                             .blocks = {media::Paragraph{{{hostile, false}}}, media::Table{{"№", hostile}, {{"1", hostile}}},
                                        media::CheckBox{true, hostile, hostile, hostile}}});
    EXPECT_NE(text_of(xml.select_node("//office:text").node()).find("<w:p>&amp;]]></w:p>"), std::string::npos);
}

TEST_F(LibreOffice, ATranscriptArrivesWithItsTimesAndSpeakersInBold) {
    const transcripts::Transcript talk{.id = {},
                                       .source = "audio",
                                       .language = "en",
                                       .duration = 60s,
                                       .lines = {{0s, 4s, "Hello <there> & all.", "Anna"}, {20s, 24s, "Good morning.", "Bob"}},
                                       .created_at = *from_iso("2026-11-22T12:00:00Z")};
    const auto xml =
        opened(transcripts::to_document(talk, {.title = "Weekly call", .date = "22.11.2026", .length = "1:00", .language = media::Language::en}));
    const std::string text = text_of(xml.select_node("//office:text").node());
    for (const char* words : {"Weekly call", "22.11.2026", "[0:00] Anna: Hello <there> & all.", "[0:20] Bob: Good morning."})
        EXPECT_NE(text.find(words), std::string::npos) << words;
    const auto spans = xml.select_nodes("//text:span[contains(., '[0:20] Bob:')]");
    EXPECT_FALSE(spans.empty()) << "a run of its own";
}

}  // namespace
}  // namespace persona
