// Posts webhook updates to one bot and measures until the last answer has come. Each update is a press of a menu button, so
// that each one changes its person's state and is answered by one message.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <vector>

#include "update/process.hpp"
#include "update/wire.hpp"

namespace persona::bench {

using Clock = std::chrono::steady_clock;

struct Measured {
    double per_second = 0;                           // updates, from the first post to the last message
    double cpu_us = 0;                               // of the bot, for each update
    double busy = 0, delayed = 0;                    // shares of the time: the bot had the core; it wanted the core and another had it
    double ok_p50 = 0, ok_p99 = 0;                   // ms from the moment an update was due to the webhook's 200
    double reply_p50 = 0, reply_p99 = 0;             // … to the message at the Bot API server
    std::size_t updates = 0, refused = 0, lost = 0;  // refused: not 200; lost: not answered by a message
};

// A bot, and what the load knows of it from run to run.
class Target {
public:
    Target(Poll& poll, std::string name, int port, int pid, std::string secret, int people);

    // rate: updates a second at even distances whether or not the bot keeps up; 0: each connection posts when its last was taken.
    Measured run(double rate, std::chrono::nanoseconds time, int connections);
    // One update of each person, so that all are registered.
    Measured meet(int connections);
    // The Bot API server has got a message for the chat.
    void said(std::int64_t chat);

    const std::string& name() const { return name_; }
    int pid() const { return pid_; }

private:
    struct Person {
        bool inside = false;                       // the menu that the next press leaves
        std::deque<Clock::time_point> unanswered;  // when its updates were due
    };
    struct Connection {
        explicit Connection(int fd) : wire(fd) {}
        Wire wire;
        std::function<void()> readable = {};
        Clock::time_point due{};
    };

    void open(int connections);
    void post(Connection& connection, Clock::time_point due);
    void taken(Connection& connection, const HttpMessage& response);
    std::string request_of(std::size_t person);
    void post_due();
    void settle();

    Poll& poll_;
    std::string name_, secret_;
    int port_, pid_;
    std::vector<Person> people_;
    std::int64_t last_update_ = 0;
    std::size_t next_person_ = 0;

    // Of the run.
    std::list<Connection> connections_;
    std::vector<Connection*> free_;
    std::size_t posted_ = 0, most_ = 0, unanswered_ = 0, refused_ = 0;
    bool open_loop_ = false;
    Clock::time_point begin_, end_, last_reply_;
    std::chrono::nanoseconds distance_{};
    std::vector<double> ok_ms_, reply_ms_;
};

}  // namespace persona::bench
