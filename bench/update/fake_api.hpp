// A Bot API server that answers at once and remembers nothing: what a bot costs is to be measured, not what Telegram costs.
#pragma once

#include <cstdint>
#include <list>

#include "update/wire.hpp"

namespace persona::bench {

class FakeApi {
public:
    // said(chat): a message was sent to it.
    FakeApi(Poll& poll, int port, std::function<void(std::int64_t chat)> said);
    ~FakeApi();

private:
    struct Caller {
        explicit Caller(int fd) : wire(fd) {}
        Wire wire;
        std::function<void()> readable = {};
    };
    void accept();
    void answer(Wire& wire, const HttpMessage& request);

    Poll& poll_;
    std::function<void(std::int64_t)> said_;
    int listener_;
    std::function<void()> acceptable_;
    std::list<Caller> callers_;
    std::int64_t last_message_ = 0;
};

}  // namespace persona::bench
