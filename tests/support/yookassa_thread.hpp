// The server of yookassa_server.hpp on a thread of its own.
#pragma once

#include "support/server_thread.hpp"
#include "support/yookassa_server.hpp"

namespace persona::test {

class YookassaThread : public ServerThread<YookassaServer> {
public:
    std::string base() const { return server().base(); }
};

}  // namespace persona::test
