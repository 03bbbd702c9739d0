#include "bot/flows/entries.hpp"

#include "base/bytes.hpp"
#include "bot/flows/shown.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t buttons_in_a_row = 5;
constexpr std::size_t line_units = 60;      // of a name: ten lines fit into a message
constexpr std::size_t excerpt_units = 120;  // with their excerpts

std::string kind_text(const Context& c, std::string_view kind) {
    const DocumentKind* document = document_kind(kind);
    return c.say(document ? document->kind : Text::kind_transcript);
}

}  // namespace

std::string made_text(const Context& c, const transcripts::Entry& entry) {
    std::string out = c.say(Text::kind_transcript);
    for (const std::string& kind : entry.made)
        if (const std::string text = kind_text(c, kind); kind != "transcript" && kind != "text") out += ", " + text;
    return out;
}

std::string source_text(const Context& c, const transcripts::Entry& entry) {
    if (entry.source != "audio") return c.say(Text::source_text);
    return c.say(Text::source_audio, {{"length", length_text(entry.duration)}});
}

std::string entry_lines(const Context& c, const HistoryPage& page, int number) {
    std::string out;
    std::int64_t i = std::int64_t{number} * history_page_size;
    auto excerpt = page.excerpts.begin();
    for (const transcripts::Entry& entry : page.items) {
        out += "\n" + c.say(Text::history_line, {{"i", std::to_string(++i)},
                                                 {"name", (entry.current ? "📌 " : "") + shortened(shown_name(c, entry), line_units)},
                                                 {"kind", source_text(c, entry)},
                                                 {"made", made_text(c, entry)},
                                                 {"date", shown_time(entry.at, c.time_zone, c.language)}});
        if (excerpt != page.excerpts.end())
            if (const std::string& words = *excerpt++; !words.empty()) out += "\n    " + shortened(words, excerpt_units);
    }
    return out;
}

std::string query_tag(const std::string& query) { return to_hex(sha256(as_bytes(query))).substr(0, 8); }

telegram::InlineKeyboard entry_buttons(const HistoryPage& page, int number, char list) {
    telegram::InlineKeyboard out;
    std::int64_t i = std::int64_t{number} * history_page_size;
    for (const transcripts::Entry& entry : page.items) {
        if (out.rows.empty() || out.rows.back().size() == buttons_in_a_row) out.rows.emplace_back();
        out.rows.back().push_back(button(std::to_string(++i), "tr:" + compact(entry.id.value) + ":" + list + std::to_string(number)));
    }
    return out;
}

void add_pages(telegram::InlineKeyboard& keyboard, const Context& c, int number, bool more, const std::string& prefix, const std::string& suffix) {
    std::vector<telegram::Button> row;
    if (number > 0) row.push_back(button(c.say(Text::label_newer), prefix + std::to_string(number - 1) + suffix));
    if (more) row.push_back(button(c.say(Text::label_older), prefix + std::to_string(number + 1) + suffix));
    if (!row.empty()) keyboard.rows.push_back(std::move(row));
}

}  // namespace persona::bot::flows
