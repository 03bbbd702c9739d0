#include <turbojpeg.h>

#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <memory>

#include "ai/local/portrait/cutout.hpp"
#include "base/error.hpp"

namespace persona::ai::portraits {
namespace {

constexpr std::string_view magic = "PCUT1\n";
constexpr int side = Cutout::side;
constexpr std::size_t numbers = 21;
constexpr std::size_t head = magic.size() + 4 * (3 + numbers);
constexpr std::size_t longest = 16 << 20;  // of a whole cutout; they are about 250 kB
constexpr int quality = 93;

struct Handle {
    tjhandle it;
    ~Handle() { tjDestroy(it); }
};

std::string jpeg(const Bytes& pixels, TJPF format, TJSAMP sampling) {
    const Handle codec{tjInitCompress()};
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const int failed = codec.it ? tjCompress2(codec.it, pixels.data(), side, 0, side, format, &out, &size, sampling, quality, 0) : -1;
    const std::unique_ptr<unsigned char, decltype(&tjFree)> owned(out, tjFree);
    if (failed) throw Unavailable("a cutout cannot be compressed");
    return {reinterpret_cast<const char*>(out), size};
}

std::optional<Bytes> pixels_of(std::string_view file, TJPF format) {
    const Handle codec{tjInitDecompress()};
    const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
    int width = 0, height = 0, sampling = 0, colours = 0;
    if (!codec.it || tjDecompressHeader3(codec.it, bytes, file.size(), &width, &height, &sampling, &colours)) return std::nullopt;
    if (width != side || height != side) return std::nullopt;
    Bytes result(static_cast<std::size_t>(side) * side * tjPixelSize[format]);
    if (tjDecompress2(codec.it, bytes, file.size(), result.data(), side, 0, side, format, 0)) return std::nullopt;
    return result;
}

void put(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}
std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t result = 0;
    for (std::size_t i = 0; i < 4; ++i) result = result << 8 | static_cast<unsigned char>(bytes[at + i]);
    return result;
}
std::uint32_t sum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

template <class Of>
auto places(Of& c) {
    auto& f = c.face;
    return std::array{&f.left,        &f.top,         &f.width,  &f.height,  &f.left_eye.x, &f.left_eye.y, &f.right_eye.x,
                      &f.right_eye.y, &f.nose.x,      &f.nose.y, &f.mouth.x, &f.mouth.y,    &f.left_ear.x, &f.left_ear.y,
                      &f.right_ear.x, &f.right_ear.y, &f.score,  &c.left,    &c.top,        &c.right,      &c.bottom};
}

}  // namespace

std::string Cutout::bytes() const {
    const std::string colours = jpeg(picture.rgb, TJPF_RGB, TJSAMP_444), share = jpeg(person, TJPF_GRAY, TJSAMP_GRAY);
    std::string rest;
    put(rest, static_cast<std::uint32_t>(colours.size()));
    put(rest, static_cast<std::uint32_t>(share.size()));
    for (const float* number : places(*this)) put(rest, std::bit_cast<std::uint32_t>(*number));
    rest += colours + share;
    std::string result(magic);
    put(result, sum(rest));
    return result + rest;
}

std::optional<Cutout> Cutout::of(std::string_view bytes) {
    if (bytes.size() < head || bytes.size() > longest || !bytes.starts_with(magic)) return std::nullopt;
    if (sum(bytes.substr(magic.size() + 4)) != number_at(bytes, magic.size())) return std::nullopt;
    const std::size_t colours = number_at(bytes, magic.size() + 4), share = number_at(bytes, magic.size() + 8);
    if (bytes.size() != head + colours + share) return std::nullopt;
    Cutout result;
    std::size_t at = magic.size() + 12;
    for (float* number : places(result)) *number = std::bit_cast<float>(number_at(bytes, at)), at += 4;
    auto rgb = pixels_of(bytes.substr(head, colours), TJPF_RGB), person = pixels_of(bytes.substr(head + colours, share), TJPF_GRAY);
    if (!rgb || !person) return std::nullopt;
    result.picture = {side, side, std::move(*rgb)};
    result.person = std::move(*person);
    return result;
}

}  // namespace persona::ai::portraits
