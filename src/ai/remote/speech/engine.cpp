#include "ai/remote/speech/engine.hpp"

#include "ai/seam.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

// A word is about so long; the protocol counts no tokens.
int tokens_of(std::string_view text) { return static_cast<int>(words_in(text).size()); }

SpeechError error_of(const ProviderError& error) {
    switch (error.fault) {
        case Fault::quota:
        case Fault::unauthorized: return SpeechError::unusable;
        case Fault::too_large:
        case Fault::refused: return SpeechError::refused;
        default: throw Unavailable("the speech server failed: " + error.text());
    }
}

}  // namespace

OpenAiSpeech::OpenAiSpeech(http::Client& http, OpenAiSpeechConfig config)
    : http_(http), config_(std::move(config)), patience_("the speech server", config_.tries) {}

Task<std::expected<Piece, SpeechError>> OpenAiSpeech::transcribe(const Segment& segment, SpeechRequest request, Deadline deadline) {
    const Millis begin = speech_time(segment.begin), end = speech_time(segment.end());
    if (end - begin > longest) co_return std::unexpected(SpeechError::refused);
    const Answer answer = co_await patience_.persist([&] { return once(segment, request.language, deadline); }, deadline);
    if (!answer) co_return std::unexpected(error_of(answer.error()));
    co_return Piece{.index = segment.index,
                    .begin = begin,
                    .end = end,
                    .text = answer->text,
                    .log_probability = answer->log_probability,
                    .tokens = tokens_of(answer->text),
                    .looped = answer->looped,
                    .language = answer->language.empty() ? request.language : answer->language};
}

Task<OpenAiSpeech::Answer> OpenAiSpeech::once(const Segment& segment, const std::string& language, Deadline deadline) {
    const bool asked_verbose = verbose_;
    Answer answer = co_await ask(segment, {.model = config_.model, .language = language, .verbose = asked_verbose}, deadline);
    if (answer || !asked_verbose || !knows_no_segments(answer.error())) co_return answer;
    verbose_ = false;
    co_return co_await ask(segment, {.model = config_.model, .language = language, .verbose = false}, deadline);
}

Task<OpenAiSpeech::Answer> OpenAiSpeech::ask(const Segment& segment, const SpeechQuestion& question, Deadline deadline) {
    http::Call call = provider_call(config_.provider, "/audio/transcriptions");
    call.body = speech_form(question, wav_of(segment.samples));
    const auto reply = provider_reply(co_await http_.send(std::move(call), deadline.within(config_.patience)));
    if (!reply) co_return std::unexpected(reply.error());
    co_return speech_answer(reply->body);
}

}  // namespace persona::ai
