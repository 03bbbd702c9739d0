#include "http/curl_loop.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/assert.hpp"

namespace persona::http {

using boost::system::error_code;

// A socket of libcurl's and what libcurl wants to know of it.
struct CurlLoop::Watch {
    Watch(const Executor& executor, curl_socket_t socket, bool opened_by_us) : descriptor(executor, socket), ours(opened_by_us) {}

    asio::posix::stream_descriptor descriptor;
    bool ours;
    int wanted = CURL_POLL_NONE;
    int armed = 0;  // directions with a wait under way
};

CurlLoop::CurlLoop(Executor executor, std::function<void(CURL*, CURLcode)> done)
    : executor_(executor), done_(std::move(done)), multi_((curl_global_init(CURL_GLOBAL_DEFAULT), curl_multi_init())), timer_(executor) {
    PERSONA_ASSERT(multi_);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
    *alive_ = false;
    curl_multi_cleanup(multi_);  // closes kept connections through on_close
    while (!watches_.empty()) forget(watches_.begin()->first);
}

void CurlLoop::adopt(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlLoop::on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::on_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

void CurlLoop::add(CURL* easy) {
    PERSONA_ASSERT(curl_multi_add_handle(multi_, easy) == CURLM_OK);
    act(CURL_SOCKET_TIMEOUT, 0);  // libcurl asks for a timer of 0 ms to begin; this is that timer
}

void CurlLoop::remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }

curl_socket_t CurlLoop::on_open(void* self, curlsocktype, curl_sockaddr* address) {
    const auto socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
    if (socket < 0) return CURL_SOCKET_BAD;
    static_cast<CurlLoop*>(self)->watch(socket, true);
    return socket;
}

int CurlLoop::on_close(void* self, curl_socket_t socket) {
    static_cast<CurlLoop*>(self)->forget(socket);
    return ::close(socket);
}

std::shared_ptr<CurlLoop::Watch> CurlLoop::watch(curl_socket_t socket, bool ours) {
    auto& at = watches_[socket];
    if (!at) at = std::make_shared<Watch>(executor_, socket, ours);
    return at;
}

void CurlLoop::forget(curl_socket_t socket) {
    const auto at = watches_.find(socket);
    if (at == watches_.end()) return;
    at->second->wanted = CURL_POLL_NONE;
    at->second->descriptor.release();  // cancels its waits; the socket is closed by its owner
    watches_.erase(at);
}

// A connection that is kept keeps its descriptor too: registering it anew for each request costs two system calls.
// Sockets that libcurl opens for itself (the resolver's pair) it also closes itself, so those end with the removal.
int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto& loop = *static_cast<CurlLoop*>(self);
    if (what == CURL_POLL_REMOVE) {
        const auto at = loop.watches_.find(socket);
        if (at == loop.watches_.end()) return 0;
        at->second->wanted = CURL_POLL_NONE;
        if (!at->second->ours) loop.forget(socket);
        return 0;
    }
    const auto watch = loop.watch(socket, false);
    watch->wanted = what;
    for (const int direction : {CURL_POLL_IN, CURL_POLL_OUT}) loop.arm(watch, direction);
    return 0;
}

void CurlLoop::arm(const std::shared_ptr<Watch>& watch, int direction) {
    if (!(watch->wanted & direction) || (watch->armed & direction)) return;
    watch->armed |= direction;
    const auto wait = direction == CURL_POLL_IN ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
    watch->descriptor.async_wait(wait, [this, watch, direction, alive = alive_](error_code error) {
        watch->armed &= ~direction;
        if (error || !*alive || !(watch->wanted & direction)) return;
        act(watch->descriptor.native_handle(), direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
        if (*alive) arm(watch, direction);
    });
}

void CurlLoop::act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* const easy = message->easy_handle;
        const CURLcode code = message->data.result;
        curl_multi_remove_handle(multi_, easy);  // the message is gone after this
        done_(easy, code);
    }
}

void CurlLoop::close() {
    // A kept connection's descriptor may still be armed in the direction that did not end its transfer.
    for (const auto& [socket, watch] : watches_) watch->descriptor.cancel();
    timer_runs_ = false;
    timer_.cancel();
}

int CurlLoop::on_timer(CURLM*, long timeout_ms, void* self) {
    static_cast<CurlLoop*>(self)->arm_timer(timeout_ms);
    return 0;
}

// An earlier firing is harmless, libcurl then says again what it waits for. So a timer that runs is left alone unless it comes
// too late: most requests end long before their timeout, and moving it for each of them would cost more than they do.
void CurlLoop::arm_timer(long timeout_ms) {
    if (timeout_ms < 0) return;
    const auto at = asio::steady_timer::clock_type::now() + std::chrono::milliseconds(timeout_ms);
    if (timer_runs_ && timer_.expiry() <= at) return;
    timer_runs_ = true;
    timer_.expires_at(at);
    timer_.async_wait([this, alive = alive_](error_code error) {
        if (error || !*alive) return;
        timer_runs_ = false;
        act(CURL_SOCKET_TIMEOUT, 0);
    });
}

}  // namespace persona::http
