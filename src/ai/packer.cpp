#include <algorithm>

#include "ai/segmenter.hpp"

namespace persona::ai {

PackingRules packing_for(const SpeechEngine& engine) {
    const auto frames = [](Millis time) { return static_cast<int>(time.count() * speech_rate / 1000 / static_cast<std::int64_t>(frame_samples)); };
    PackingRules rules;
    rules.longest = frames(engine.longest_segment());
    rules.pause = rules.longest / 10;
    rules.overlap = frames(engine.overlap());
    return rules;
}

std::optional<FrameRange> Packer::push(float probability) {
    speaking_ = probability >= (speaking_ ? rules_.continues : rules_.begins);
    const std::int64_t frame = next_++;
    if (!open_) {
        if (!speaking_) return {};
        open_ = true;
        overlap_ = 0;
        begin_ = std::max(done_, frame - rules_.padding);
        activity_.assign(static_cast<std::size_t>(frame - begin_), 0.0F);
    }
    activity_.push_back(speaking_ ? probability : 0.0F);
    if (speaking_) speech_end_ = next_;
    if (next_ - speech_end_ >= rules_.pause) return close(std::min(speech_end_ + rules_.padding, next_));
    if (next_ - begin_ >= rules_.longest) return split();
    return {};
}

std::optional<FrameRange> Packer::finish() { return open_ ? close(std::min(speech_end_ + rules_.padding, next_)) : std::nullopt; }

std::int64_t Packer::needed_from() const { return open_ ? begin_ : std::max(done_, next_ - rules_.padding); }

std::optional<FrameRange> Packer::close(std::int64_t end) {
    open_ = false;
    done_ = end;
    const auto spoken = std::ranges::count_if(activity_, [](float value) { return value > 0; });
    if (spoken < rules_.fewest) return {};
    return FrameRange{begin_, end, overlap_};
}

FrameRange Packer::split() {
    const std::int64_t cut = best_cut();
    const FrameRange range{begin_, cut, overlap_};
    const std::int64_t next = std::max(begin_ + 1, cut - rules_.overlap);
    activity_.erase(activity_.begin(), activity_.begin() + static_cast<std::ptrdiff_t>(next - begin_));
    begin_ = next;
    done_ = cut;
    overlap_ = cut - next;
    open_ = speech_end_ > cut;
    return range;
}

// The latest silence of the second half, in its middle, as long segments are heard best; else the longest of the first half; else,
// as somebody speaks without a breath, the quietest frame of the last quarter.
std::int64_t Packer::best_cut() const {
    const auto size = static_cast<std::int64_t>(activity_.size());
    FrameRange longest{}, latest{};
    for (std::int64_t i = 0; i < size;) {
        const auto silent = [&](std::int64_t frame) { return frame < size && activity_[static_cast<std::size_t>(frame)] == 0; };
        FrameRange run{i, i};
        while (silent(run.end)) ++run.end;
        const std::int64_t length = run.end - run.begin;
        if (length >= rules_.gap && run.begin > size / 2) latest = run;
        if (length >= rules_.gap && run.begin > size / 8 && length > longest.end - longest.begin) longest = run;
        i = std::max(run.end, i + 1);
    }
    const FrameRange gap = latest.end > 0 ? latest : longest;
    if (gap.end > 0) return begin_ + (gap.begin + gap.end) / 2;
    const auto quarter = activity_.end() - size / 4;
    return begin_ + (std::ranges::min_element(quarter, activity_.end()) - activity_.begin());
}

}  // namespace persona::ai
