#include "update/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "base/error.hpp"

namespace persona::bench {
namespace {

// Names of fields come in any case.
std::size_t content_length(std::string_view head) {
    for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        constexpr std::string_view name = "content-length:";
        const std::string_view line = head.substr(at + 2, name.size());
        bool same = line.size() == name.size();
        for (std::size_t i = 0; same && i < name.size(); ++i) same = (line[i] | 0x20) == (name[i] | 0x20);
        if (!same) continue;
        std::size_t digits = at + 2 + name.size(), length = 0;
        while (head[digits] == ' ') ++digits;
        std::from_chars(head.data() + digits, head.data() + head.size(), length);
        return length;
    }
    throw Error("a message without Content-Length");
}

}  // namespace

Wire::~Wire() { ::close(fd_); }

int Wire::connect(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(port)), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        throw Error("nobody listens on port " + std::to_string(port));
    }
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

bool Wire::next(std::size_t& at, const std::function<void(const HttpMessage&)>& take) {
    const std::string_view left = std::string_view(in_).substr(at);
    const auto end = left.find("\r\n\r\n");
    if (end == left.npos) return false;
    const std::string_view head = left.substr(0, end + 2);
    const auto size = content_length(head);
    if (left.size() < end + 4 + size) return false;
    at += end + 4 + size;
    take({head.substr(0, head.find("\r\n")), head, left.substr(end + 4, size)});
    return true;
}

bool Wire::read(const std::function<void(const HttpMessage&)>& take) {
    static std::array<char, 64 << 10> bytes;
    const auto count = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (count <= 0) return false;
    in_.append(bytes.data(), static_cast<std::size_t>(count));
    std::size_t at = 0;
    while (next(at, take)) {}
    in_.erase(0, at);
    return true;
}

void Wire::write(std::string_view bytes) {
    if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(bytes.size()))
        throw Error("a connection broke while it was written to");
}

Poll::Poll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
Poll::~Poll() { ::close(epoll_); }

void Poll::add(int fd, std::function<void()>* readable) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = readable}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) throw Error("epoll does not take a descriptor");
}

void Poll::remove(int fd) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

void Poll::turn(std::chrono::nanoseconds wait) {
    std::array<epoll_event, 64> events;
    const timespec time{wait.count() / 1'000'000'000, wait.count() % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &time, nullptr);
    for (int i = 0; i < count; ++i) (*static_cast<std::function<void()>*>(events[static_cast<std::size_t>(i)].data.ptr))();
    for (auto& action : std::exchange(later_, {})) action();
}

}  // namespace persona::bench
