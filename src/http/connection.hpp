// One connection of the server: reads a request, runs the handler, writes the response, again. Private to http/.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <limits>
#include <string>
#include <vector>

#include "http/request_reader.hpp"
#include "http/server.hpp"

namespace persona::http {

// What the connections of one server share.
struct Shared {
    ServerConfig config;
    Handler handler;
    Deadline::Steady::time_point now;  // of the last sweep: deadlines are coarse and cost no look at the clock
    std::string date;                  // the Date field of this second
    bool stopping = false;
};

class Connection {
public:
    Connection(asio::ip::tcp::socket socket, Shared& shared);

    Task<void> run();
    // Closes it where its time is over; cancels the handler where the peer has hung up.
    void sweep();
    // Between requests, with nothing of the next one read.
    bool idle() const { return phase_ == Phase::idle; }
    Deadline::Steady::time_point due() const { return due_; }
    // Ends it without a word; run() returns soon.
    void abort();
    asio::cancellation_signal& stop_signal() { return stop_; }

private:
    friend class ConnectionWriter;
    enum class Phase { idle, reading, handling, closing };
    static constexpr auto no_deadline = Deadline::Steady::time_point::max();

    Task<bool> exchange();
    Task<bool> read_request(RequestReader& reader);
    Task<bool> fill();
    void make_room();
    Task<Response> handle(Request request);
    Task<void> send(Response response, bool head_only, bool http_1_0, bool keep_alive);
    Task<void> send_file(int file, std::uint64_t offset, std::uint64_t size);
    Task<void> send_stream(BodyProducer producer, bool chunked);
    Task<void> refuse(unsigned status);
    Task<void> write(std::string_view bytes);
    bool write_now(std::string_view& bytes);
    Task<void> writable();
    void due_in(Millis time) { due_ = shared_.now + time; }

    asio::ip::tcp::socket socket_;
    Shared& shared_;
    asio::cancellation_signal stop_;
    std::string remote_;
    Phase phase_ = Phase::idle;
    Deadline::Steady::time_point due_ = no_deadline;
    std::vector<char> in_;  // bytes from_..to_ are read and not yet used
    std::size_t from_ = 0, to_ = 0;
};

}  // namespace persona::http
