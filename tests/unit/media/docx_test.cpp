#include "media/docx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <map>
#include <pugixml.hpp>
#include <set>

#include "base/error.hpp"
#include "media/zip.hpp"
#include "support/temporary_folder.hpp"

namespace persona::media {
namespace {

using Parts = std::map<std::string, std::string>;

Parts unzipped(const Bytes& bytes) {
    zip_error_t error;
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    Parts parts;
    for (zip_int64_t i = 0; archive != nullptr && i < zip_get_num_entries(archive, 0); ++i) {
        zip_stat_t stat;
        zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat);
        std::string content(stat.size, '\0');
        zip_file_t* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
        EXPECT_EQ(zip_fread(file, content.data(), content.size()), static_cast<zip_int64_t>(content.size()));
        zip_fclose(file);
        parts[stat.name] = content;
    }
    zip_discard(archive);
    return parts;
}

pugi::xml_document parsed(const std::string& xml) {
    pugi::xml_document document;
    const auto result = document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    EXPECT_TRUE(result) << result.description() << "\n" << xml;
    return document;
}

Document sample(Language language = Language::ru) {
    return {.title = "Протокол <1> & «два»",
            .language = language,
            .author = "Анна",
            .date = "15.03.2026 13:00",
            .created = from_iso("2026-03-15T10:00:00Z"),
            .blocks = {KeyValue{"Дата", "15 марта"}, KeyValue{"Председатель", ""}, Heading{1, "Решения"}, Heading{2, "Пункт"},
                       Paragraph{{{"Анна: ", true}, {"да <b>нет</b> **звёзды**", false}}}, Bullet{{{"первое", false}}},
                       Table{{"№", "Решение", "Ответственный", "Срок"}, {{"1", "купить", "Иван", "завтра"}}},
                       CheckBox{false, "сделать", "Анна", "к пятнице"}, CheckBox{true, "сдать", "", ""}, Note{"Базовый режим."}}};
}

TEST(Docx, T18_IsASoundArchiveOfWellFormedParts) {
    const Parts parts = unzipped(to_docx(sample()));
    ASSERT_THAT(parts, testing::SizeIs(11));
    for (const auto& [path, xml] : parts) parsed(xml);
    const auto types = parsed(parts.at("[Content_Types].xml"));
    for (const auto& override_ : types.child("Types").children("Override"))
        EXPECT_TRUE(parts.contains(std::string(override_.attribute("PartName").value()).substr(1)));
    const auto relations = parsed(parts.at("word/_rels/document.xml.rels"));
    for (const auto& relation : relations.child("Relationships").children("Relationship"))
        EXPECT_TRUE(parts.contains(std::string("word/") + relation.attribute("Target").value()));
}

TEST(Docx, T18_EveryStyleUsedIsDefined) {
    const Parts parts = unzipped(to_docx(sample()));
    std::set<std::string> defined;
    const auto styles = parsed(parts.at("word/styles.xml"));
    for (const auto& style : styles.child("w:styles").children("w:style")) defined.insert(style.attribute("w:styleId").value());
    std::set<std::string> used;
    const auto body = parsed(parts.at("word/document.xml"));
    for (const char* path : {"//w:pStyle", "//w:tblStyle"}) {
        for (const auto& node : body.select_nodes(path)) used.insert(node.node().attribute("w:val").value());
    }
    EXPECT_THAT(used, testing::IsSubsetOf(std::vector<std::string>(defined.begin(), defined.end())));
    EXPECT_THAT(used, testing::IsSupersetOf({"Title", "Heading1", "Heading2", "ListBullet", "PersonaTable", "CheckBox"}));
}

TEST(Docx, T18_TextIsKeptAsItStandsAndBoldIsARun) {
    const auto body = parsed(unzipped(to_docx(sample())).at("word/document.xml"));
    EXPECT_STREQ(body.select_node("//w:p[w:pPr/w:pStyle/@w:val='Title']/w:r/w:t").node().text().get(), "Протокол <1> & «два»");
    EXPECT_STREQ(body.select_node("//w:r[w:rPr/w:b and w:t='Анна: ']/following-sibling::w:r/w:t").node().text().get(), "да <b>нет</b> **звёзды**");
    EXPECT_EQ(body.select_nodes("//w14:checkbox").size(), 2U);
    EXPECT_STREQ(body.select_node("(//w14:checked)[2]").node().attribute("w14:val").value(), "1");
    EXPECT_EQ(body.select_nodes("//w:tbl/w:tr").size(), 2U);
    EXPECT_EQ(body.select_nodes("//w:tbl/w:tr[1]/w:tc").size(), 4U);
}

TEST(Docx, PropertiesLanguageAndPageNumbers) {
    for (const auto& [language, tag] : {std::pair{Language::ru, "ru-RU"}, {Language::en, "en-US"}}) {
        const Parts parts = unzipped(to_docx(sample(language)));
        const auto core = parsed(parts.at("docProps/core.xml"));
        EXPECT_STREQ(core.select_node("//dc:title").node().text().get(), "Протокол <1> & «два»");
        EXPECT_STREQ(core.select_node("//dc:creator").node().text().get(), "Анна");
        EXPECT_STREQ(core.select_node("//dcterms:created").node().text().get(), "2026-03-15T10:00:00Z");
        EXPECT_STREQ(parsed(parts.at("word/styles.xml")).select_node("//w:docDefaults//w:lang").node().attribute("w:val").value(), tag);
        const auto footer = parsed(parts.at("word/footer1.xml"));
        std::string words;
        for (const auto& node : footer.select_nodes("//w:t")) words += node.node().text().get();
        EXPECT_EQ(words, language == Language::ru ? "стр. 1 из 1" : "page 1 of 1");
        EXPECT_THAT(parts.at("word/footer1.xml"), testing::AllOf(testing::HasSubstr(" PAGE "), testing::HasSubstr(" NUMPAGES ")));
        EXPECT_THAT(parts.at("word/header1.xml"), testing::HasSubstr("15.03.2026 13:00"));
    }
}

TEST(Docx, HostileTextStaysWellFormed) {
    Document document{.title = std::string("a\0b\x01\x0B\x1F\xFF\xC3(", 9),
                      .language = Language::en,
                      .author = "<&>\"'",
                      .blocks = {Paragraph{{{"]]> &#0; \uFFFE\uFFFF \xED\xA0\x80 x\ny", false}}}, Table{{"a", "b"}, {{"only one"}}}}};
    const Parts parts = unzipped(to_docx(document));
    for (const auto& [path, xml] : parts) {
        parsed(xml);
        for (const char c : xml) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') << path;
    }
    EXPECT_EQ(parsed(parts.at("word/document.xml")).select_nodes("//w:br").size(), 1U);
}

// A template as a Word in Russian would save it: styles under ids of its own, a header with a picture, another page.
std::string russian_template() {
    const char* ns =
        R"(xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships")";
    const auto bytes = zipped(
        {{"word/document.xml",
          std::string("<w:document ") + ns +
              R"(><w:body><w:p><w:r><w:t>SAMPLE TEXT</w:t></w:r></w:p><w:sectPr><w:headerReference w:type="first" r:id="rId8"/><w:headerReference w:type="default" r:id="rId9"/>)" +
              R"(<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1000" w:right="1440" w:bottom="1000" w:left="1440"/></w:sectPr></w:body></w:document>)"},
         {"word/_rels/document.xml.rels",
          R"(<Relationships><Relationship Id="rId9" Type="x/header" Target="header3.xml"/><Relationship Id="rId2" Type="x/theme" Target="theme/theme1.xml"/></Relationships>)"},
         {"word/styles.xml",
          std::string("<w:styles ") + ns +
              R"(><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/><w:rPr><w:color w:val="C00000"/></w:rPr></w:style></w:styles>)"},
         {"word/header3.xml", std::string("<w:hdr ") + ns + "><w:p><w:r><w:t>OUR COMPANY</w:t></w:r></w:p></w:hdr>"},
         {"word/_rels/header3.xml.rels", R"(<Relationships><Relationship Id="rId1" Type="x/image" Target="media/logo.png"/></Relationships>)"},
         {"word/media/logo.png", "PNG"},
         {"word/theme/theme1.xml", "<theme/>"}},
        std::nullopt);
    return {bytes.begin(), bytes.end()};
}

