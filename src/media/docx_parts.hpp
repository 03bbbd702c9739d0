// The parts of a .docx that do not depend on its blocks. Private to docx.
#pragma once

#include <string>
#include <vector>

#include "media/document.hpp"
#include "media/docx_template.hpp"
#include "media/zip.hpp"

namespace persona::media::docx {

using Part = ZipEntry;

// Styles, numbering, settings, header, footer, properties, relations, content types. look: may be null.
std::vector<Part> fixed_parts(const Document& document, const DocxTemplate* look);

// word/document.xml.
Part body_part(const Document& document, const DocxTemplate* look);

// word/styles.xml as it is without a template.
std::string own_styles(Language language);

// Text that XML 1.0 can hold: valid UTF-8 without control characters other than tab and newline.
std::string xml_text(std::string_view text);

// BCP 47, as Word tags text: "ru-RU", "en-US".
const char* language_tag(Language language);

}  // namespace persona::media::docx
