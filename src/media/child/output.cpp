#include "media/child/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace persona::media {
namespace {

void write_all(const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t wrote = write(STDOUT_FILENO, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) _exit(1);
        at += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
}

}  // namespace

void send(wire::Kind kind, const void* body, std::size_t size) {
    const wire::Header header{kind, static_cast<std::uint32_t>(size)};
    write_all(&header, sizeof header);
    write_all(body, size);
}

void send_data(ByteView bytes) {
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(wire::max_body, bytes.size())))
        send(wire::Kind::data, bytes.data(), std::min<std::size_t>(wire::max_body, bytes.size()));
}

}  // namespace persona::media
