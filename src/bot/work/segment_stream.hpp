// A recording as its segments of speech, decoded on a thread of its own and handed to a coroutine one by one. At most a few
// segments wait, so memory is bounded whatever the length. Destroying it ends the decoder.
#pragma once

#include <condition_variable>
#include <deque>
#include <expected>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ai/local/silero.hpp"
#include "ai/segmenter.hpp"
#include "async/signal.hpp"
#include "media/decode.hpp"

namespace persona::bot {

class SegmentStream {
public:
    // decoder and voice must outlive it.
    SegmentStream(Executor executor, const media::Decoder& decoder, const ai::Silero& voice, std::filesystem::path file, media::DecodeLimits limits,
                  ai::PackingRules packing);
    ~SegmentStream();

    // The next segment; nothing after the last one, then ending() tells how it came to that. Used by one coroutine.
    Task<std::optional<ai::Segment>> next();
    // The measured length, or how decoding failed; known after next() gave nothing.
    const std::expected<Millis, media::DecodeFailure>& ending() const { return ending_; }

private:
    void decode(std::stop_token stop, const media::Decoder& decoder, ai::VoiceActivity activity, std::filesystem::path file,
                media::DecodeLimits limits, ai::PackingRules packing);
    bool offer(ai::Segment segment, const std::stop_token& stop);
    void wake();

    static constexpr std::size_t most_waiting = 3;  // of at most the engine's longest
    Executor executor_;
    std::shared_ptr<Signal> changed_;
    std::mutex mutex_;
    std::condition_variable_any taken_;
    std::deque<ai::Segment> waiting_;
    bool ended_ = false;
    std::expected<Millis, media::DecodeFailure> ending_ = Millis(0);
    std::exception_ptr fault_;
    std::jthread thread_;
};

}  // namespace persona::bot
