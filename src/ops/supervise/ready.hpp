// The other end of base/notify.hpp: PostgreSQL, Redis and our own processes say when they are ready, so nobody has to poll.
#pragma once

#include <string>

#include "ops/supervise/file.hpp"

namespace persona::ops {

// The listening side, for one child.
class ReadySocket {
public:
    // An abstract socket of a random name: no path to be too long, no file to be left behind. Throws Error.
    ReadySocket();

    // The value of NOTIFY_SOCKET for the child.
    const std::string& address() const { return address_; }
    int get() const { return file_.get(); }
    // Reads what has come, without waiting; true when READY=1 was among it.
    bool take();

private:
    std::string address_;
    File file_;
};

}  // namespace persona::ops
