// Follows parse_html of tdlib's MessageEntity.cpp: the same tags, the same errors with byte offsets into the source.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "sandbox/text/formatted.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

const std::map<std::string_view, std::string_view>& types_by_tag() {
    static const std::map<std::string_view, std::string_view> table = {{"b", "bold"},
                                                                       {"strong", "bold"},
                                                                       {"i", "italic"},
                                                                       {"em", "italic"},
                                                                       {"u", "underline"},
                                                                       {"ins", "underline"},
                                                                       {"s", "strikethrough"},
                                                                       {"strike", "strikethrough"},
                                                                       {"del", "strikethrough"},
                                                                       {"tg-spoiler", "spoiler"},
                                                                       {"span", "spoiler"},
                                                                       {"code", "code"},
                                                                       {"pre", "pre"},
                                                                       {"a", "text_link"},
                                                                       {"blockquote", "blockquote"},
                                                                       {"tg-emoji", "custom_emoji"}};
    return table;
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

struct Open {
    std::string tag;
    std::string argument;
    std::size_t offset;
    std::size_t order;  // index of its entity among all that were opened
};

class HtmlParser {
public:
    explicit HtmlParser(std::string_view source) : source_(source) {}

    Parsed parse() {
        while (at_ < source_.size() && error_.empty()) {
            if (source_[at_] == '<')
                tag();
            else if (source_[at_] == '&')
                reference();
            else
                plain();
        }
        if (error_.empty() && !open_.empty()) error_ = fmt::format("Can't find end tag corresponding to start tag \"{}\"", open_.back().tag);
        if (!error_.empty()) return std::unexpected(error_);
        std::ranges::sort(closed_, {}, &std::pair<std::size_t, Entity>::first);
        Formatted out{std::move(text_), {}};
        for (auto& [order, entity] : closed_)
            if (entity.length > 0 && entity.type != "custom_emoji") out.entities.push_back(std::move(entity));
        return out;
    }

private:
    void plain() {
        units_ += utf16_units(static_cast<unsigned char>(source_[at_]));
        text_ += source_[at_++];
    }

    // &lt; &gt; &amp; &quot; &#60; &#x3C;  Anything else stands for itself.
    void reference() {
        static const std::map<std::string_view, char> named = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}};
        const auto end = source_.find(';', at_);
        const auto name = end == std::string_view::npos || end - at_ > 10 ? std::string_view() : source_.substr(at_ + 1, end - at_ - 1);
        std::uint32_t code = 0;
        if (const auto known = named.find(name); known != named.end()) {
            code = static_cast<unsigned char>(known->second);
        } else if (name.starts_with('#')) {
            const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
            code = static_cast<std::uint32_t>(std::strtoul(std::string(name.substr(hex ? 2 : 1)).c_str(), nullptr, hex ? 16 : 10));
        }
        if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return plain();
        append_utf8(text_, code);
        units_ += code > 0xFFFF ? 2 : 1;
        at_ = end + 1;
    }

    void tag() {
        const std::size_t begin = at_++;
        if (at_ < source_.size() && source_[at_] == '/') return end_tag(begin);
        const std::string name = word();
        if (at_ >= source_.size()) return fail("Unclosed start tag at byte offset {}", begin);
        if (!types_by_tag().contains(name)) return fail("Unsupported start tag \"{}\" at byte offset {}", name, begin);
        std::string argument, css;
        while (error_.empty() && at_ < source_.size() && source_[at_] != '>') attribute(name, begin, argument, css);
        if (!error_.empty()) return;
        if (at_ >= source_.size()) return fail("Unclosed start tag \"{}\" at byte offset {}", name, begin);
        if (name == "span" && css != "tg-spoiler") return fail("Tag \"span\" must have class \"tg-spoiler\" at byte offset {}", begin);
        ++at_;
        open_.push_back({name, argument, units_, opened_++});
    }

    void attribute(const std::string& name, std::size_t begin, std::string& argument, std::string& css) {
        skip_blanks();
        if (at_ < source_.size() && (source_[at_] == '>' || source_[at_] == '/')) {
            if (source_[at_] == '/') ++at_;
            return;
        }
        const std::string key = word("=");
        if (key.empty()) return fail("Empty attribute name in the tag \"{}\" at byte offset {}", name, begin);
        skip_blanks();
        if (at_ >= source_.size() || source_[at_] != '=') {
            if (key == "expandable") return;
            return fail("Expected equal sign in declaration of an attribute of the tag \"{}\" at byte offset {}", name, begin);
        }
        ++at_;
        skip_blanks();
        const std::string value = attribute_value(name, begin);
        if (name == "a" && key == "href") argument = value;
        if (name == "code" && key == "class" && value.starts_with("language-")) argument = value.substr(9);
        if (key == "class") css = value;
    }

    std::string attribute_value(const std::string& name, std::size_t begin) {
        if (at_ >= source_.size()) return fail("Unclosed start tag \"{}\" at byte offset {}", name, begin), std::string();
        const char quote = source_[at_];
        if (quote != '"' && quote != '\'') return word();
        const auto end = source_.find(quote, ++at_);
        if (end == std::string_view::npos) return fail("Unclosed start tag at byte offset {}", begin), std::string();
        std::string value = unescape(source_.substr(at_, end - at_));
        at_ = end + 1;
        return value;
    }

    static std::string unescape(std::string_view raw) {
        HtmlParser inner(raw);
        while (inner.at_ < raw.size()) raw[inner.at_] == '&' ? inner.reference() : inner.plain();
        return inner.text_;
    }

    void end_tag(std::size_t begin) {
        ++at_;
        if (open_.empty()) return fail("Unexpected end tag at byte offset {}", begin);
        const std::string name = word();
        skip_blanks();
        if (at_ >= source_.size() || source_[at_] != '>') return fail("Unclosed end tag at byte offset {}", begin);
        ++at_;
        const Open last = open_.back();
        if (!name.empty() && name != last.tag)
            return fail("Unmatched end tag at byte offset {}, expected \"</{}>\", found \"</{}>\"", begin, last.tag, name);
        open_.pop_back();
        close(last);
    }

    void close(const Open& last) {
        Entity entity{last.offset, units_ - last.offset, std::string(types_by_tag().at(last.tag)), last.argument};
        if (last.tag == "a") {
            if (entity.argument.empty()) entity.argument = text_.substr(byte_of(last.offset));
            if (!entity.argument.contains("://") && !entity.argument.starts_with("tg:")) {
                if (!entity.argument.contains('.')) return;  // no link at all: the text stays without an entity
                entity.argument = "http://" + entity.argument;
            }
        }
        // <pre><code class="language-x"> is one entity: the inner code gives its language to the pre around it.
        if (last.tag == "pre" && !closed_.empty()) {
            const auto& inner = closed_.back().second;
            if (inner.type == "code" && inner.offset == entity.offset && inner.length == entity.length) {
                entity.argument = inner.argument;
                closed_.pop_back();
            }
        }
        if (entity.type == "code") {
            if (open_.empty() || open_.back().tag != "pre") entity.argument.clear();
        }
        closed_.emplace_back(last.order, std::move(entity));
    }

    std::size_t byte_of(std::size_t unit) const {
        std::size_t byte = 0;
        for (std::size_t seen = 0; byte < text_.size() && seen < unit; ++byte) seen += utf16_units(static_cast<unsigned char>(text_[byte]));
        while (byte < text_.size() && utf16_units(static_cast<unsigned char>(text_[byte])) == 0) ++byte;
        return byte;
    }

    std::string word(std::string_view stop = "") {
        std::string out;
        while (at_ < source_.size() && !std::isspace(static_cast<unsigned char>(source_[at_])) && source_[at_] != '>' && !stop.contains(source_[at_]))
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(source_[at_++])));
        return out;
    }
    void skip_blanks() {
        while (at_ < source_.size() && std::isspace(static_cast<unsigned char>(source_[at_]))) ++at_;
    }
    template <class... Args>
    void fail(fmt::format_string<Args...> format, Args&&... args) {
        if (error_.empty()) error_ = fmt::format(format, std::forward<Args>(args)...);
    }

    std::string_view source_;
    std::size_t at_ = 0, units_ = 0, opened_ = 0;
    std::string text_, error_;
    std::vector<Open> open_;
    std::vector<std::pair<std::size_t, Entity>> closed_;
};

}  // namespace

Parsed parse_html(std::string_view source) { return HtmlParser(source).parse(); }

}  // namespace persona::sandbox
