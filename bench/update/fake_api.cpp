#include "update/fake_api.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>

#include "base/error.hpp"

namespace persona::bench {
namespace {

std::int64_t chat_of(std::string_view body) {
    constexpr std::string_view name = "\"chat_id\":";
    const auto at = body.find(name);
    std::int64_t chat = 0;
    if (at != body.npos) std::from_chars(body.data() + at + name.size(), body.data() + body.size(), chat);
    return chat;
}

}  // namespace

FakeApi::FakeApi(Poll& poll, int port, std::function<void(std::int64_t)> said)
    : poll_(poll),
      said_(std::move(said)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      acceptable_([this] { accept(); }) {
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(port)), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 512) != 0)
        throw Error(fmt::format("port {} is taken", port));
    poll_.add(listener_, &acceptable_);
}

FakeApi::~FakeApi() { ::close(listener_); }

void FakeApi::accept() {
    for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const auto at = callers_.emplace(callers_.end(), fd);
        at->readable = [this, at] {
            if (!at->wire.read([&](const HttpMessage& request) { answer(at->wire, request); })) poll_.later([this, at] { callers_.erase(at); });
        };
        poll_.add(fd, &at->readable);
    }
}

void FakeApi::answer(Wire& wire, const HttpMessage& request) {
    std::string result = "true";
    if (request.first_line.find("/sendMessage ") != request.first_line.npos) {
        const std::int64_t chat = chat_of(request.body);
        said_(chat);
        result = fmt::format(R"({{"message_id":{},"date":1763856000,"chat":{{"id":{},"type":"private","first_name":"Анна"}},"text":"…"}})",
                             ++last_message_, chat);
    } else if (request.first_line.find("/getMe ") != request.first_line.npos) {
        result =
            R"({"id":100000001,"is_bot":true,"first_name":"Persona","username":"persona_bench_bot","can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false})";
    }
    const std::string body = fmt::format(R"({{"ok":true,"result":{}}})", result);
    wire.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
}

}  // namespace persona::bench
