#include "media/picture_listener.hpp"

#include <algorithm>

namespace persona::media {
namespace {

using picture_wire::Info;
using picture_wire::Verdict;

// Rows are never larger than the file's picture, so that its bound is theirs.
bool plausible(const Info& info, const PictureBounds& bounds) {
    const bool sides = info.width >= 1 && info.height >= 1 && info.width <= info.file_width && info.height <= info.file_height;
    const bool pixels = static_cast<std::int64_t>(info.file_width) * info.file_height <= bounds.most_pixels;
    return sides && pixels && std::max(info.width, info.height) <= bounds.most_side;
}

}  // namespace

bool PictureListener::take(ByteView bytes) {
    reader_.append(bytes);
    while (const auto message = reader_.next())
        if (!hear(*message)) return false;
    return !reader_.broken();
}

bool PictureListener::hear(const wire::Message& message) {
    if (verdict_) return false;  // nothing follows the end
    switch (message.kind) {
        case wire::Kind::info: return hear_info(message.body);
        case wire::Kind::data: return hear_rows(message.body);
        case wire::Kind::end: return hear_end(message.body);
    }
    return false;
}

bool PictureListener::hear_info(ByteView body) {
    const auto info = wire::read_body<Info>(body);
    if (info_ || !info || !plausible(*info, bounds_)) return false;
    info_ = info;
    picture_.width = info->width;
    picture_.height = info->height;
    expected_ = static_cast<std::size_t>(info->width) * static_cast<std::size_t>(info->height) * 3;
    picture_.rgb.reserve(expected_);
    return true;
}

bool PictureListener::hear_rows(ByteView body) {
    if (!info_ || body.size() > expected_ - picture_.rgb.size()) return false;
    picture_.rgb.insert(picture_.rgb.end(), body.begin(), body.end());
    return true;
}

bool PictureListener::hear_end(ByteView body) {
    const auto end = wire::read_body<picture_wire::End>(body);
    if (!end || end->verdict > Verdict::broken) return false;
    if (end->verdict == Verdict::complete && (!info_ || picture_.rgb.size() != expected_)) return false;
    verdict_ = end->verdict;
    return true;
}

}  // namespace persona::media
