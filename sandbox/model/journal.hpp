// What survives a restart: an append-only journal of keys and JSON values, the last line of a key wins.
//
// Why not SQLite: the whole state lives in memory anyway, is read once at the start and is never queried; one write(2) per
// request (2 µs) keeps it safe from kill -9, because the page cache outlives the process. A power cut may lose the last
// seconds; that is fine for a Telegram of one machine. Lines are "+key\tvalue\n" and "-key\n"; a torn last line is dropped.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace persona::sandbox {

class Journal {
public:
    using Read = std::function<void(std::string_view key, std::string_view value)>;
    using Put = std::function<void(std::string_view key, std::string_view value)>;

    // An empty path keeps nothing: for tests.
    explicit Journal(std::filesystem::path file);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Calls `read` once for each key, in the order of their first writing; a dropped one has an empty value, so that numbers
    // once given are not given again. Once, before the first put.
    void replay(const Read& read);
    // Values are JSON text without line breaks; keys are without blanks. Buffered until flush.
    void put(std::string_view key, std::string_view value);
    void drop(std::string_view key);
    // Hands everything buffered to the kernel. Throws Error where the disk refuses.
    void flush();
    // True when the file has grown to twice its size after the last rewrite (and over 64 MB).
    bool bloated() const { return bytes_ > 2 * compact_bytes_ && bytes_ > (64u << 20); }
    // Replaces the file by what `all` puts; atomic by rename.
    void rewrite(const std::function<void(const Put&)>& all);

private:
    std::filesystem::path file_;
    int fd_ = -1;
    std::string buffer_;
    std::size_t bytes_ = 0, compact_bytes_ = 0;
};

}  // namespace persona::sandbox
