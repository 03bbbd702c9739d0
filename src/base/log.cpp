#include "base/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/json.hpp>
#include <memory>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace persona {
namespace {

constexpr std::size_t queue_lines = 8192;  // beyond it the oldest lines are dropped: a slow disk must not stop the bot

std::shared_ptr<spdlog::logger>& sink() {
    static std::shared_ptr<spdlog::logger> instance;
    return instance;
}
std::atomic<Level> threshold{Level::info};

constexpr std::string_view names[] = {"debug", "info", "warn", "error"};

}  // namespace

void log_start(const LogConfig& config) {
    threshold = config.level;
    spdlog::init_thread_pool(queue_lines, 1);
    std::shared_ptr<spdlog::sinks::sink> out;
    if (config.file.empty())
        out = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
        out = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(config.file.string(), config.max_bytes, config.keep);
    auto logger = std::make_shared<spdlog::async_logger>("persona", out, spdlog::thread_pool(), spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");  // the line is built and escaped by log_line: spdlog's own JSON patterns do not escape
    logger->flush_on(spdlog::level::err);
    sink() = logger;
    spdlog::flush_every(std::chrono::seconds(1));
    spdlog::register_logger(logger);
}

void log_stop() {
    sink().reset();
    spdlog::shutdown();
}

std::string log_line(Level level, std::string_view room, std::string_view event, std::initializer_list<Field> fields) {
    boost::json::object line{{"time", to_iso(wall_now())}, {"level", names[static_cast<int>(level)]}, {"room", room}, {"event", event}};
    for (const Field& field : fields) line[field.key] = field.value;
    return redact(boost::json::serialize(line));
}

void log(Level level, std::string_view room, std::string_view event, std::initializer_list<Field> fields) {
    if (level < threshold.load(std::memory_order_relaxed)) return;
    const std::string line = log_line(level, room, event, fields);
    if (auto& logger = sink())
        logger->log(level == Level::error ? spdlog::level::err : spdlog::level::info, "{}", line);
    else
        fmt::print(stderr, "{}\n", line);
}

}  // namespace persona
