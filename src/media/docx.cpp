#include "media/docx.hpp"

#include "media/docx_parts.hpp"

namespace persona::media {

Bytes to_docx(const Document& document, const DocxTemplate* look) {
    std::vector<ZipEntry> parts = docx::fixed_parts(document, look);
    parts.push_back(docx::body_part(document, look));
    return zipped(parts, document.created);
}

}  // namespace persona::media
