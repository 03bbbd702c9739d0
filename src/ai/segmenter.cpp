#include "ai/segmenter.hpp"

#include <algorithm>

namespace persona::ai {

constexpr auto frame_size = static_cast<std::int64_t>(frame_samples);

Segmenter::Segmenter(VoiceActivity activity, Sink sink, PackingRules rules)
    : activity_(std::move(activity)), sink_(std::move(sink)), packer_(rules) {}

bool Segmenter::push(std::span<const std::int16_t> samples) {
    // In steps, so that a caller with the whole recording in one block does not double it.
    constexpr std::size_t step = 64 * frame_samples;
    for (; wanted_ && !samples.empty(); samples = samples.subspan(std::min(step, samples.size()))) {
        const auto block = samples.first(std::min(step, samples.size()));
        kept_.insert(kept_.end(), block.begin(), block.end());
        total_ += static_cast<std::int64_t>(block.size());
        while (wanted_ && judged_ + frame_size <= total_) judge(Frame(kept_.data() + (judged_ - kept_from_), frame_samples));
        forget();
    }
    return wanted_;
}

bool Segmenter::finish() {
    if (wanted_ && judged_ < total_) {
        std::array<std::int16_t, frame_samples> last{};
        std::copy(kept_.begin() + (judged_ - kept_from_), kept_.end(), last.begin());
        judge(last);
    }
    if (wanted_) emit(packer_.finish());
    kept_.clear();
    return wanted_;
}

void Segmenter::judge(Frame frame) {
    const float probability = activity_(frame);
    judged_ += frame_size;
    emit(packer_.push(probability));
}

void Segmenter::emit(const std::optional<FrameRange>& range) {
    if (!range) return;
    const std::int64_t begin = range->begin * frame_size, end = std::min(range->end * frame_size, total_);
    Segment segment{index_++, begin, {kept_.begin() + (begin - kept_from_), kept_.begin() + (end - kept_from_)}, range->overlap * frame_size};
    wanted_ = sink_(std::move(segment));
}

void Segmenter::forget() {
    const std::int64_t needed = std::min(packer_.needed_from() * frame_size, judged_);
    kept_.erase(kept_.begin(), kept_.begin() + (needed - kept_from_));
    kept_from_ = needed;
}

}  // namespace persona::ai
