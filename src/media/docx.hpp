// A document as a Word file: ECMA-376 (Office Open XML), transitional, as Word 2010 and later, LibreOffice and Google Docs read it.
#pragma once

#include "base/bytes.hpp"
#include "media/document.hpp"
#include "media/docx_template.hpp"

namespace persona::media {

// The bytes of a .docx. Headings, lists, tables and bold are real styles and runs, a check box is a content control that can be
// ticked, the header holds title and date, the footer counts pages, the text is tagged with its language. The same document gives the same bytes.
// Characters that XML 1.0 cannot hold are dropped. Throws Error when the archive cannot be written (out of memory).
// look: the operator's template; null: ours.
Bytes to_docx(const Document& document, const DocxTemplate* look = nullptr);

}  // namespace persona::media
