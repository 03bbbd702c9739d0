#include "media/docx_template.hpp"

#include <unicode/unistr.h>
#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <pugixml.hpp>
#include <sstream>

#include "base/error.hpp"
#include "media/docx_parts.hpp"

namespace persona::media {
namespace {

constexpr zip_uint64_t most_bytes = 10 << 20;
constexpr const char* document_rels = "word/_rels/document.xml.rels";

// The archive by the names of its parts; read whole, once, at the start of the program.
std::map<std::string, std::string> unzipped(const std::filesystem::path& file) {
    const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(zip_open(file.c_str(), ZIP_RDONLY, nullptr), &zip_discard);
    if (!archive) throw BadConfig(file.string() + " is not a Word file (.docx)");
    std::map<std::string, std::string> out;
    zip_uint64_t total = 0;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &stat) != 0 || (total += stat.size) > most_bytes)
            throw BadConfig(file.string() + " is broken or larger than 10 MiB unpacked");
        std::string content(stat.size, '\0');
        const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> entry(zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(i), 0), &zip_fclose);
        if (!entry || zip_fread(entry.get(), content.data(), content.size()) != static_cast<zip_int64_t>(content.size()))
            throw BadConfig(file.string() + " is broken");
        out[stat.name] = std::move(content);
    }
    return out;
}

std::string printed(const pugi::xml_document& xml) {
    std::ostringstream out;
    xml.save(out, "", pugi::format_raw, pugi::encoding_utf8);
    return out.str();
}

std::string lower(std::string_view text) {
    std::string out;
    icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}).foldCase().toUTF8String(out);
    return out;
}

std::string type_and_name(const pugi::xml_node& style) {
    return std::string(style.attribute("w:type").value()) + ":" + lower(style.child("w:name").attribute("w:val").value());
}

// One template in the making.
class Reading {
public:
    explicit Reading(const std::filesystem::path& file) : file_(file), archive_(unzipped(file)) {
        parse("word/document.xml", document_);
        parse(document_rels, relations_);
    }

    DocxTemplate take() {
        complete_styles();
        out_.header = part_of("w:headerReference", "header1");
        out_.footer = part_of("w:footerReference", "footer1");
        if (const std::string* theme = find(target_of_type("/theme"))) out_.theme = *theme;
        measure_page();
        return std::move(out_);
    }

private:
    const std::string* find(const std::string& path) const {
        const auto at = archive_.find(path);
        return at == archive_.end() ? nullptr : &at->second;
    }
    void parse(const std::string& path, pugi::xml_document& into) const {
        const std::string* xml = find(path);
        if (!xml || !into.load_buffer(xml->data(), xml->size())) throw BadConfig(file_.string() + " has no readable " + path);
    }
    std::string target_of_type(std::string_view ending) const {
        for (const auto& relation : relations_.child("Relationships").children("Relationship"))
            if (std::string_view(relation.attribute("Type").value()).ends_with(ending))
                return std::string("word/") + relation.attribute("Target").value();
        return {};
    }

    // Ours are added under their own ids unless the template knows the name; what ours are based on follows its ids.
    void complete_styles() {
        pugi::xml_document theirs, ours;
        parse("word/styles.xml", theirs);
        const std::string own = docx::own_styles(Language::ru);
        ours.load_buffer(own.data(), own.size());
        std::map<std::string, std::string> known;
        for (const auto& style : theirs.child("w:styles").children("w:style")) known[type_and_name(style)] = style.attribute("w:styleId").value();
        for (const auto& style : ours.child("w:styles").children("w:style")) {
            const auto at = known.find(type_and_name(style));
            if (at != known.end() && at->second != style.attribute("w:styleId").value())
                out_.style_ids[style.attribute("w:styleId").value()] = at->second;
        }
        for (const auto& style : ours.child("w:styles").children("w:style")) {
            if (known.contains(type_and_name(style))) continue;
            pugi::xml_node added = theirs.child("w:styles").append_copy(style);
            for (const char* link : {"w:basedOn", "w:next"})
                if (const auto at = out_.style_ids.find(added.child(link).attribute("w:val").value()); at != out_.style_ids.end())
                    added.child(link).attribute("w:val") = at->second.c_str();
        }
        out_.styles = printed(theirs);
    }

    // The default header or footer, with its relations and what they name inside the archive.
    std::optional<std::string> part_of(const char* reference, const std::string& name) {
        const auto found = document_.select_node((std::string("//w:sectPr/") + reference + "[@w:type='default']").c_str());
        const std::string id = found.node().attribute("r:id").value();
        for (const auto& relation : relations_.child("Relationships").children("Relationship")) {
            if (id.empty() || id != relation.attribute("Id").value()) continue;
            const std::string target = relation.attribute("Target").value();
            const std::string* content = find("word/" + target);
            if (!content) return std::nullopt;
            if (const std::string* links = find("word/_rels/" + target + ".rels")) add_links(name, *links);
            return *content;
        }
        return std::nullopt;
    }
    void add_links(const std::string& name, const std::string& links) {
        pugi::xml_document xml;
        if (!xml.load_buffer(links.data(), links.size())) return;
        for (const auto& relation : xml.child("Relationships").children("Relationship")) {
            const std::string path = std::string("word/") + relation.attribute("Target").value();
            const std::string* content = find(path);
            const bool there = std::ranges::find(out_.parts, path, &DocxTemplate::Part::path) != out_.parts.end();
            if (content && !there && path.starts_with("word/media/")) out_.parts.push_back({path, *content});
        }
        out_.parts.push_back({"word/_rels/" + name + ".xml.rels", links});
    }

    void measure_page() {
        const pugi::xml_node section = document_.select_node("(//w:sectPr)[last()]").node();
        const auto measure = [&](const char* element, const char* attribute, int& into) {
            if (const int value = section.child(element).attribute(attribute).as_int(); value > 0 && value < 40'000) into = value;
        };
        measure("w:pgSz", "w:w", out_.page_width), measure("w:pgSz", "w:h", out_.page_height);
        measure("w:pgMar", "w:left", out_.left), measure("w:pgMar", "w:right", out_.right);
        measure("w:pgMar", "w:top", out_.top), measure("w:pgMar", "w:bottom", out_.bottom);
        if (out_.page_width - out_.left - out_.right < 3000) throw BadConfig(file_.string() + " leaves no room for text between its margins");
    }

    const std::filesystem::path& file_;
    std::map<std::string, std::string> archive_;
    pugi::xml_document document_, relations_;
    DocxTemplate out_;
};

}  // namespace

DocxTemplate DocxTemplate::read(const std::filesystem::path& file) { return Reading(file).take(); }

}  // namespace persona::media
