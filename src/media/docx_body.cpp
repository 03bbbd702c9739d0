#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "media/docx_parts.hpp"

namespace persona::media::docx {
namespace {

using pugi::xml_node;

// A4 with the margins of GOST R 7.0.97-2016: left 30 mm, right 15 mm, others 20 mm.
const DocxTemplate own_page{};

constexpr const char* main_namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
constexpr const char* relations_namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr const char* word2010_namespace = "http://schemas.microsoft.com/office/word/2010/wordml";
constexpr const char* compatibility_namespace = "http://schemas.openxmlformats.org/markup-compatibility/2006";

xml_node child(xml_node parent, const char* name, std::initializer_list<std::pair<const char*, std::string>> attributes = {}) {
    xml_node node = parent.append_child(name);
    for (const auto& [key, value] : attributes) node.append_attribute(key) = value.c_str();
    return node;
}

xml_node paragraph(xml_node parent, const char* style) {
    xml_node node = parent.append_child("w:p");
    child(child(node, "w:pPr"), "w:pStyle", {{"w:val", style}});
    return node;
}

// A newline inside a text is a line break of the same paragraph.
void run(xml_node parent, std::string_view text, bool bold = false) {
    xml_node node = parent.append_child("w:r");
    if (bold) child(node, "w:rPr").append_child("w:b");
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (at > 0) node.append_child("w:br");
        child(node, "w:t", {{"xml:space", "preserve"}}).text() = xml_text(text.substr(at, end - at)).c_str();
        at = end + 1;
    }
}

void runs(xml_node parent, const Line& line) {
    for (const Run& piece : line) run(parent, piece.text, piece.bold);
}

// Word's own check box; the drawn sign is what older readers show.
void check_box(xml_node parent, bool done) {
    xml_node control = parent.append_child("w:sdt");
    xml_node box = child(child(control, "w:sdtPr"), "w14:checkbox");
    child(box, "w14:checked", {{"w14:val", done ? "1" : "0"}});
    child(box, "w14:checkedState", {{"w14:val", "2612"}, {"w14:font", "MS Gothic"}});
    child(box, "w14:uncheckedState", {{"w14:val", "2610"}, {"w14:font", "MS Gothic"}});
    xml_node sign = child(child(control, "w:sdtContent"), "w:r");
    child(child(sign, "w:rPr"), "w:rFonts",
          {{"w:ascii", "MS Gothic"}, {"w:hAnsi", "MS Gothic"}, {"w:eastAsia", "MS Gothic"}, {"w:hint", "eastAsia"}});
    child(sign, "w:t").text() = done ? "☒" : "☐";
}

class Body {
public:
    Body(xml_node body, Language language, const DocxTemplate& page)
        : body_(body), words_(fixed_words(language)), text_width_(page.page_width - page.left - page.right) {}

    void operator()(const Heading& heading) { run(paragraph(body_, heading.level == 1 ? "Heading1" : "Heading2"), heading.text); }
    void operator()(const Paragraph& block) { runs(paragraph(body_, "BodyText"), block.line); }
    void operator()(const Bullet& bullet) {
        xml_node line = paragraph(body_, bullet.numbered ? "ListNumber" : "ListBullet");
        xml_node number = line.child("w:pPr").append_child("w:numPr");  // not by the style: a template's own numbering is not ours
        child(number, "w:ilvl", {{"w:val", "0"}});
        child(number, "w:numId", {{"w:val", bullet.numbered ? "2" : "1"}});
        runs(line, bullet.line);
    }
    void operator()(const Note& note) { run(paragraph(body_, "Note"), note.text); }

    void operator()(const KeyValue& pair) {
        xml_node line = paragraph(body_, pair.value.empty() ? "FillIn" : "KeyValue");
        run(line, pair.key + ": ", true);
        if (!pair.value.empty()) return run(line, pair.value);
        child(child(line.child("w:pPr"), "w:tabs"), "w:tab",
              {{"w:val", "right"}, {"w:leader", "underscore"}, {"w:pos", std::to_string(text_width_)}});
        line.append_child("w:r").append_child("w:tab");
    }

    void operator()(const CheckBox& box) {
        xml_node line = paragraph(body_, "CheckBox");
        const bool detailed = !box.owner.empty() || !box.due.empty();
        if (detailed) line.child("w:pPr").append_child("w:keepNext");
        check_box(line, box.done);
        line.append_child("w:r").append_child("w:tab");
        run(line, box.text);
        if (!detailed) return;
        xml_node details = paragraph(body_, "CheckBoxDetails");
        field(details, words_.owner, box.owner);
        if (!box.owner.empty() && !box.due.empty()) run(details, " · ");
        field(details, words_.due, box.due);
    }

