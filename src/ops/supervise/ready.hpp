// "I am ready", as systemd's services say it (sd_notify): PostgreSQL, Redis and our own processes do, so nobody has to poll.
#pragma once

#include <string>

#include "ops/supervise/file.hpp"

namespace persona::ops {

// Tells whoever started us (systemd or `persona up`) by $NOTIFY_SOCKET that we are ready; does nothing where nobody asked.
void say_ready();

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
