#include "sandbox/model/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"

namespace persona::sandbox {
namespace {

void write_all(int fd, std::string_view bytes, const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

int open_locked(const std::filesystem::path& file, int flags) {
    const int fd = ::open(file.c_str(), flags | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw Error(fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        throw Error(fmt::format("{} is in use by another persona-sandbox", file.string()));
    }
    return fd;
}

void append_line(std::string& to, std::string_view key, std::string_view value) {
    to += '+';
    to += key;
    to += '\t';
    to += value;
    to += '\n';
}

}  // namespace

Journal::Journal(std::filesystem::path file) : file_(std::move(file)) {
    if (file_.empty()) return;
    std::filesystem::create_directories(file_.parent_path());
    fd_ = open_locked(file_, O_WRONLY | O_APPEND);
}

Journal::~Journal() {
    if (fd_ < 0) return;
    try {
        flush();
    } catch (const Error&) {  // nothing left to tell it to; flush() reported it while the program ran
    }
    ::close(fd_);
}

void Journal::replay(const Read& read) {
    if (fd_ < 0) return;
    std::ifstream in(file_, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    const std::string text = std::move(all).str();
    struct Row {
        std::string_view key, value;
        bool alive = true;
    };
    std::vector<Row> rows;
    std::unordered_map<std::string_view, std::size_t> index;
    std::size_t at = 0;
    for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string_view line(text.data() + at, end - at);
        if (line.size() < 2) continue;
        const auto tab = std::min(line.find('\t'), line.size());
        const auto key = line.substr(1, tab - 1);
        const auto value = line.substr(std::min(tab + 1, line.size()));
        const auto [place, fresh] = index.try_emplace(key, rows.size());
        if (fresh)
            rows.push_back({key, value, line[0] == '+'});
        else
            rows[place->second] = {key, value, line[0] == '+'};
    }
    // A torn last line would glue itself to the next one.
    if (at != text.size() && ::ftruncate(fd_, static_cast<off_t>(at)) != 0) throw Error("cannot cut the torn end of " + file_.string());
    bytes_ = at;
    for (const auto& row : rows) {
        compact_bytes_ += row.alive ? row.key.size() + row.value.size() + 3 : 0;
        read(row.key, row.alive ? row.value : std::string_view());
    }
}

void Journal::put(std::string_view key, std::string_view value) {
    if (fd_ >= 0) append_line(buffer_, key, value);
}

void Journal::drop(std::string_view key) {
    if (fd_ < 0) return;
    buffer_ += '-';
    buffer_ += key;
    buffer_ += '\n';
}

void Journal::flush() {
    if (buffer_.empty()) return;
    write_all(fd_, buffer_, file_);
    bytes_ += buffer_.size();
    buffer_.clear();
}

void Journal::rewrite(const std::function<void(const Put&)>& all) {
    if (fd_ < 0) return;
    buffer_.clear();  // what it holds is part of the state that `all` writes
    auto fresh = file_;
    fresh += ".new";
    const int fd = open_locked(fresh, O_WRONLY | O_TRUNC);
    std::string out;
    std::size_t written = 0;
    const auto spill = [&] {
        write_all(fd, out, fresh);
        written += out.size();
        out.clear();
    };
    all([&](std::string_view key, std::string_view value) {
        append_line(out, key, value);
        if (out.size() > (1u << 20)) spill();
    });
    spill();
    std::filesystem::rename(fresh, file_);
    ::close(fd_);
    fd_ = fd;
    bytes_ = compact_bytes_ = written;
}

}  // namespace persona::sandbox
