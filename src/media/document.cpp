#include "media/document.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <array>
#include <string_view>

namespace persona::media {
namespace {

constexpr std::string_view rule = "____________________";

std::string upper(const std::string& text, Language language) {
    std::string result;
    icu::UnicodeString::fromUTF8(text).toUpper(icu::Locale(language == Language::ru ? "ru" : "en")).toUTF8String(result);
    return result;
}

std::string joined(const Line& line) {
    std::string text;
    for (const Run& run : line) text += run.text;
    return text;
}

// "Owner: Anna · Due: Friday", without what is not known.
std::string details(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string text;
    for (const auto& [key, value] : fields) {
        if (value.empty()) continue;
        if (!text.empty()) text += " · ";
        text.append(key).append(": ").append(value);
    }
    return text;
}

// Draws block after block. A blank line goes between blocks of different kinds, before headings and around paragraphs.
class TextPage {
public:
    explicit TextPage(Language language) : language_(language) {}

    void operator()(const Heading& heading) {
        put(heading.level == 1 ? upper(heading.text, language_) : heading.text, true);
        glued_ = true;
    }
    void operator()(const Paragraph& paragraph) { put(joined(paragraph.line), true); }
    void operator()(const Bullet& bullet) {
        number_ = bullet.numbered ? number_ + 1 : 0;
        put((bullet.numbered ? std::to_string(number_) + ". " : "• ") + joined(bullet.line), false);
    }
    void operator()(const Note& note) { put("(" + note.text + ")", true); }
    void operator()(const KeyValue& pair) { put(pair.key + ": " + (pair.value.empty() ? std::string(rule) : pair.value), false); }

    void operator()(const CheckBox& box) {
        const FixedWords& words = fixed_words(language_);
        put((box.done ? "☑ " : "☐ ") + box.text, false);
        indented(details({{words.owner, box.owner}, {words.due, box.due}}));
    }

    // A chat is too narrow for columns: the first cell that is no number leads, the others follow as "key: value".
    void operator()(const Table& table) {
        for (const auto& row : table.rows) {
            const std::size_t lead = row.size() > 1 && table.header[0] == "№" ? 1 : 0;
            put((lead == 1 ? row[0] + ". " : "• ") + row[lead], false);
            std::string rest;
            for (std::size_t i = lead + 1; i < row.size(); ++i) {
                const std::string field = details({{table.header[i], row[i]}});
                if (!field.empty()) rest += (rest.empty() ? "" : " · ") + field;
            }
            indented(rest);
        }
    }

    void begin(std::size_t kind) {
        if (kind != kind_) {
            apart_ = true;
            number_ = 0;
        }
        kind_ = kind;
    }
    std::string take() { return std::move(text_); }
    void title(const std::string& text) {
        text_ = text + "\n";
        apart_ = true;
    }

private:
    void put(const std::string& line, bool own_paragraph) {
        if ((own_paragraph || apart_) && !glued_) text_ += "\n";
        text_ += line + "\n";
        apart_ = own_paragraph;
        glued_ = false;
    }
    void indented(const std::string& line) {
        if (!line.empty()) text_ += "   " + line + "\n";
    }

    Language language_;
    std::string text_;
    std::size_t kind_ = std::variant_npos;
    int number_ = 0;      // of the last numbered item
    bool apart_ = false;  // the next line starts after a blank one
    bool glued_ = false;  // the next line belongs to the heading above
};

constexpr std::array words = {FixedWords{"Ответственный", "Срок", "стр.", "из"}, FixedWords{"Owner", "Due", "page", "of"}};

}  // namespace

const FixedWords& fixed_words(Language language) { return words[static_cast<std::size_t>(language)]; }

std::string to_plain_text(const Document& document) {
    TextPage page(document.language);
    page.title(document.title);
    for (const Block& block : document.blocks) {
        page.begin(block.index());
        std::visit(page, block);
    }
    return page.take();
}

}  // namespace persona::media
