#include "bot/work/progress.hpp"

#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto between_edits = 3s;  // Telegram throttles faster edits of one chat
constexpr auto breath = 3s;         // of a rest that is no piece any more

}  // namespace

std::int64_t pieces_in_all(std::int64_t number, Millis end, Millis total, Millis longest) {
    const Millis rest = total - end, usual = std::max(end / number, Millis(1));
    if (rest < breath) return number;
    return number + std::max(rest / longest + 1, (rest + usual / 2) / usual);
}

Progress::Progress(const Transcription& run)
    : run_(run), draft_(run.shop.api, run.client.recipient.chat, run.recording_id), started_(std::chrono::steady_clock::now()) {}

std::string Progress::words(const std::vector<KeptPiece>& heard, Millis longest, Millis left) const {
    const Context& c = run_.context();
    const ai::Piece& piece = heard.back().piece;
    const Millis total = run_.recording.duration;
    const std::int64_t number = static_cast<std::int64_t>(piece.index) + 1;
    const std::string with = heard_with(c, heard);
    return c.say(Text::recording_progress, {{"i", number},
                                            {"n", pieces_in_all(number, piece.end, total, longest)},
                                            {"done", length_text(piece.end)},
                                            {"length", length_text(total)},
                                            {"left", length_text(std::max(left, Millis(1000)))}}) +
           (with.empty() ? "" : "\n" + with);
}

Task<void> Progress::show(const std::vector<KeptPiece>& heard, Millis longest, std::string_view so_far) {
    const ai::Piece& piece = heard.back().piece;
    const auto now = std::chrono::steady_clock::now();
    const Millis total = run_.recording.duration;
    run_.job.progress(piece.end.count(), total.count());
    if (now - told_ < between_edits || piece.end.count() == 0) co_return;
    told_ = now;
    if (first_end_ == Millis(0)) first_end_ = piece.begin;
    const double pace =
        std::chrono::duration<double>(now - started_).count() / std::max<double>(1, static_cast<double>((piece.end - first_end_).count()));
    const Millis left(static_cast<std::int64_t>(pace * static_cast<double>((total - piece.end).count()) * 1000));
    const auto desk = run_.desk();
    desk->apply({Redraw{.text = words(heard, longest, left),
                        .keyboard = stop_keyboard(run_.recording_id, run_.context().language),
                        .handle = run_.live(),
                        .message = {}}});
    try {
        if (const auto done = co_await run_.shop.pool.commit(desk->take_work(), Deadline::after(patience))) desk->committed(*done);
    } catch (const Unavailable&) {}
    if (!so_far.empty()) co_await draft_.show(so_far);
}

}  // namespace persona::bot
