// The card of one transcript: what it is, what was made of it, and what can be done with it. All of it is free.
#include "bot/flows/about.hpp"
#include "bot/flows/entries.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

std::string card_text(const Context& c, const Card& card) {
    const transcripts::Entry& entry = card.entry;
    const std::string language = entry.language == "und" || entry.language.empty()
                                     ? ""
                                     : c.say(Text::card_language, {{"language", language_names({entry.language}, c.language)}});
    std::string out = c.say(Text::card, {{"name", shown_name(c, entry)},
                                         {"number", std::to_string(entry.number)},
                                         {"date", shown_time(entry.at, c.time_zone, c.language)},
                                         {"kind", source_text(c, entry)},
                                         {"language", language},
                                         {"made", made_text(c, entry)}});
    return entry.current ? out + "\n" + c.say(Text::card_current) : out;
}

telegram::InlineKeyboard card_keyboard(const Context& c, const Card& card, const std::string& list) {
    const std::string id = compact(card.entry.id.value);
    telegram::InlineKeyboard out;
    auto& first = out.rows.emplace_back();
    if (!card.entry.current) first.push_back(button(c.say(Text::label_use), "tr-use:" + id));
    first.push_back(button(c.say(Text::label_rename), "tr-name:" + id));
    out.rows.push_back({button(c.say(Text::label_export), "tr-ex:" + id)});
    if (!card.documents.empty())
        out.rows.push_back({button(c.say(Text::label_documents, {{"count", std::to_string(card.documents.size())}}), "tr-docs:" + id)});
    out.rows.push_back({button(c.say(Text::label_delete), "tr-del:" + id)});
    out.rows.push_back({button(c.say(Text::label_to_list), list)});
    return out;
}

// The list that a card leads back to: "h3" is a page of the history, "f0" one of what was searched for last.
std::string list_of(const State& state, std::string_view from) {
    const auto page = from.size() > 1 ? page_number(from.substr(1)) : std::nullopt;
    if (page && from.front() == 'f' && !state.query.empty()) return "find:" + std::to_string(*page) + ":" + query_tag(state.query);
    return "hist:" + std::to_string(page.value_or(0));
}

std::string line_of(const Context& c, const transcripts::Made& made) {
    const DocumentKind* kind = document_kind(made.kind);
    return c.say(Text::document_line,
                 {{"kind", c.say(kind ? kind->kind : Text::kind_transcript)}, {"date", shown_time(made.at, c.time_zone, c.language)}});
}

bool is_transcript(const transcripts::Made& made) { return made.kind == "transcript" || made.kind == "text"; }

}  // namespace

Step open_card(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const std::size_t colon = argument.find(':');
        const auto list = list_of(turn.state, colon == std::string_view::npos ? std::string_view() : argument.substr(colon + 1));
        return Outcome{turn.state, {shown(turn, card_text(turn.context, card), card_keyboard(turn.context, card, list))}};
    });
}

Step use_transcript(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const Context& c = turn.context;
        std::string text =
            c.say(Text::made_current,
                  {{"name", shown_name(c, card.entry)}, {"number", std::to_string(card.entry.number)}, {"price", c.coins(c.prices.output)}});
        return Outcome{
            turn.state,
            {MakeCurrent{card.entry.id.value}, Say{.text = std::move(text), .keyboard = formats_keyboard(c.language), .reply_to = {}, .handle = {}}}};
    });
}

Step ask_delete(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const Context& c = turn.context;
        const std::string id = compact(card.entry.id.value);
        std::string text =
            c.say(Text::delete_question, {{"name", shown_name(c, card.entry)}, {"count", static_cast<std::int64_t>(card.documents.size())}});
        return Outcome{turn.state,
                       {shown(turn, std::move(text),
                              {{{button(c.say(Text::label_delete_yes), "tr-gone:" + id)}, {button(c.say(Text::label_no_back), "tr:" + id)}}})}};
    });
}

Step delete_transcript(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const Context& c = turn.context;
        return Outcome{turn.state,
                       {EraseTranscript{card.entry.id.value}, shown(turn, c.say(Text::deleted, {{"name", shown_name(c, card.entry)}}),
                                                                    {{{button(c.say(Text::label_to_list), "hist:0")}}})}};
    });
}

Step show_documents(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const Context& c = turn.context;
        if (card.documents.empty()) return Outcome{turn.state, {Toast{c.say(Text::documents_none), true}}};
        telegram::InlineKeyboard keyboard;
        for (const transcripts::Made& made : card.documents) keyboard.rows.push_back({button(line_of(c, made), "tr-send:" + compact(made.id))});
        keyboard.rows.push_back({button(c.say(Text::label_to_card), "tr:" + compact(card.entry.id.value))});
        return Outcome{turn.state, {shown(turn, c.say(Text::documents_of, {{"name", shown_name(c, card.entry)}}), std::move(keyboard))}};
    });
}

Step send_again(const Turn& turn, std::string_view argument) {
    const auto id = uncompact(argument);
    if (!id) return hint(turn);
    if (!turn.data.document) return Need{.document = id};
    const Context& c = turn.context;
    const auto& made = *turn.data.document;
    if (!made || !made->kept || !made->transcript) return Outcome{turn.state, {Toast{c.say(Text::document_gone), true}}};
    const DocumentKind* kind = document_kind(made->kind);
    return Outcome{turn.state,
                   {Toast{c.say(Text::sent_again)}, SendFile{.blob = made->blob,
                                                             .file_name = made->file_name,
                                                             .caption = c.say(kind ? kind->caption : Text::transcript_caption),
                                                             .keyboard = documents_keyboard(made->transcript->value, c.language)}}};
}

// Exactly the newest file: a document alone, or a transcript, whose documents would all be newer than its own file.
Step delete_last_file(const Turn& turn) {
    if (!turn.data.last_file) return Need{.last_file = true};
    const auto& last = *turn.data.last_file;
    const Context& c = turn.context;
    if (!last) return open_menu(turn, turn.state.place, c.say(Text::no_file_to_delete));
    if (!is_transcript(*last)) {
        Outcome out = open_menu(turn, turn.state.place, c.say(Text::last_file_deleted, {{"name", last->file_name}}));
        out.effects.insert(out.effects.begin(), EraseDocument{last->id});
        return out;
    }
    if (!turn.data.card) return Need{.card = last->transcript->value};
    const std::string name = *turn.data.card ? shown_name(c, (*turn.data.card)->entry) : last->file_name;
    Outcome out = open_menu(turn, turn.state.place, c.say(Text::last_file_deleted, {{"name", name}}));
    out.effects.insert(out.effects.begin(), EraseTranscript{last->transcript->value});
    return out;
}

}  // namespace persona::bot::flows
