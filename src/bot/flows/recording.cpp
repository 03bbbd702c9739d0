// A file becomes a measured recording (free), a measured recording becomes paid work. One live message tells its whole story.
#include <algorithm>

#include "bot/flows/flows.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t pasted_text_bytes = 80;  // shorter than this is chatter, not a transcript

std::string_view mode_of(Place place) { return place == Place::await_audio ? "audio" : place == Place::await_text ? "text" : "any"; }

Outcome refuse(const Turn& turn, std::string text, MessageId message) {
    return {turn.state, {Say{.text = std::move(text), .keyboard = menu_keyboard(turn.state.place, turn.context.language), .reply_to = message}}};
}

// Free work: download, look at the content, measure. What it finds decides what is offered.
// n: which of the files of this turn it is.
Outcome probe(const Turn& turn, boost::json::object args, MessageId message, int n) {
    const Uuid id = turn.context.id(n);
    args["mode"] = mode_of(turn.state.place);
    args["message"] = message.value;
    return {turn.state,
            {Say{.text = turn.context.say(Text::file_received),
                 .keyboard = stop_keyboard(id, turn.context.language),
                 .reply_to = message,
                 .handle = live_message(id)},
             StartJob{.id = id, .kind = "probe", .topic = "", .args = std::move(args), .payment = {}}}};
}

Outcome take_file(const Turn& turn, const Sent& sent, int n) {
    const Limits& limits = turn.context.limits;
    // Said by Telegram's server, so good enough to refuse early; what is charged is measured.
    if (sent.file.bytes && *sent.file.bytes > limits.file_bytes)
        return refuse(turn, turn.context.say(Text::file_too_big, {{"limit", limits.file_bytes >> 20}}), sent.message);
    if (sent.file.duration_s && *sent.file.duration_s > limits.recording_minutes * 60)
        return refuse(turn, turn.context.say(Text::recording_too_long, {{"limit", std::int64_t{limits.recording_minutes}}}), sent.message);
    if (sent.file.bytes && *sent.file.bytes == 0) return refuse(turn, turn.context.say(Text::text_file_empty), sent.message);
    return probe(turn, {{"file", sent.file.id}, {"name", sent.file.name}}, sent.message, n);
}

// Where a recording or a text is awaited a file is looked at, whatever it says of itself (T2, T4).
bool is_photo(const Turn& turn, const telegram::File& file) {
    const bool awaited = turn.state.place == Place::await_audio || turn.state.place == Place::await_text;
    return is_picture(file) && (file.kind == telegram::FileKind::photo || !awaited);
}

// "<recording>:ru"
std::pair<std::string_view, std::string_view> split(std::string_view argument) {
    const std::size_t colon = argument.find(':');
    if (colon == std::string_view::npos) return {argument, {}};
    return {argument.substr(0, colon), argument.substr(colon + 1)};
}

bool is_language(std::string_view text) {
    return (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

Step ask_audio(const Turn& turn) {
    if (!turn.data.funds) return Need{.funds = true};
    const Context& c = turn.context;
    return open_menu(turn, Place::await_audio,
                     c.say(Text::ask_audio, {{"base", c.coins(c.prices.transcription)},
                                             {"minutes", std::int64_t{c.prices.base_minutes}},
                                             {"extra", c.coins(c.prices.transcription_minute)},
                                             {"balance", c.coins(turn.data.funds->available)},
                                             {"languages", c.languages()}}));
}

Step ask_text_file(const Turn& turn) { return open_menu(turn, Place::await_text); }

Step receive_file(const Turn& turn) {
    const auto& sent = std::get<Sent>(turn.event);
    if (turn.state.place == Place::avatar_photos) return receive_draft_photos(turn, {sent});
    if (is_photo(turn, sent.file)) return receive_photos(turn, {sent});
    return take_file(turn, sent, 0);
}

Step receive_album(const Turn& turn) {
    const auto& parts = std::get<SentAlbum>(turn.event).parts;
    if (turn.state.place == Place::avatar_photos) return receive_draft_photos(turn, parts);
    const auto photo = [&](const Sent& part) { return is_photo(turn, part.file); };
    Outcome out{turn.state, {}};
    if (std::ranges::any_of(parts, photo)) {
        Step photos = receive_photos(turn, parts);
        if (std::holds_alternative<Need>(photos)) return photos;
        out = std::get<Outcome>(std::move(photos));
    }
    int n = 100;  // beside the ids that the photos take
    for (const Sent& part : parts)
        if (!photo(part)) std::ranges::move(take_file(turn, part, n++).effects, std::back_inserter(out.effects));
    return out;
}

Step receive_long_text(const Turn& turn) {
    const auto& said = std::get<Said>(turn.event);
    if (said.text.size() < pasted_text_bytes) return hint(turn);
    return probe(turn, {{"text", said.text}}, said.message, 0);
}

Step start_recording(const Turn& turn, std::string_view argument) {
    const auto [recording_id, language] = split(argument);
    const auto id = uncompact(recording_id);
    if (!id || !(language.empty() || is_language(language))) return hint(turn);
    if (!turn.data.recording || !turn.data.funds) return Need{.funds = true, .recording = id};
    const Context& c = turn.context;
    if (!*turn.data.recording) return Outcome{turn.state, {Toast{c.say(Text::recording_gone), true}}};
    const Recording& recording = **turn.data.recording;
    if (recording.work == Recording::Work::running) return Outcome{turn.state, {Toast{c.say(Text::recording_running)}}};
    // Its operation is decided for ever, delivered or voided: another try is another recording with a hold of its own.
    if (recording.work == Recording::Work::ended) return Outcome{turn.state, {Toast{c.say(Text::recording_ended), true}}};
    if (turn.data.funds->available < recording.price)
        return Outcome{turn.state,
                       {Say{.text = not_enough(c, recording.price, turn.data.funds->available),
                            .keyboard = top_up_keyboard(c.language, "rec:" + std::string(argument)),
                            .reply_to = recording.message,
                            .handle = {}}}};
    return Outcome{turn.state, start_transcription(c, *id, recording, turn.data.funds->available, std::string(language))};
}

// Both the measuring and the transcribing of this recording; whichever is there.
Step stop_recording(const Turn& turn, std::string_view argument) {
    const auto id = uncompact(argument);
    if (!id) return hint(turn);
    if (!turn.data.jobs) return Need{.jobs = true};
    Outcome out{turn.state, {}};
    for (const RunningJob& job : *turn.data.jobs)
        if (job.id == *id || job.id == transcribe_job(*id)) out.effects.push_back(CancelJob{job.id});
    out.effects.push_back(Toast{turn.context.say(out.effects.empty() ? Text::too_late_to_cancel : Text::cancelling)});
    return out;
}

}  // namespace persona::bot::flows
