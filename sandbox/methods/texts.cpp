#include "sandbox/methods/texts.hpp"

#include <algorithm>
#include <cctype>

#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

Parsed parse(std::string_view text, std::string_view mode) {
    std::string name(mode);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name.empty()) return Formatted{std::string(text), {}};
    if (name == "html") return parse_html(text);
    if (name == "markdownv2") return parse_markdown_v2(text);
    // The legacy mode differs from MarkdownV2 in much; Persona and new bots do not use it.
    refuse(name == "markdown" ? "the sandbox does not know the legacy mode Markdown: use MarkdownV2 or HTML" : "unsupported parse_mode");
}

}  // namespace

Formatted formatted_of(const json::object& from, std::string_view text_field, std::string_view entities_field) {
    const auto text = text_of(from, text_field);
    Formatted out;
    if (const auto* entities = array_of(from, entities_field); entities && !entities->empty()) {
        out = {std::string(text), read_entities(*entities)};
        const auto units = utf16_length(text);
        for (const auto& entity : out.entities)
            if (entity.offset + entity.length > units)
                refuse("can't parse entities: entity beginning at UTF-16 offset " + std::to_string(entity.offset) +
                       " ends after the end of the text");
    } else {
        auto parsed = parse(text, text_of(from, "parse_mode"));
        if (!parsed) refuse("can't parse entities: " + parsed.error());
        out = std::move(*parsed);
    }
    trim(out);
    find_entities(out);
    return out;
}

void put_text(const json::object& from, json::object& content) {
    auto text = formatted_of(from, "text", "entities");
    if (text.text.empty()) refuse("message text is empty");
    if (utf16_length(text.text) > longest_text) refuse("message is too long");
    if (!text.entities.empty()) content["entities"] = text.entities_json();
    content["text"] = text.text;
}

void put_caption(const json::object& from, json::object& content) {
    auto caption = formatted_of(from, "caption", "caption_entities");
    if (caption.text.empty()) return;
    if (utf16_length(caption.text) > longest_caption) refuse("message caption is too long");
    if (!caption.entities.empty()) content["caption_entities"] = caption.entities_json();
    content["caption"] = caption.text;
}

}  // namespace persona::sandbox
