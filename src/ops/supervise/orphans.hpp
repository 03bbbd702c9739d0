// What a killed run left behind. Every child has a record, NAME.pid, with its pid, its start time (a pid may belong to
// somebody else by now) and the signal that ends it in order.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>

#include "async/deadline.hpp"
#include "async/task.hpp"

namespace persona::ops {

using Progress = std::function<void(const std::string& step)>;

// Format: "PID STARTTIME SIGNAL\n", the start time in clock ticks since boot as field 22 of /proc/PID/stat has it.
void write_record(const std::filesystem::path& record, pid_t pid, int stop_signal);

// Ends every recorded process of the user `owner` that still runs, waits for it, and removes the records. Each gets
// `patience`, then SIGKILL. Returns how many it ended. Call only while holding the data folder's lock.
Task<int> end_orphans(std::filesystem::path records, uid_t owner, Millis patience, Progress progress);

// Ends what `owner` runs by the name `program` (as "postgres") inside `folder`: servers' own children, of which there is no record.
Task<int> end_programs_in(std::filesystem::path folder, uid_t owner, std::string program, Millis patience);

}  // namespace persona::ops
