// Owners for the objects of FFmpeg's libraries, and the file as its demuxers see it.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

#include <memory>
#include <string>

namespace persona::media::libav {

template <auto Free>
struct FreeByAddress {
    template <class T>
    void operator()(T* object) const {
        Free(&object);
    }
};
struct FreeIo {
    void operator()(AVIOContext* io) const {
        av_freep(static_cast<void*>(&io->buffer));
        avio_context_free(&io);
    }
};

using Io = std::unique_ptr<AVIOContext, FreeIo>;
using Format = std::unique_ptr<AVFormatContext, FreeByAddress<avformat_close_input>>;
using Codec = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;
using Packet = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using Frame = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using Resampler = std::unique_ptr<SwrContext, FreeByAddress<swr_free>>;

// Standard input, seekable: the one file this process holds.
Io standard_input();

// Opens `io` with the demuxer of this name and no other, and with decoders of sound only. Empty where the content does not fit the
// demuxer; `error` then says why, in libav's words.
Format open_format(AVIOContext& io, const char* demuxer, std::string& error);

// A decoder of `stream` with one thread; empty where there is none in the list of allowed ones.
Codec open_decoder(const AVStream& stream);

std::string words(int error);

}  // namespace persona::media::libav
