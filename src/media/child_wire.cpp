#include "media/child_wire.hpp"

#include <cstring>

namespace persona::media::wire {

void Reader::append(ByteView bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<Message> Reader::next() {
    const std::size_t have = buffer_.size() - begin_;
    if (broken_ || have < sizeof(Header)) return {};
    Header header;
    std::memcpy(&header, buffer_.data() + begin_, sizeof header);
    if (header.size > max_body || header.kind < Kind::info || header.kind > Kind::end) {
        broken_ = true;
        return {};
    }
    if (have < sizeof header + header.size) return {};
    const Message message{header.kind, ByteView(buffer_).subspan(begin_ + sizeof header, header.size)};
    begin_ += sizeof header + header.size;
    return message;
}

}  // namespace persona::media::wire
