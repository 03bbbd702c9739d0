#include "bot/offers.hpp"

#include <fmt/format.h>
#include <unicode/datefmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include "bot/ids.hpp"
#include "media/text_split.hpp"

namespace persona::bot {
namespace {

telegram::Button button(std::string text, std::string data) { return {.text = std::move(text), .data = std::move(data), .url = {}}; }

std::string formatted(Time time, const std::string& zone, const char* pattern, const char* locale) {
    UErrorCode status = U_ZERO_ERROR;
    icu::SimpleDateFormat format(icu::UnicodeString::fromUTF8(pattern), icu::Locale(locale), status);
    format.adoptTimeZone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
    icu::UnicodeString out;
    format.format(static_cast<UDate>(std::chrono::duration_cast<Millis>(time.time_since_epoch()).count()), out);
    std::string utf8;
    out.toUTF8String(utf8);
    return utf8;
}

std::string start_data(const Uuid& recording, const std::string& language) {
    return "rec:" + compact(recording) + (language.empty() ? "" : ":" + language);
}

}  // namespace

telegram::InlineKeyboard stop_keyboard(const Uuid& recording, Language language) {
    return {{{button(render(Text::label_cancel, language), "stop:" + compact(recording))}}};
}

telegram::InlineKeyboard start_keyboard(const Context& context, const Uuid& recording, Coins price, const std::string& language) {
    return {{{button(context.say(Text::label_transcribe_for, {{"price", context.coins(price)}}), start_data(recording, language))}}};
}

telegram::InlineKeyboard language_keyboard(const Context& context, const Uuid& recording, Coins price) {
    telegram::InlineKeyboard out;
    for (const std::string& language : context.heard)
        out.rows.push_back({button(
            context.say(Text::label_transcribe_in, {{"language", language_names({language}, context.language)}, {"price", context.coins(price)}}),
            start_data(recording, language))});
    return out;
}

telegram::InlineKeyboard documents_keyboard(const Uuid& transcript, Language language) {
    telegram::InlineKeyboard out;
    for (const DocumentKind& kind : document_kinds())
        out.rows.push_back({button(render(kind.label, language), "doc:" + std::string(kind.name) + ":" + compact(transcript))});
    return out;
}

std::string not_enough(const Context& context, Coins price, Coins available) {
    return context.say(Text::not_enough,
                       {{"missing", context.coins(price - available)}, {"price", context.coins(price)}, {"available", context.coins(available)}});
}

telegram::InlineKeyboard top_up_keyboard(Language language, const std::string& act) {
    return {{{button(render(Text::label_top_up, language), "top:" + act)}}};
}

// What is available comes first.
std::string balance_text(const Context& c, const Funds& funds) {
    if (funds.available < Coins()) return c.say(Text::balance_debt, {{"debt", c.coins(-funds.available)}});
    if (!funds.held.positive()) return c.say(Text::balance_plain, {{"available", c.coins(funds.available)}});
    return c.say(Text::balance_held, {{"available", c.coins(funds.available)}, {"held", c.coins(funds.held)}});
}

std::string short_number(Coins value) {
    std::string text = value.text();
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string shortened(std::string_view text, std::size_t units) {
    if (media::utf16_units(text) <= units) return std::string(text);
    const auto parts = media::split_text(text, units - 1);
    return (parts.empty() ? std::string() : parts.front()) + "…";
}

std::string shown_name(const Context& context, const transcripts::Entry& entry) {
    constexpr std::size_t units = 100;
    if (!entry.name.empty()) return shortened(entry.name, units);
    return context.say(entry.source == "audio" ? Text::unnamed_recording : Text::unnamed_text, {{"number", std::to_string(entry.number)}});
}

std::string current_text(const Context& context, const TranscriptRef& current) {
    const std::string name = current.name.empty() ? "" : "«" + shortened(current.name, 100) + "»";
    return context.say(Text::current_is, {{"number", std::to_string(current.number)}, {"name", name}});
}

std::string length_text(std::chrono::milliseconds duration) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(duration).count();
    if (seconds >= 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::vector<Effect> start_transcription(const Context& context, const Uuid& recording_id, const Recording& recording, Coins available,
                                        std::string language) {
    boost::json::object args{{"recording", compact(recording_id)}};
    if (language.empty()) language = context.recording_language;
    if (!language.empty()) args["language"] = language;
    return {StartJob{.id = transcribe_job(recording_id),
                     .kind = "transcribe",
                     .topic = compact(recording_id),
                     .args = std::move(args),
                     .payment = Payment{recording_operation(recording_id), recording.price, "transcription"},
                     .units = recording.duration.count()},
            Redraw{.text = context.say(Text::recording_queued, {{"length", length_text(recording.duration)},
                                                                {"price", context.coins(recording.price)},
                                                                {"after", context.coins(available - recording.price)},
                                                                {"place", std::int64_t{recording.ahead} + 1}}),
                   .keyboard = stop_keyboard(recording_id, context.language),
                   .handle = live_message(recording_id),
                   .message = {}}};
}

const std::vector<DocumentKind>& document_kinds() {
    using enum Text;
    static const auto* all = new std::vector<DocumentKind>{
        {"full", "full_transcript_", ".txt", label_full, making_full, caption_full, kind_full},
        {"summary", "summary_", ".txt", label_summary, making_summary, caption_summary, kind_summary},
        {"mom", "mom_", ".txt", label_mom, making_mom, caption_mom, kind_mom},
        {"todo", "todo_", ".txt", label_todo, making_todo, caption_todo, kind_todo},
        {"protocol", "protocol_", ".docx", label_protocol, making_protocol, caption_protocol, kind_protocol},
    };
    return *all;
}

const DocumentKind* document_kind(std::string_view name) {
    for (const DocumentKind& kind : document_kinds())
        if (kind.name == name) return &kind;
    return nullptr;
}

std::string file_time(Time time, const std::string& zone) { return formatted(time, zone, "yyyy-MM-dd_HH-mm", "en"); }

std::string shown_time(Time time, const std::string& zone, Language language) {
    return language == Language::ru ? formatted(time, zone, "dd.MM.yyyy HH:mm", "ru") : formatted(time, zone, "MMM d, yyyy h:mm a", "en");
}

}  // namespace persona::bot
