#include "update/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace persona::bench {
namespace {

constexpr std::int64_t first_person = 7'000'000'000;  // ids of today's people need more than 32 bits
constexpr std::chrono::nanoseconds longest_turn = std::chrono::milliseconds(1);
constexpr auto patience = std::chrono::seconds(30);  // for the answers that are missing when all is posted
// As Telegram writes them: "🤖 Бизнес-ассистент" and "⬅️ Назад".
constexpr std::string_view enter = R"(\ud83e\udd16 \u0411\u0438\u0437\u043d\u0435\u0441-\u0430\u0441\u0441\u0438\u0441\u0442\u0435\u043d\u0442)";
constexpr std::string_view leave = R"(\u2b05\ufe0f \u041d\u0430\u0437\u0430\u0434)";

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

double quantile(std::vector<double>& values, double part) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, at);
    return *at;
}

}  // namespace

Target::Target(Poll& poll, std::string name, int port, int pid, std::string secret, int people)
    : poll_(poll), name_(std::move(name)), secret_(std::move(secret)), port_(port), pid_(pid), people_(static_cast<std::size_t>(people)) {}

void Target::open(int connections) {
    free_.clear();
    connections_.clear();
    for (int i = 0; i < connections; ++i) {
        Connection& connection = connections_.emplace_back(Wire::connect(port_));
        connection.readable = [this, &connection] {
            if (!connection.wire.read([&](const HttpMessage& response) { taken(connection, response); })) throw Error(name_ + " closed a connection");
        };
        poll_.add(connection.wire.fd(), &connection.readable);
        free_.push_back(&connection);
    }
}

std::string Target::request_of(std::size_t person) {
    const std::int64_t id = first_person + static_cast<std::int64_t>(person), update = ++last_update_;
    bool& inside = people_[person].inside;
    const std::string who = fmt::format(R"("id":{},"first_name":"\u0410\u043d\u043d\u0430","last_name":"K","username":"anna_{}")", id, person);
    const std::string body = fmt::format(
        R"({{"update_id":{},"message":{{"message_id":{},"from":{{{},"is_bot":false,"language_code":"ru"}},"chat":{{{},"type":"private"}},"date":1763856000,"text":"{}"}}}})",
        update, update, who, who, inside ? leave : enter);
    inside = !inside;
    return fmt::format(
        "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
        "Connection: keep-alive\r\nX-Telegram-Bot-Api-Secret-Token: {}\r\n\r\n{}",
        body.size(), secret_, body);
}

void Target::post(Connection& connection, Clock::time_point due) {
    const std::size_t person = next_person_++ % people_.size();
    people_[person].unanswered.push_back(due);
    connection.due = due;
    ++posted_;
    ++unanswered_;
    connection.wire.write(request_of(person));
}

void Target::taken(Connection& connection, const HttpMessage& response) {
    ok_ms_.push_back(milliseconds(Clock::now() - connection.due));
    refused_ += response.first_line.find(" 200 ") == response.first_line.npos;
    free_.push_back(&connection);
}

void Target::said(std::int64_t chat) {
    const auto person = static_cast<std::size_t>(chat - first_person);
    if (person >= people_.size() || people_[person].unanswered.empty()) return;
    last_reply_ = Clock::now();
    reply_ms_.push_back(milliseconds(last_reply_ - people_[person].unanswered.front()));
    people_[person].unanswered.pop_front();
    --unanswered_;
}

// In an open loop an update is due at its time, and waits where no connection is free: its latency counts that too.
void Target::post_due() {
    const auto now = Clock::now();
    while (!free_.empty() && posted_ < most_) {
        const Clock::time_point due = open_loop_ ? begin_ + distance_ * static_cast<std::int64_t>(posted_) : now;
        if (due > now || (!open_loop_ && now >= end_)) break;
        Connection& connection = *free_.back();
        free_.pop_back();
        post(connection, due);
    }
}

void Target::settle() {
    const auto limit = Clock::now() + patience;
    while ((unanswered_ > 0 || free_.size() < connections_.size()) && Clock::now() < limit) poll_.turn(std::chrono::milliseconds(10));
}

Measured Target::run(double rate, std::chrono::nanoseconds time, int connections) {
    open(connections);
    ok_ms_.clear();
    reply_ms_.clear();
    posted_ = unanswered_ = refused_ = 0;
    open_loop_ = rate > 0;
    most_ = open_loop_ ? static_cast<std::size_t>(rate * std::chrono::duration<double>(time).count()) : std::numeric_limits<std::size_t>::max();
    if (open_loop_) distance_ = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate));
    const ProcessTimes before = times_of(pid_);
    begin_ = last_reply_ = Clock::now();
    end_ = begin_ + time;
    while (posted_ < most_ && (open_loop_ || Clock::now() < end_)) {
        post_due();
        const std::chrono::nanoseconds next =
            open_loop_ && !free_.empty() ? begin_ + distance_ * static_cast<std::int64_t>(posted_) - Clock::now() : longest_turn;
        poll_.turn(std::clamp(next, std::chrono::nanoseconds(0), longest_turn));
    }
    settle();
    const ProcessTimes after = times_of(pid_);
    const double took = std::chrono::duration<double>(std::max(last_reply_, begin_ + std::chrono::nanoseconds(1)) - begin_).count(),
                 cpu = static_cast<double>((after.cpu - before.cpu).count());
    for (Person& person : people_) person.unanswered.clear();
    connections_.clear();
    return {.per_second = static_cast<double>(reply_ms_.size()) / took,
            .cpu_us = cpu / static_cast<double>(std::max<std::size_t>(posted_, 1)),
            .busy = cpu / took / 1e6,
            .delayed = static_cast<double>((after.delayed - before.delayed).count()) / took / 1e6,
            .ok_p50 = quantile(ok_ms_, 0.5),
            .ok_p99 = quantile(ok_ms_, 0.99),
            .reply_p50 = quantile(reply_ms_, 0.5),
            .reply_p99 = quantile(reply_ms_, 0.99),
            .updates = posted_,
            .refused = refused_,
            .lost = unanswered_};
}

Measured Target::meet(int connections) {
    return run(500, std::chrono::nanoseconds(static_cast<std::int64_t>(2e6) * static_cast<std::int64_t>(people_.size())), connections);
}

}  // namespace persona::bench
