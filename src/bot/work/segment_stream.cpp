#include "bot/work/segment_stream.hpp"

#include <boost/asio/post.hpp>

namespace persona::bot {

SegmentStream::SegmentStream(Executor executor, const media::Decoder& decoder, const ai::Silero& voice, std::filesystem::path file,
                             media::DecodeLimits limits, ai::PackingRules packing)
    : executor_(executor), changed_(std::make_shared<Signal>(executor)) {
    thread_ = std::jthread([this, &decoder, activity = voice.listen(), file = std::move(file), limits, packing](std::stop_token stop) mutable {
        decode(stop, decoder, std::move(activity), std::move(file), std::move(limits), packing);
    });
}

SegmentStream::~SegmentStream() {
    thread_.request_stop();
    thread_.join();
}

void SegmentStream::decode(std::stop_token stop, const media::Decoder& decoder, ai::VoiceActivity activity, std::filesystem::path file,
                           media::DecodeLimits limits, ai::PackingRules packing) {
    limits.cancel = stop;
    try {
        ai::Segmenter segmenter(std::move(activity), [&](ai::Segment segment) { return offer(std::move(segment), stop); }, packing);
        auto ending = decoder.decode(file, limits, [&](std::span<const std::int16_t> samples) { return segmenter.push(samples); });
        segmenter.finish();
        const std::lock_guard lock(mutex_);
        ending_ = std::move(ending);
    } catch (...) {
        const std::lock_guard lock(mutex_);
        fault_ = std::current_exception();
    }
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake();
}

// Waits while enough segments wait: the decoder's pipe fills and the child stands still.
bool SegmentStream::offer(ai::Segment segment, const std::stop_token& stop) {
    {
        std::unique_lock lock(mutex_);
        if (!taken_.wait(lock, stop, [&] { return waiting_.size() < most_waiting; })) return false;
        waiting_.push_back(std::move(segment));
    }
    wake();
    return true;
}

// The signal belongs to the io thread; it may outlive this object by one posted call.
void SegmentStream::wake() {
    asio::post(executor_, [changed = changed_] { changed->notify(); });
}

Task<std::optional<ai::Segment>> SegmentStream::next() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (!waiting_.empty()) {
                auto segment = std::move(waiting_.front());
                waiting_.pop_front();
                taken_.notify_one();
                co_return segment;
            }
            if (fault_) std::rethrow_exception(fault_);
            if (ended_) co_return std::nullopt;
        }
        co_await changed_->wait(Deadline::never());
    }
}

}  // namespace persona::bot
