#include "media/picture/rows.hpp"

#include <algorithm>

#include "media/child/output.hpp"

namespace persona::media {
namespace {

constexpr int channels = 3;
constexpr int strip = 32;  // rows asked for at once

// Asks in this thread, from the top: libvips' own writers start threads, which is no gain to a child that is one of several.
class Strips {
public:
    explicit Strips(VipsImage* image) : image_(image), region_(vips_region_new(image)) {}

    // Calls each(row) in order.
    template <class Each>
    void walk(const Each& each) {
        const auto row_bytes = static_cast<std::size_t>(image_->Xsize) * channels;
        for (int top = 0; top < image_->Ysize; top += strip) {
            const VipsRect part{0, top, image_->Xsize, std::min(strip, image_->Ysize - top)};
            if (vips_region_prepare(region_.get(), &part) != 0) throw Refused{picture_wire::Verdict::broken};
            for (int y = top; y < top + part.height; ++y) each(ByteView(VIPS_REGION_ADDR(region_.get(), 0, y), row_bytes));
        }
    }

private:
    VipsImage* image_;
    std::unique_ptr<VipsRegion, Unref> region_;
};

// Upright rows of pixels that lie in memory as they were stored.
void send_turned(const Bytes& stored, std::ptrdiff_t width, std::ptrdiff_t height, const Turn& turn) {
    const std::ptrdiff_t step_x = turn.mirrored_x ? -channels : channels;
    const std::ptrdiff_t step_y = (turn.mirrored_y ? -width : width) * channels;
    const std::uint8_t* row = stored.data() + ((turn.mirrored_y ? height - 1 : 0) * width + (turn.mirrored_x ? width - 1 : 0)) * channels;
    const std::ptrdiff_t across = turn.swapped ? height : width, down = turn.swapped ? width : height;
    const std::ptrdiff_t step_across = turn.swapped ? step_y : step_x, step_down = turn.swapped ? step_x : step_y;
    Bytes upright(static_cast<std::size_t>(across) * channels);
    for (std::ptrdiff_t y = 0; y < down; ++y) {
        for (std::ptrdiff_t x = 0; x < across; ++x) std::copy_n(row + y * step_down + x * step_across, channels, upright.data() + x * channels);
        send_data(upright);
    }
}

}  // namespace

void send_rows(const Pipeline& pipeline) {
    VipsImage* image = pipeline.image.get();
    Strips strips(image);
    if (pipeline.turn == Turn{}) return strips.walk([](ByteView row) { send_data(row); });
    Bytes stored;
    stored.reserve(static_cast<std::size_t>(image->Xsize) * static_cast<std::size_t>(image->Ysize) * channels);
    strips.walk([&](ByteView row) { stored.insert(stored.end(), row.begin(), row.end()); });
    send_turned(stored, image->Xsize, image->Ysize, pipeline.turn);
}

}  // namespace persona::media