TEST(Docx, AnOperatorsTemplateGivesItsStylesHeaderAndPage) {
    const TemporaryFolder folder;
    const auto look = DocxTemplate::read(folder.file("own.docx", russian_template()));
    const Parts parts = unzipped(to_docx(sample(), &look));
    for (const char* xml : {"word/document.xml", "word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}) parsed(parts.at(xml));
    const auto body = parsed(parts.at("word/document.xml"));
    EXPECT_STREQ(body.select_node("//w:p[w:pPr/w:pStyle/@w:val='a3']/w:r/w:t").node().text().get(), "Протокол <1> & «два»");
    EXPECT_STREQ(body.select_node("//w:pgSz").node().attribute("w:w").value(), "12240");
    EXPECT_STREQ(body.select_node("//w:tblW").node().attribute("w:w").value(), "9360");
    EXPECT_EQ(parts.at("word/document.xml").find("SAMPLE TEXT"), std::string::npos);
    EXPECT_THAT(parts.at("word/header1.xml"), testing::HasSubstr("OUR COMPANY"));
    EXPECT_THAT(parts.at("word/footer1.xml"), testing::HasSubstr("NUMPAGES")) << "ours, where the template has none";
    EXPECT_EQ(parts.at("word/media/logo.png"), "PNG");
    EXPECT_TRUE(parts.contains("word/_rels/header1.xml.rels"));
    EXPECT_TRUE(parts.contains("word/theme/theme1.xml"));
    const auto styles = parsed(parts.at("word/styles.xml"));
    EXPECT_STREQ(styles.select_node("//w:style[@w:styleId='a3']//w:color").node().attribute("w:val").value(), "C00000");
    EXPECT_STREQ(styles.select_node("//w:style[@w:styleId='CheckBox']/w:basedOn").node().attribute("w:val").value(), "a")
        << "ours are based on its own";
    EXPECT_EQ(styles.select_nodes("//w:style[w:name/@w:val='Title']").size(), 1U);
}

TEST(Docx, WhatIsNoTemplateIsRefusedByName) {
    const TemporaryFolder folder;
    EXPECT_THROW(DocxTemplate::read(folder.path() / "absent.docx"), BadConfig);
    EXPECT_THROW(DocxTemplate::read(folder.file("text.docx", "not a zip")), BadConfig);
    const auto empty = zipped({{"word/other.xml", "<a/>"}}, std::nullopt);
    EXPECT_THROW(DocxTemplate::read(folder.file("empty.docx", std::string(empty.begin(), empty.end()))), BadConfig);
}

TEST(Docx, TheSameDocumentGivesTheSameBytes) { EXPECT_EQ(to_docx(sample()), to_docx(sample())); }

}  // namespace
}  // namespace persona::media
