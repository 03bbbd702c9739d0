// One JSON object a line, written by one background thread, redacted in the sink. Fields are few and typed by their names.
// Owned by main: log_start once, log_stop last. Before log_start lines go to stderr.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace persona {

enum class Level { debug, info, warn, error };

struct LogConfig {
    Level level = Level::info;
    std::filesystem::path file;        // empty: stderr
    std::size_t max_bytes = 10 << 20;  // per file, then rotation
    std::size_t keep = 5;              // rotated files
};

void log_start(const LogConfig& config);
void log_stop();

struct Field {
    std::string_view key;
    std::string value;

    template <class T>
    Field(std::string_view k, const T& v) : key(k), value(fmt::format("{}", v)) {}
};

// room: the folder that speaks; event: a fixed sentence without data, so that lines can be counted by it.
void log(Level level, std::string_view room, std::string_view event, std::initializer_list<Field> fields = {});

// The line as it is written, without the newline; exposed for the test of redaction and escaping.
std::string log_line(Level level, std::string_view room, std::string_view event, std::initializer_list<Field> fields);

}  // namespace persona
