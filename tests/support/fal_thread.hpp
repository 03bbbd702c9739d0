// The server of fal_server.hpp on a thread of its own.
#pragma once

#include "support/fal_server.hpp"
#include "support/server_thread.hpp"

namespace persona::test {

class FalThread : public ServerThread<FalServer> {
public:
    std::string queue_url() const { return server().queue_url(); }
    std::string rest_url() const { return server().rest_url(); }
    std::string jwks_url() const { return server().jwks_url(); }
    std::string file_url(std::string_view name) const { return server().file_url(name); }
    // As FalServer::deliver; waits for the answers.
    std::vector<unsigned> deliver(std::string url, std::string id, std::string status, json::value payload, FalServer::Delivery how = {}) {
        return wait(server().deliver(std::move(url), std::move(id), std::move(status), std::move(payload), std::move(how)));
    }
    std::vector<unsigned> deliver(std::string id, FalServer::Delivery how = {}) { return wait(server().deliver(std::move(id), std::move(how))); }
};

}  // namespace persona::test
