#include "sandbox/text/formatted.hpp"

#include <gtest/gtest.h>

#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

// "text|type@offset+length(argument) …", or "!error".
std::string shown(const Parsed& parsed) {
    if (!parsed) return "!" + parsed.error();
    std::string out = parsed->text + "|";
    for (const auto& e : parsed->entities) {
        out += e.type + "@" + std::to_string(e.offset) + "+" + std::to_string(e.length);
        if (!e.argument.empty()) out += "(" + e.argument + ")";
        out += " ";
    }
    return out;
}

struct Case {
    std::string source, expected;
};

TEST(SandboxText, ReadsHtmlAsTelegramDoes) {
    const Case cases[] = {
        {"plain", "plain|"},
        {"<b>a</b>", "a|bold@0+1 "},
        {"Я <i>и</i> 😀<u>u</u>", "Я и 😀u|italic@2+1 underline@6+1 "},
        {"<b>a<i>b</i></b>", "ab|bold@0+2 italic@1+1 "},
        {"1 &lt; 2 &amp;&#33;&nope;", "1 < 2 &!&nope;|"},
        {"<a href=\"https://a.b/?x=1&amp;y=2\">l</a>", "l|text_link@0+1(https://a.b/?x=1&y=2) "},
        {"<pre><code class=\"language-cpp\">x</code></pre>", "x|pre@0+1(cpp) "},
        {"<code>a</code>", "a|code@0+1 "},
        {"<span class=\"tg-spoiler\">s</span>", "s|spoiler@0+1 "},
        {"<blockquote expandable>q</blockquote>", "q|blockquote@0+1 "},
        {"<b></b>x", "x|"},
        {"<b>a", "!Can't find end tag corresponding to start tag \"b\""},
        {"a</b>", "!Unexpected end tag at byte offset 1"},
        {"<b>a</i>", "!Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""},
        {"<h1>a</h1>", "!Unsupported start tag \"h1\" at byte offset 0"},
        {"я<b", "!Unclosed start tag at byte offset 2"},
        {"a < b", "!Unsupported start tag \"\" at byte offset 2"},
    };
    for (const auto& c : cases) EXPECT_EQ(shown(parse_html(c.source)), c.expected) << c.source;
}

TEST(SandboxText, ReadsMarkdownV2) {
    const Case cases[] = {
        {"*b* _i_ __u__ ~s~ ||p||", "b i u s p|bold@0+1 italic@2+1 underline@4+1 strikethrough@6+1 spoiler@8+1 "},
        {"*a _b_*", "a b|bold@0+3 italic@2+1 "},
        {"`a\\`b`", "a`b|code@0+3 "},
        {"```cpp\nx\n```", "x\n|pre@0+2(cpp) "},
        {"[t](https://a.b/\\))", "t|text_link@0+1(https://a.b/)) "},
        {"1\\.5", "1.5|"},
        {">q\nx", "q\nx|blockquote@0+1 "},
        {"1.5", "!Character '.' is reserved and must be escaped with the preceding '\\'"},
        {"ab*c", "!Can't find end of Bold entity at byte offset 2"},
    };
    for (const auto& c : cases) EXPECT_EQ(shown(parse_markdown_v2(c.source)), c.expected) << c.source;
}

TEST(SandboxText, FindsWhatTheServerFinds) {
    const Case cases[] = {
        {"/start payload", "/start payload|bot_command@0+6 "},
        {"see /help@my_bot.", "see /help@my_bot.|bot_command@4+12 "},
        {"a/b 1/2", "a/b 1/2|"},
        {"<b>x</b> /usr/bin", "<b>x</b> /usr/bin|"},
        {"😀 https://a.b/c, x", "😀 https://a.b/c, x|url@3+13 "},
        {"@anna #тег #1 a@b.ru", "@anna #тег #1 a@b.ru|mention@0+5 hashtag@6+4 email@14+6 "},
    };
    for (const auto& c : cases) {
        Formatted text{c.source, {}};
        find_entities(text);
        EXPECT_EQ(shown(text), c.expected);
    }
    auto code = parse_html("<code>/start</code>").value();
    find_entities(code);
    EXPECT_EQ(shown(code), "/start|code@0+6 ");
}

TEST(SandboxText, CutsBlanksAndMovesEntities) {
    auto text = parse_html("  <b> a </b> b \n").value();
    trim(text);
    EXPECT_EQ(shown(text), "a  b|bold@0+2 ");
    auto blank = parse_html(" <b> </b> ").value();
    trim(blank);
    EXPECT_EQ(shown(blank), "|");
}

TEST(SandboxText, CountsUtf16) {
    EXPECT_EQ(utf16_length(""), 0u);
    EXPECT_EQ(utf16_length("aя"), 2u);
    EXPECT_EQ(utf16_length("😀"), 2u);
}

}  // namespace
}  // namespace persona::sandbox
