// A document as its parts, before anybody decides how it looks. Engines fill it, renderers (plain text here, .docx in docx.hpp) draw it.
// All strings are UTF-8 without markup: what looks like markdown or XML in them is shown as it stands.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace persona::media {

// The language a document is written in; its fixed words follow it.
enum class Language { ru, en };

// A piece of a line in one style.
struct Run {
    std::string text;
    bool bold = false;
};
using Line = std::vector<Run>;

// Level 1 is the first below the title; 1 and 2 are used.
struct Heading {
    int level = 1;
    std::string text;
};

struct Paragraph {
    Line line;
};

// An item of a list; numbered ones that follow each other count from 1.
struct Bullet {
    Line line;
    bool numbered = false;
};

struct CheckBox {
    bool done = false;
    std::string text;
    std::string owner;  // empty when nobody was named
    std::string due;    // empty when no date was named
};

// Every row has as many cells as the header.
struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

// "Date: 15 March". An empty value becomes a rule to fill in by hand.
struct KeyValue {
    std::string key;
    std::string value;
};

// A remark of ours about the document, set apart from its content.
struct Note {
    std::string text;
};

using Block = std::variant<Heading, Paragraph, Bullet, CheckBox, Table, KeyValue, Note>;

struct Document {
    std::string title;
    Language language = Language::ru;
    std::string author;           // empty: unknown
    std::string date;             // as the reader is to see it on every page; empty: none
    std::optional<Time> created;  // for the file's properties; nothing keeps the bytes reproducible
    std::vector<Block> blocks;
};

// UTF-8 text that reads well in a chat's preview and in any editor: lines end with \n, no markup, at most one blank line in a row.
std::string to_plain_text(const Document& document);

// The words of a document that no engine chooses: "Ответственный", "Owner".
struct FixedWords {
    const char* owner;
    const char* due;
    const char* page;  // "стр. {X} из {Y}": what stands before X
    const char* of;    // and between them
};
const FixedWords& fixed_words(Language language);

}  // namespace persona::media