    void operator()(const Table& table) {
        xml_node node = body_.append_child("w:tbl");
        xml_node properties = child(node, "w:tblPr");
        child(properties, "w:tblStyle", {{"w:val", "PersonaTable"}});
        child(properties, "w:tblW", {{"w:w", std::to_string(text_width_)}, {"w:type", "dxa"}});
        child(properties, "w:tblLayout", {{"w:type", "fixed"}});
        child(properties, "w:tblLook",
              {{"w:val", "0020"},
               {"w:firstRow", "1"},
               {"w:lastRow", "0"},
               {"w:firstColumn", "0"},
               {"w:lastColumn", "0"},
               {"w:noHBand", "1"},
               {"w:noVBand", "1"}});
        const std::vector<int> widths = column_widths(table);
        xml_node grid = child(node, "w:tblGrid");
        for (const int width : widths) child(grid, "w:gridCol", {{"w:w", std::to_string(width)}});
        row(node, table.header, widths, true);
        for (const auto& cells : table.rows) row(node, cells, widths, false);
        paragraph(body_, "AfterTable");  // Word joins tables that touch
    }

private:
    static void field(xml_node line, const char* key, const std::string& value) {
        if (value.empty()) return;
        run(line, std::string(key) + ": ", true);
        run(line, value);
    }

    // A number column is narrow; the first column of text gets the space that columns of names and dates leave.
    std::vector<int> column_widths(const Table& table) const {
        constexpr int number = 600;
        constexpr int detail = 1900;
        const std::size_t columns = table.header.size();
        const std::size_t lead = columns > 1 && table.header[0] == "№" ? 1 : 0;
        const int details = static_cast<int>(columns - lead) - 1;
        const int each = std::min(detail, details > 0 ? text_width_ * 6 / 10 / details : 0);
        std::vector<int> widths(columns, each);
        if (lead == 1) widths[0] = number;
        widths[lead] = text_width_ - (lead == 1 ? number : 0) - each * details;
        return widths;
    }

    static void row(xml_node table, const std::vector<std::string>& cells, const std::vector<int>& widths, bool header) {
        xml_node node = table.append_child("w:tr");
        xml_node properties = child(node, "w:trPr");
        child(properties, "w:cantSplit");
        if (header) child(properties, "w:tblHeader");
        for (std::size_t i = 0; i < widths.size(); ++i) {
            xml_node cell = child(node, "w:tc");
            child(child(cell, "w:tcPr"), "w:tcW", {{"w:w", std::to_string(widths[i])}, {"w:type", "dxa"}});
            run(paragraph(cell, header ? "TableHeading" : "TableText"), i < cells.size() && !cells[i].empty() ? cells[i] : "—");
        }
    }

    xml_node body_;
    const FixedWords& words_;
    int text_width_;
};

void page_setup(xml_node body, const DocxTemplate& page) {
    xml_node section = child(body, "w:sectPr");
    child(section, "w:headerReference", {{"w:type", "default"}, {"r:id", "rIdHeader"}});
    child(section, "w:footerReference", {{"w:type", "default"}, {"r:id", "rIdFooter"}});
    const auto n = [](int value) { return std::to_string(value); };
    child(section, "w:pgSz", {{"w:w", n(page.page_width)}, {"w:h", n(page.page_height)}});
    child(section, "w:pgMar",
          {{"w:top", n(page.top)},
           {"w:right", n(page.right)},
           {"w:bottom", n(page.bottom)},
           {"w:left", n(page.left)},
           {"w:header", "567"},
           {"w:footer", "567"},
           {"w:gutter", "0"}});
}

// Word's ids of styles differ from language to language.
void follow_ids(xml_node body, const DocxTemplate& look) {
    for (const char* path : {".//w:pStyle", ".//w:tblStyle"})
        for (const auto& found : body.select_nodes(path)) {
            auto value = found.node().attribute("w:val");
            if (const auto at = look.style_ids.find(value.value()); at != look.style_ids.end()) value = at->second.c_str();
        }
}

std::string printed(const pugi::xml_document& xml) {
    std::ostringstream out;
    xml.save(out, "", pugi::format_raw, pugi::encoding_utf8);
    return out.str();
}

}  // namespace

Part body_part(const Document& document, const DocxTemplate* look) {
    const DocxTemplate& page = look ? *look : own_page;
    pugi::xml_document xml;
    xml_node declaration = xml.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    declaration.append_attribute("standalone") = "yes";
    xml_node root = child(xml.root(), "w:document",
                          {{"xmlns:w", main_namespace},
                           {"xmlns:r", relations_namespace},
                           {"xmlns:w14", word2010_namespace},
                           {"xmlns:mc", compatibility_namespace},
                           {"mc:Ignorable", "w14"}});
    xml_node body = child(root, "w:body");
    run(paragraph(body, "Title"), document.title);
    Body draw(body, document.language, page);
    for (const Block& block : document.blocks) std::visit(draw, block);
    page_setup(body, page);
    follow_ids(body, page);
    return {"word/document.xml", printed(xml)};
}

}  // namespace persona::media::docx
