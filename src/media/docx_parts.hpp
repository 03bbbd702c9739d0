// The parts of a .docx that do not depend on its blocks, and the archive they go into. Private to docx.
#pragma once

#include "base/bytes.hpp"
#include "media/document.hpp"

#include <string>
#include <vector>

namespace persona::media::docx {

struct Part {
    std::string path;
    std::string xml;
};

// Styles, numbering, settings, footer, properties, relations, content types.
std::vector<Part> fixed_parts(const Document& document);

// word/document.xml.
Part body_part(const Document& document);

// Text that XML 1.0 can hold: valid UTF-8 without control characters other than tab and newline.
std::string xml_text(std::string_view text);

// The parts as a zip archive; `created` is the time of its entries.
Bytes zipped(const std::vector<Part>& parts, std::optional<Time> created);

// BCP 47, as Word tags text: "ru-RU", "en-US".
const char* language_tag(Language language);

}  // namespace persona::media::docx
