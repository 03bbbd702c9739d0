// An operator's own look for Word files: a .docx whose styles, header, footer and page are used, whatever its text is.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace persona::media {

// Styles are found by their names as Word knows them in every language ("heading 1", "Title", "List Bullet", "Body Text"); those of ours that a
// template does not have are added to it. Pictures of the header and footer come along; macros and the text do not.
struct DocxTemplate {
    struct Part {
        std::string path;  // in the archive
        std::string content;
    };

    std::string styles;                            // word/styles.xml, completed by ours
    std::map<std::string, std::string> style_ids;  // ours → its own, where they differ
    std::optional<std::string> header, footer;     // of all pages but special first and even ones
    std::optional<std::string> theme;
    std::vector<Part> parts;                                                                           // relations and pictures of header and footer
    int page_width = 11906, page_height = 16838, left = 1701, right = 851, top = 1134, bottom = 1134;  // twentieths of a point

    // Throws BadConfig, naming the file, when it cannot be read, is no Word file or is larger than 10 MiB unpacked.
    static DocxTemplate read(const std::filesystem::path& file);
};

}  // namespace persona::media
