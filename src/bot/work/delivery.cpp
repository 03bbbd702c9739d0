#include "ai/seam.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/transcription.hpp"
#include "media/text_split.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto file_lives = std::chrono::hours(24 * 30);
constexpr std::size_t short_units = 1500;  // a transcript up to this comes as chat text too

std::string span_text(const ai::Piece& piece) { return length_text(piece.begin) + "–" + length_text(piece.end); }

// Both heard the seam: what they share stays with the line before.
void join(transcripts::Line& before, std::string& text) {
    const ai::Seam seam = ai::seam_of(before.text, text);
    before.text.resize(seam.left_end);
    text.erase(0, seam.right_begin);
}

// A lost piece stands where it was, so that nobody takes the text for all that was said (T7).
std::vector<transcripts::Line> lines_of(const Context& c, const std::vector<KeptPiece>& pieces) {
    std::vector<transcripts::Line> out;
    bool joins = false;  // the line before is of the piece before
    for (const KeptPiece& kept : pieces) {
        const ai::Piece& piece = kept.piece;
        std::string text = kept.lost ? c.say(Text::piece_lost, {{"span", span_text(piece)}}) : piece.text;
        if (joins && !kept.lost && piece.overlap > Millis(0)) join(out.back(), text);
        joins = !kept.lost && !text.empty();
        if (!text.empty()) out.push_back({piece.begin, piece.end, std::move(text)});
    }
    return out;
}

std::string lost_spans(const std::vector<KeptPiece>& pieces) {
    std::string out;
    for (const KeptPiece& kept : pieces)
        if (kept.lost) out += (out.empty() ? "" : ", ") + span_text(kept.piece);
    return out;
}

// "[0:20] text" a line for recordings with more than one piece.
std::string file_text(const transcripts::Transcript& transcript) {
    if (transcript.lines.size() == 1) return transcript.lines.front().text + "\n";
    std::string out;
    for (const auto& line : transcript.lines) out += "[" + length_text(line.start) + "] " + line.text + "\n";
    return out;
}

void hand_over(const Transcription& run, Desk& desk, const transcripts::Transcript& transcript, const std::string& file_name,
               const std::string& blob) {
    const Context& c = run.context();
    if (const std::string text = transcript.text(); media::utf16_units(text) <= short_units)
        desk.apply({Say{.text = text, .keyboard = {}, .reply_to = run.recording.message, .handle = {}}});
    telegram::Attachment file{.field = "document", .blob = blob, .file_name = file_name, .owner = run.job.user().value};
    desk.send(telegram::with(telegram::send_document(std::move(file), c.say(Text::transcript_caption), run.recording.message),
                             documents_keyboard(transcript.id.value, c.language)));
    desk.apply({Say{.text = c.say(Text::menu_formats, {{"number", std::to_string(transcript.number)}, {"price", c.coins(c.prices.output)}}),
                    .keyboard = formats_keyboard(c.language),
                    .reply_to = {},
                    .handle = {}}});
}

// What it was, what it cost, what is missing.
std::string last_word(const Transcription& run, const Result& result, Coins charged, Coins available) {
    const Context& c = run.context();
    const Millis length = run.recording.duration;
    std::string out =
        c.say(result.whole ? Text::transcript_done : Text::transcript_stopped,
              {{"length", length_text(length)}, {"done", length_text(result.until)}, {"price", c.coins(charged)}, {"available", c.coins(available)}});
    if (const std::string with = heard_with(c, result.pieces); !with.empty()) out += "\n" + with;
    if (result.breaks_off) out += "\n" + c.say(Text::transcript_partly);
    if (const std::string lost = lost_spans(result.pieces); !lost.empty()) out += "\n" + c.say(Text::pieces_lost, {{"spans", lost}});
    return out;
}

}  // namespace

Task<jobs::Final> deliver(const Transcription& run, Result result) {
    Workshop& shop = run.shop;
    const Context& c = run.context();
    const auto deadline = Deadline::after(patience);
    const UserId user = run.job.user();
    const std::string language = language_of(result.pieces);
    const transcripts::Transcript transcript{.id = TranscriptId(Uuid::v5(run.recording_id, "transcript")),
                                             .number = co_await accounts::next_number(shop.pool, user, "transcript", deadline),
                                             .source = "audio",
                                             .language = language.empty() ? "und" : language,
                                             .duration = run.recording.duration,
                                             .lines = lines_of(c, result.pieces),
                                             .created_at = c.now};
    const std::string file_name = "transcript_" + std::to_string(transcript.number) + "_" + file_time(c.now, c.time_zone) + ".txt";
    const auto blob = co_await shop.blobs.put(user, run.job.key(), file_text(transcript));
    const Funds funds = co_await funds_of(shop, user, deadline);
    const Coins charge = charge_for(result, run.recording.price, run.recording.duration);
    const auto desk = run.desk();
    storage::add_row(desk->work(), blob, c.now + file_lives);
    if (charge.positive())
        bot::charge(shop, desk->work(), *run.job.operation(), charge, "transcription");
    else
        wallet::void_hold(desk->work(), *run.job.operation(), "less than a hundredth");
    transcripts::save(desk->work(), user, run.job.key(), transcript);
    transcripts::add_document(desk->work(), user,
                              {.id = run.job.id().value,
                               .transcript = transcript.id,
                               .kind = "transcript",
                               .file_name = file_name,
                               .blob = blob.name.value,
                               .operation = run.job.operation()});
    const Coins available = funds.available + (run.recording.price - charge);  // the rest of the hold comes back
    desk->apply({Redraw{.text = last_word(run, result, charge, available), .keyboard = {}, .handle = run.live(), .message = {}}});
    hand_over(run, *desk, transcript, file_name, blob.name.value);
    co_return finish(shop, desk);
}

}  // namespace persona::bot
