// bench_update API_PORT SECRET ROUNDS SECONDS PEOPLE CONNECTIONS RATE...   (a rate of 0: full speed)
// The bots come by standard input once they listen, a line each: NAME PORT PID. Meanwhile the Bot API server answers already.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>

#include "base/error.hpp"
#include "update/fake_api.hpp"
#include "update/load.hpp"

namespace persona::bench {
namespace {

struct Plan {
    int api_port;
    std::string secret;
    int rounds;
    double seconds;
    int people, connections;
    std::vector<double> rates;
};

Plan plan_of(const std::vector<std::string>& words) {
    if (words.size() < 7) throw Error("see bench/update/run");
    Plan plan{std::stoi(words[0]), words[1], std::stoi(words[2]), std::stod(words[3]), std::stoi(words[4]), std::stoi(words[5]), {}};
    for (std::size_t i = 6; i < words.size(); ++i) plan.rates.push_back(std::stod(words[i]));
    return plan;
}

std::string load_name(double rate) { return rate > 0 ? fmt::format("{:.0f}/s", rate) : std::string("full speed"); }

void print(std::string_view round, const std::string& load, const std::string& bot, const Measured& m) {
    fmt::print("{:>6} {:>10} {:>8} {:>9.0f} {:>8.1f} {:>6.0f}% {:>6.0f}% {:>8.1f} {:>8.1f} {:>8.1f} {:>8.1f}", round, load, bot, m.per_second,
               m.cpu_us, m.busy * 100, m.delayed * 100, m.ok_p50, m.ok_p99, m.reply_p50, m.reply_p99);
    if (m.refused || m.lost) fmt::print("  refused {} lost {}", m.refused, m.lost);
    fmt::print("\n");
    std::fflush(stdout);
}

// The round in the middle, field by field: a foreign process that takes the core for one round does not count.
Measured middle(const std::vector<Measured>& rounds) {
    const auto of = [&](double Measured::* field) {
        std::vector<double> values;
        for (const Measured& m : rounds) values.push_back(m.*field);
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    Measured out;
    for (const auto member : {&Measured::per_second, &Measured::cpu_us, &Measured::busy, &Measured::delayed, &Measured::ok_p50, &Measured::ok_p99,
                              &Measured::reply_p50, &Measured::reply_p99})
        out.*member = of(member);
    for (const Measured& m : rounds) {
        out.refused += m.refused;
        out.lost += m.lost;
    }
    return out;
}

class Bench {
public:
    explicit Bench(Plan plan)
        : plan_(std::move(plan)), api_(poll_, plan_.api_port, [this](std::int64_t chat) {
              if (measured_) measured_->said(chat);
          }) {}

    void run() {
        wait_for_bots();
        for (auto& bot : bots_) {
            const auto memory = memory_of(bot->pid());
            fmt::print("{}: idle RSS {:.1f} MB, PSS {:.1f} MB\n", bot->name(), static_cast<double>(memory.rss_kb) / 1024,
                       static_cast<double>(memory.pss_kb) / 1024);
        }
        for (auto& bot : bots_) {
            measured_ = bot.get();
            const Measured met = bot->meet(plan_.connections);
            if (met.refused || met.lost)
                throw Error(fmt::format("{}: of {} first updates {} were refused, {} not answered", bot->name(), met.updates, met.refused, met.lost));
        }
        fmt::print("{:>6} {:>10} {:>8} {:>9} {:>8} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8}\n", "round", "load", "bot", "updates/s", "CPU us", "busy",
                   "delayed", "200 p50", "p99 ms", "msg p50", "p99 ms");
        for (int round = 1; round <= plan_.rounds; ++round)
            for (const double rate : plan_.rates) measure_each(round, rate);
        for (const double rate : plan_.rates)
            for (auto& bot : bots_) print("middle", load_name(rate), bot->name(), middle(results_[{rate, bot->name()}]));
        for (auto& bot : bots_) {
            const auto memory = memory_of(bot->pid());
            fmt::print("{}: loaded RSS {:.1f} MB, PSS {:.1f} MB\n", bot->name(), static_cast<double>(memory.rss_kb) / 1024,
                       static_cast<double>(memory.pss_kb) / 1024);
        }
    }

private:
    void wait_for_bots() {
        std::string text;
        std::function<void()> readable = [&] {
            char bytes[1024];
            const auto count = ::read(STDIN_FILENO, bytes, sizeof bytes);
            if (count > 0) text.append(bytes, static_cast<std::size_t>(count));
            ended_ = count <= 0;
        };
        poll_.add(STDIN_FILENO, &readable);
        while (!ended_) poll_.turn(std::chrono::seconds(1));
        poll_.remove(STDIN_FILENO);
        std::istringstream lines(text);
        std::string name;
        for (int port = 0, pid = 0; lines >> name >> port >> pid;)
            bots_.push_back(std::make_unique<Target>(poll_, name, port, pid, plan_.secret, plan_.people));
        if (bots_.empty()) throw Error("no bot");
    }

    // Who goes first changes from round to round.
    void measure_each(int round, double rate) {
        for (std::size_t i = 0; i < bots_.size(); ++i) {
            Target& bot = *bots_[(i + static_cast<std::size_t>(round)) % bots_.size()];
            measured_ = &bot;
            const Measured m = bot.run(rate, std::chrono::nanoseconds(static_cast<std::int64_t>(plan_.seconds * 1e9)), plan_.connections);
            print(std::to_string(round), load_name(rate), bot.name(), m);
            results_[{rate, bot.name()}].push_back(m);
        }
    }

    Plan plan_;
    Poll poll_;
    Target* measured_ = nullptr;
    FakeApi api_;
    bool ended_ = false;
    std::vector<std::unique_ptr<Target>> bots_;
    std::map<std::pair<double, std::string>, std::vector<Measured>> results_;
};

}  // namespace
}  // namespace persona::bench

int main(int argc, char** argv) {
    try {
        persona::bench::Bench(persona::bench::plan_of({argv + 1, argv + argc})).run();
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "bench_update: " << e.what() << "\n";
        return 1;
    }
}
