#include "media/decoder/libav.hpp"

#include <unistd.h>

#include <cerrno>

namespace persona::media::libav {
namespace {

constexpr int io_buffer = 32 << 10;

// Decoders of sound alone: a film's pictures are never parsed, however few of them it would take.
constexpr const char* decoders =
    "mp3float,mp3,mp2float,mp2,mp1float,mp1,aac,aac_latm,aac_fixed,opus,libopus,vorbis,flac,alac,ac3,eac3,speex,libspeex,"
    "wmav1,wmav2,wmapro,wmavoice,wmalossless,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,gsm,gsm_ms,wavpack,tta,ape,"
    "pcm_s16le,pcm_s16be,pcm_u8,pcm_s8,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
    "pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,adpcm_g722,adpcm_g726,nellymoser,dca,truehd,mlp";

int read_input(void*, std::uint8_t* to, int size) {
    ssize_t got;
    do got = read(STDIN_FILENO, to, static_cast<std::size_t>(size));
    while (got < 0 && errno == EINTR);
    if (got == 0) return AVERROR_EOF;
    return got < 0 ? AVERROR(errno) : static_cast<int>(got);
}

std::int64_t seek_input(void*, std::int64_t offset, int whence) {
    if (whence & AVSEEK_SIZE) {
        const off_t here = lseek(STDIN_FILENO, 0, SEEK_CUR), size = lseek(STDIN_FILENO, 0, SEEK_END);
        lseek(STDIN_FILENO, here, SEEK_SET);
        return size;
    }
    const off_t place = lseek(STDIN_FILENO, offset, whence & ~AVSEEK_FORCE);
    return place < 0 ? AVERROR(errno) : place;
}

int refuse_nested(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EPERM); }

}  // namespace

Io standard_input() {
    auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer));
    return Io(avio_alloc_context(buffer, io_buffer, 0, nullptr, read_input, nullptr, seek_input));
}

Format open_format(AVIOContext& io, const char* demuxer, std::string& error) {
    const AVInputFormat* input = av_find_input_format(demuxer);
    if (input == nullptr) return error = "no such demuxer", nullptr;
    AVFormatContext* raw = avformat_alloc_context();
    raw->pb = &io;
    raw->io_open = refuse_nested;  // playlists, references and subtitles of other files
    raw->max_streams = 64;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    av_dict_set(&options, "format_whitelist", input->name, 0);
    av_dict_set(&options, "codec_whitelist", decoders, 0);
    const int opened = avformat_open_input(&raw, nullptr, input, &options);
    av_dict_free(&options);
    if (opened < 0) return error = words(opened), nullptr;  // libav has freed it
    Format format(raw);
    if (const int found = avformat_find_stream_info(format.get(), nullptr); found < 0) return error = words(found), nullptr;
    return format;
}

Codec open_decoder(const AVStream& stream) {
    const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
    if (decoder == nullptr) return nullptr;
    Codec codec(avcodec_alloc_context3(decoder));
    if (avcodec_parameters_to_context(codec.get(), stream.codecpar) < 0) return nullptr;
    codec->thread_count = 1;
    codec->pkt_timebase = stream.time_base;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "codec_whitelist", decoders, 0);
    const int opened = avcodec_open2(codec.get(), decoder, &options);
    av_dict_free(&options);
    return opened < 0 ? nullptr : std::move(codec);
}

std::string words(int error) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(error, text, sizeof text);
    return text;
}

}  // namespace persona::media::libav
