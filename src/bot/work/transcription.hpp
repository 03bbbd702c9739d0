// What the parts of a transcription share: the run, its pieces, and the delivery of what was heard.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ai/speech.hpp"
#include "bot/ids.hpp"
#include "bot/work/workshop.hpp"
#include "studio/transcripts/transcripts.hpp"

namespace persona::bot {

// One run of one job, for one measured recording.
struct Transcription {
    Workshop& shop;
    jobs::Running& job;
    Client client;
    Uuid recording_id;
    transcripts::Recording recording;
    std::string language = {};  // of the speech, as it was ordered; empty: to be found

    const Context& context() const { return client.context; }
    std::string live() const { return live_message(recording_id); }
    std::shared_ptr<Desk> desk() const { return std::make_shared<Desk>(shop.outbox, client.recipient); }
};

// A segment as it is kept: heard, or given up after its retries.
struct KeptPiece {
    ai::Piece piece;
    bool lost = false;
    std::string engine = {};  // that heard it
};
// A recording may be heard by several engines, one after the other, as each fails: pieces of a later course stand for those of all before
// it. A piece is stored under its course and index in one number.
inline constexpr int course_stride = 1'000'000;
std::string to_json(const KeptPiece& kept);
KeptPiece piece_from(int index, const std::string& text);
// Those of the last course, in order; throws Unavailable.
Task<std::vector<KeptPiece>> kept_pieces(jobs::Running& job);
bool anything_heard(const std::vector<KeptPiece>& pieces);
// "русский, Whisper": in which language most was heard, and by whom; empty where nobody knows.
std::string heard_with(const Context& context, const std::vector<KeptPiece>& pieces);
// ISO 639-1 of the most that was heard; empty where no piece knows.
std::string language_of(const std::vector<KeptPiece>& pieces);

// What there is to deliver. Not whole: it was stopped at `until`, or the tries came to an end there.
struct Result {
    std::vector<KeptPiece> pieces;
    Millis until{0};  // from the recording's start
    bool whole = true;
    bool breaks_off = false;  // the file does
};
Result whole_result(std::vector<KeptPiece> pieces, Millis length, bool breaks_off);
// Up to the end of the last piece.
Result partial_result(std::vector<KeptPiece> pieces);

// The share of the price that is charged: time that was heard to the recording's length, in whole hundredths, downwards. Silence
// between pieces counts as heard; a lost piece and what lies behind `until` do not.
Coins charge_for(const Result& result, Coins price, Millis length);

// The transcript, its file and its message, the charge and the rest of the hold: one Work. Something must have been heard.
Task<jobs::Final> deliver(const Transcription& run, Result result);

}  // namespace persona::bot
