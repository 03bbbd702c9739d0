#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sandbox/text/formatted.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

struct Mark {
    std::string_view mark, type, title;  // title: the word in Telegram's error
};
// Longer marks first: "__" is not two "_".
constexpr std::array<Mark, 5> marks = {{{"||", "spoiler", "Spoiler"},
                                        {"__", "underline", "Underline"},
                                        {"*", "bold", "Bold"},
                                        {"_", "italic", "Italic"},
                                        {"~", "strikethrough", "Strikethrough"}}};
constexpr std::string_view reserved = "_*[]()~`>#+-=|{}.!";

class MarkdownParser {
public:
    explicit MarkdownParser(std::string_view source) : source_(source) {}

    Parsed parse() {
        while (at_ < source_.size() && error_.empty()) step();
        if (in_quote_) close_quote();
        if (error_.empty() && !open_.empty())
            error_ = fmt::format("Can't find end of {} entity at byte offset {}", open_.back().title, open_.back().byte);
        if (!error_.empty()) return std::unexpected(error_);
        std::ranges::sort(entities_,
                          [](const Entity& a, const Entity& b) { return a.offset != b.offset ? a.offset < b.offset : a.length > b.length; });
        return Formatted{std::move(text_), std::move(entities_)};
    }

private:
    struct Open {
        std::string_view mark, type, title;
        std::size_t offset, byte;
    };

    void step() {
        const char c = source_[at_];
        if (c == '\\' && at_ + 1 < source_.size() && static_cast<unsigned char>(source_[at_ + 1]) < 127) return ++at_, plain();
        if (c == '>' && (at_ == 0 || source_[at_ - 1] == '\n')) return quote();
        if (c == '\n' && in_quote_ && source_.substr(at_ + 1, 1) != ">") close_quote();
        if (c == '`') return code();
        if (c == '[') return ++at_, open_.push_back({"]", "text_link", "TextUrl", units_, at_ - 1});
        if (c == ']') return link();
        for (const auto& mark : marks)
            if (source_.substr(at_).starts_with(mark.mark)) return toggle(mark);
        if (reserved.contains(c)) {
            error_ = fmt::format("Character '{}' is reserved and must be escaped with the preceding '\\'", c);
            return;
        }
        plain();
    }

    void plain() {
        units_ += utf16_units(static_cast<unsigned char>(source_[at_]));
        text_ += source_[at_++];
    }

    void quote() {
        ++at_;
        if (!in_quote_) quote_from_ = units_;
        in_quote_ = true;
    }
    void close_quote() {
        add({quote_from_, units_ - quote_from_, "blockquote", ""});
        in_quote_ = false;
    }

    void toggle(const Mark& mark) {
        const auto byte = at_;
        at_ += mark.mark.size();
        if (!open_.empty() && open_.back().mark == mark.mark) {
            add({open_.back().offset, units_ - open_.back().offset, std::string(mark.type), ""});
            open_.pop_back();
        } else {
            open_.push_back({mark.mark, mark.type, mark.title, units_, byte});
        }
    }

    void code() {
        const bool block = source_.substr(at_).starts_with("```");
        const std::string_view mark = block ? "```" : "`";
        const auto byte = at_;
        at_ += mark.size();
        std::string language;
        if (block) {
            const auto line = source_.find_first_of("\n`", at_);
            if (line != std::string_view::npos && source_[line] == '\n') {
                language = source_.substr(at_, line - at_);
                at_ = line + 1;
            }
        }
        const auto from = units_;
        while (at_ < source_.size() && !source_.substr(at_).starts_with(mark)) {
            if (source_[at_] == '\\' && at_ + 1 < source_.size()) ++at_;
            plain();
        }
        if (at_ >= source_.size()) {
            error_ = fmt::format("Can't find end of {} entity at byte offset {}", block ? "Pre" : "Code", byte);
            return;
        }
        at_ += mark.size();
        add({from, units_ - from, block ? "pre" : "code", language});
    }

    void link() {
        if (open_.empty() || open_.back().mark != "]") {
            error_ = "Character ']' is reserved and must be escaped with the preceding '\\'";
            return;
        }
        const Open start = open_.back();
        open_.pop_back();
        if (source_.substr(++at_, 1) != "(") return;  // no address: the text stays without an entity
        std::string url;
        for (++at_; at_ < source_.size() && source_[at_] != ')'; ++at_) {
            if (source_[at_] == '\\' && at_ + 1 < source_.size()) ++at_;
            url += source_[at_];
        }
        if (at_ >= source_.size()) {
            error_ = fmt::format("Can't find end of a URL at byte offset {}", start.byte);
            return;
        }
        ++at_;
        add({start.offset, units_ - start.offset, "text_link", url});
    }

    void add(Entity entity) {
        if (entity.length > 0) entities_.push_back(std::move(entity));
    }

    std::string_view source_;
    std::size_t at_ = 0, units_ = 0, quote_from_ = 0;
    bool in_quote_ = false;
    std::string text_, error_;
    std::vector<Open> open_;
    std::vector<Entity> entities_;
};

}  // namespace

Parsed parse_markdown_v2(std::string_view source) { return MarkdownParser(source).parse(); }

}  // namespace persona::sandbox
