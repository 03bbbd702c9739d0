#include "ops/supervise/ready.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <string_view>

#include "base/bytes.hpp"

namespace persona::ops {
namespace {

struct Address {
    sockaddr_un value{};
    socklen_t size = 0;

    // "@name" is an abstract one, as sd_notify has it.
    explicit Address(std::string_view text) {
        value.sun_family = AF_UNIX;
        const auto length = std::min(text.size(), sizeof value.sun_path - 1);
        std::copy_n(text.begin(), length, value.sun_path);
        if (text.starts_with('@')) value.sun_path[0] = '\0';
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&value); }
};

File datagram_socket() {
    File file(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!file) throw Error(std::string("socket: ") + std::strerror(errno));
    return file;
}

}  // namespace

ReadySocket::ReadySocket() : address_("@persona-" + to_hex(random_bytes(12))), file_(datagram_socket()) {
    const Address address(address_);
    if (::bind(file_.get(), address.get(), address.size) != 0) throw Error(std::string("bind: ") + std::strerror(errno));
}

bool ReadySocket::take() {
    bool ready = false;
    char message[4096];
    for (ssize_t size; (size = ::recv(file_.get(), message, sizeof message, 0)) > 0;) {
        const std::string_view text(message, static_cast<std::size_t>(size));
        ready |= text.starts_with("READY=1") || text.find("\nREADY=1") != std::string_view::npos;
    }
    return ready;
}

}  // namespace persona::ops
