#include "media/decoder/wave.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace persona::media {
namespace {

// Recorders that write to a pipe leave 0 or the most that a signed or unsigned number holds, some less a header.
constexpr std::uint32_t unknown_from = 0x7FFF'F000;
constexpr int most_chunks = 64;

struct Chunk {
    std::array<char, 4> name;
    std::uint32_t size;  // little-endian, as we are
};
static_assert(sizeof(Chunk) == 8);

bool read_at(std::uint64_t offset, void* to, std::size_t size) {
    return ::pread(STDIN_FILENO, to, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

bool is(const std::array<char, 4>& name, std::string_view expected) { return std::string_view(name.data(), name.size()) == expected; }

}  // namespace

double announced_wave_seconds() {
    std::array<char, 12> head{};
    if (!read_at(0, head.data(), head.size()) || std::memcmp(head.data(), "RIFF", 4) != 0 || std::memcmp(head.data() + 8, "WAVE", 4) != 0) return 0;
    std::uint32_t bytes_a_second = 0;
    std::uint64_t offset = head.size();
    for (int left = most_chunks; left > 0; --left) {
        Chunk chunk{};
        if (!read_at(offset, &chunk, sizeof chunk)) return 0;
        offset += sizeof chunk;
        if (is(chunk.name, "fmt ") && !read_at(offset + 8, &bytes_a_second, sizeof bytes_a_second)) return 0;
        if (is(chunk.name, "data")) return bytes_a_second == 0 || chunk.size >= unknown_from ? 0 : static_cast<double>(chunk.size) / bytes_a_second;
        offset += chunk.size + chunk.size % 2;  // chunks begin at even places
    }
    return 0;
}

}  // namespace persona::media
