#include "media/mpeg_frames.hpp"

#include <cstdint>
#include <optional>

namespace persona::media {
namespace {

struct Frame {
    std::size_t bytes;
    int rate;  // Hz
};

// kbit/s by [version 1 or 2][layer 1..3][index]; index 0 is a free format, which nobody sends.
constexpr int bitrates[2][3][15] = {
    {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
     {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
     {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
    {{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
     {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
     {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
};
constexpr int rates[4][3] = {{11025, 12000, 8000}, {0, 0, 0}, {22050, 24000, 16000}, {44100, 48000, 32000}};

std::optional<Frame> mpeg_frame(ByteView b) {
    if (b.size() < 4 || b[0] != 0xFF || (b[1] & 0xE0) != 0xE0) return {};
    const int version = (b[1] >> 3) & 3, layer = 4 - ((b[1] >> 1) & 3), index = b[2] >> 4, rate_index = (b[2] >> 2) & 3;
    if (version == 1 || layer == 4 || index == 0 || index == 15 || rate_index == 3) return {};
    const bool first = version == 3;
    const int rate = rates[version][rate_index], padding = (b[2] >> 1) & 1;
    const int bits = bitrates[first ? 0 : 1][layer - 1][index] * 1000;
    const int samples_over_8 = layer == 3 && !first ? 72 : 144;
    const int bytes = layer == 1 ? (12 * bits / rate + padding) * 4 : samples_over_8 * bits / rate + padding;
    return Frame{static_cast<std::size_t>(bytes), rate};
}

std::optional<Frame> adts_frame(ByteView b) {
    constexpr std::size_t header = 7;
    if (b.size() < header || b[0] != 0xFF || (b[1] & 0xF6) != 0xF0) return {};
    const int rate_index = (b[2] >> 2) & 15;
    const std::size_t bytes = std::size_t(b[3] & 3) << 11 | std::size_t(b[4]) << 3 | b[5] >> 5;
    if (rate_index > 12 || bytes < header) return {};
    return Frame{bytes, rate_index};
}

template <class Parse>
bool two_in_a_row(ByteView head, Parse parse) {
    const auto first = parse(head);
    if (!first) return false;
    if (first->bytes + 7 > head.size()) return true;
    const auto second = parse(head.subspan(first->bytes));
    return second && second->rate == first->rate;
}

}  // namespace

std::size_t id3_size(ByteView b) {
    constexpr std::size_t header = 10;
    if (b.size() < header || b[0] != 'I' || b[1] != 'D' || b[2] != '3' || b[3] == 0xFF) return 0;
    if ((b[6] | b[7] | b[8] | b[9]) & 0x80) return 0;  // sizes are written seven bits a byte
    const bool footer = b[5] & 0x10;
    return header + (footer ? header : 0) + (std::size_t(b[6]) << 21 | std::size_t(b[7]) << 14 | std::size_t(b[8]) << 7 | b[9]);
}

bool is_mpeg_audio(ByteView head) { return two_in_a_row(head, mpeg_frame); }
bool is_adts(ByteView head) { return two_in_a_row(head, adts_frame); }

}  // namespace persona::media
