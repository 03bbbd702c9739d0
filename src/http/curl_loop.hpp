// libcurl's multi_socket interface on an Asio loop. Private to http/: knows transfers as easy handles, nothing of calls.
#pragma once

#include <curl/curl.h>

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <unordered_map>

#include "async/task.hpp"

namespace persona::http {

class CurlLoop {
public:
    // done(easy, code): the transfer is over and removed; called outside of libcurl, so that it may add and remove others.
    CurlLoop(Executor executor, std::function<void(CURL*, CURLcode)> done);
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;

    CURLM* multi() { return multi_; }
    // Sets the options by which the easy handle's sockets are ours.
    void adopt(CURL* easy);
    // Starts it at once; done() may be called before this returns.
    void add(CURL* easy);
    void remove(CURL* easy);
    // Ends the waits of kept connections and the timer; no handle may be in the loop.
    void close();

private:
    struct Watch;
    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
    static int on_close(void* self, curl_socket_t socket);

    std::shared_ptr<Watch> watch(curl_socket_t socket, bool ours);
    void forget(curl_socket_t socket);
    void arm(const std::shared_ptr<Watch>& watch, int direction);
    void act(curl_socket_t socket, int events);
    void arm_timer(long timeout_ms);

    Executor executor_;
    std::function<void(CURL*, CURLcode)> done_;
    CURLM* multi_;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    asio::steady_timer timer_;
    bool timer_runs_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace persona::http
