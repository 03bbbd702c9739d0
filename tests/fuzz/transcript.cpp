// Transcripts of any content: each of the five outputs is a document or the refusal of an empty one, and a sound Word file.
#include "ai/local/extractive/engine.hpp"
#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "media/docx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona;
    if (size == 0) return 0;
    const auto output = static_cast<ai::Output>(data[0] % ai::output_forms.size());
    const auto document = ai::write_basic(output, {as_text({data + 1, size - 1})}, {});
    if (!document) return 0;
    PERSONA_ASSERT(media::to_plain_text(*document).size() > document->title.size());
    PERSONA_ASSERT(!media::to_docx(*document).empty());
    return 0;
}
