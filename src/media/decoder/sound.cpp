#include "media/decoder/sound.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>

#include "media/decoder/libav.hpp"
#include "media/decoder/wave.hpp"

namespace persona::media {
namespace {

using wire::Verdict;

// A file is broken off when this much of what its header announces is missing; headers round, and encoders pad.
constexpr double tolerated_seconds = 1.0;
constexpr double tolerated_share = 0.02;

bool moving_pictures(const AVStream& stream) {
    return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
}

class Sound {
public:
    explicit Sound(const Request& request) : request_(request) {}

    wire::End run() {
        const Verdict verdict = decode();
        return {verdict, bad_packets_, samples_};
    }

private:
    enum class Step { more, enough };

    Verdict decode() {
        std::string error;
        io_ = libav::standard_input();
        format_ = libav::open_format(*io_, request_.demuxer, error);
        if (!format_) return explain(Verdict::failed, error.c_str());
        const int index = av_find_best_stream(format_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
        announce(index < 0 ? nullptr : format_->streams[index]);
        if (index < 0) return Verdict::no_audio;
        stream_ = format_->streams[index];
        for (unsigned i = 0; i < format_->nb_streams; ++i)
            if (static_cast<int>(i) != index) format_->streams[i]->discard = AVDISCARD_ALL;
        codec_ = libav::open_decoder(*stream_);
        if (!codec_) return explain(Verdict::failed, "no decoder for this sound");
        return read_packets();
    }

    void announce(const AVStream* sound) {
        wire::Info info{};
        info.has_audio = sound != nullptr;
        for (unsigned i = 0; i < format_->nb_streams; ++i) info.has_video |= moving_pictures(*format_->streams[i]);
        if (sound) std::strncpy(info.codec, avcodec_get_name(sound->codecpar->codec_id), sizeof info.codec - 1);
        request_.on_info(info);
    }

    Verdict read_packets() {
        const libav::Packet packet(av_packet_alloc());
        int read;
        while ((read = av_read_frame(format_.get(), packet.get())) >= 0) {
            const Step step = packet->stream_index == stream_->index ? decode_packet(packet.get()) : Step::more;
            av_packet_unref(packet.get());
            if (step == Step::enough) return Verdict::too_long;
        }
        if (decode_packet(nullptr) == Step::enough || drain_resampler() == Step::enough) return Verdict::too_long;
        if (samples_ == 0) return explain(Verdict::failed, "nothing could be decoded");
        if (read != AVERROR_EOF) return explain(Verdict::truncated, libav::words(read).c_str());
        return breaks_off() ? explain(Verdict::truncated, "the header announces more") : Verdict::complete;
    }

    Step decode_packet(const AVPacket* packet) {
        if (const int sent = avcodec_send_packet(codec_.get(), packet); sent < 0 && sent != AVERROR_EOF) {
            ++bad_packets_;
            return Step::more;
        }
        const libav::Frame frame(av_frame_alloc());
        while (avcodec_receive_frame(codec_.get(), frame.get()) >= 0) {
            const Step step = resample(frame.get());
            av_frame_unref(frame.get());
            if (step == Step::enough) return step;
        }
        return Step::more;
    }

    // The resampler follows the frames, not the header: streams change their rate or channels on the way.
    bool fit_resampler(const AVFrame& frame) {
        if (resampler_ && frame.sample_rate == rate_ && frame.format == sample_format_ && frame.ch_layout.nb_channels == channels_) return true;
        AVChannelLayout in{}, mono = AV_CHANNEL_LAYOUT_MONO;
        if (av_channel_layout_check(&frame.ch_layout) && frame.ch_layout.order != AV_CHANNEL_ORDER_UNSPEC)
            av_channel_layout_copy(&in, &frame.ch_layout);
        else
            av_channel_layout_default(&in, frame.ch_layout.nb_channels);
        SwrContext* raw = nullptr;
        const int made = swr_alloc_set_opts2(&raw, &mono, AV_SAMPLE_FMT_S16, wire::rate, &in, static_cast<AVSampleFormat>(frame.format),
                                             frame.sample_rate, 0, nullptr);
        av_channel_layout_uninit(&in);
        resampler_.reset(raw);
        rate_ = frame.sample_rate, sample_format_ = frame.format, channels_ = frame.ch_layout.nb_channels;
        if (made >= 0 && swr_init(raw) >= 0) return true;
        resampler_.reset();
        return false;
    }

    Step resample(const AVFrame* frame) {
        if (!fit_resampler(*frame)) {
            ++bad_packets_;
            return Step::more;
        }
        return convert(const_cast<const std::uint8_t**>(frame->extended_data), frame->nb_samples);
    }

    Step drain_resampler() { return resampler_ ? convert(nullptr, 0) : Step::more; }

    Step convert(const std::uint8_t** input, int count) {
        const int room = swr_get_out_samples(resampler_.get(), count);
        if (room <= 0) return Step::more;
        block_.resize(static_cast<std::size_t>(room));
        auto* to = reinterpret_cast<std::uint8_t*>(block_.data());
        const int made = swr_convert(resampler_.get(), &to, room, input, count);
        return made > 0 ? pass_on({block_.data(), static_cast<std::size_t>(made)}) : Step::more;
    }

    Step pass_on(std::span<const std::int16_t> samples) {
        const std::uint64_t left = request_.max_samples - samples_;
        const auto fitting = samples.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, samples.size())));
        samples_ += fitting.size();
        request_.on_samples(fitting);
        return fitting.size() < samples.size() ? Step::enough : Step::more;
    }

    double announced_seconds() const {
        if (format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return announced_wave_seconds();
        if (stream_->duration != AV_NOPTS_VALUE) return static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
        // A container's own length is that of its longest stream: a film may go on without sound.
        return format_->nb_streams == 1 && format_->duration != AV_NOPTS_VALUE ? static_cast<double>(format_->duration) / AV_TIME_BASE : 0;
    }

    bool breaks_off() const {
        const double announced = announced_seconds(), missing = announced - static_cast<double>(samples_) / wire::rate;
        return missing > tolerated_seconds && missing > announced * tolerated_share;
    }

    static Verdict explain(Verdict verdict, const char* why) {
        std::fprintf(stderr, "%s\n", why);
        return verdict;
    }

    const Request& request_;
    libav::Io io_;
    libav::Format format_;  // closed before the io it reads
    const AVStream* stream_ = nullptr;
    libav::Codec codec_;
    libav::Resampler resampler_;
    int rate_ = 0, sample_format_ = -1, channels_ = 0;
    std::vector<std::int16_t> block_;
    std::uint64_t samples_ = 0;
    std::uint32_t bad_packets_ = 0;
};

}  // namespace

wire::End decode_standard_input(const Request& request) { return Sound(request).run(); }

}  // namespace persona::media
