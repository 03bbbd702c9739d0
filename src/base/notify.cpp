#include "base/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace persona {

void say_ready() {
    const char* where = std::getenv("NOTIFY_SOCKET");
    if (!where || !*where) return;
    const std::string_view path = where, message = "READY=1";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto length = std::min(path.size(), sizeof address.sun_path - 1);
    std::copy_n(path.begin(), length, address.sun_path);
    if (path.starts_with('@')) address.sun_path[0] = '\0';  // an abstract one, as sd_notify has it
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
    ::close(fd);
}

}  // namespace persona
