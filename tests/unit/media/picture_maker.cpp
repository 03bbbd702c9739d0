#include "unit/media/picture_maker.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <random>

namespace persona::media {
namespace {

void number(std::string& out, std::uint32_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

std::uint32_t crc(std::string_view bytes) {
    std::uint32_t value = 0xFFFFFFFF;
    for (const char byte : bytes) {
        value ^= static_cast<std::uint8_t>(byte);
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320 : 0);
    }
    return ~value;
}

std::uint32_t adler(std::string_view bytes) {
    std::uint32_t a = 1, b = 0;
    for (const char byte : bytes) {
        a = (a + static_cast<std::uint8_t>(byte)) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

// zlib's container around blocks that are stored and not compressed.
std::string stored(std::string_view bytes) {
    std::string out = "\x78\x01";
    const std::uint32_t sum = adler(bytes);
    do {
        const auto part = bytes.substr(0, 65535);
        bytes.remove_prefix(part.size());
        out += bytes.empty() ? '\1' : '\0';
        for (const std::size_t size : {part.size(), ~part.size()}) out += {static_cast<char>(size), static_cast<char>(size >> 8)};
        out += part;
    } while (!bytes.empty());
    number(out, sum, 4);
    return out;
}

// Bits as deflate packs them: from the lowest of a byte on.
class Bits {
public:
    void add(std::uint32_t bits, int count) {
        for (int i = 0; i < count; ++i, ++filled_) {
            if (filled_ % 8 == 0) out_ += '\0';
            out_.back() = static_cast<char>(out_.back() | (bits >> i & 1) << filled_ % 8);
        }
    }
    std::string out() const { return out_; }

private:
    std::string out_;
    std::size_t filled_ = 0;
};

// One zero, then "the last byte 258 times more" again and again (RFC 1951, 3.2.6): 13 bits for 258 bytes.
std::string zeros(std::uint64_t count) {
    constexpr std::uint64_t run = 258;
    Bits bits;
    bits.add(0b011, 3);       // the last block, of fixed codes
    bits.add(0b00001100, 8);  // literal 0, highest bit first
    std::uint64_t left = count - 1;
    for (; left >= run; left -= run) {
        bits.add(0b10100011, 8);  // length 258
        bits.add(0, 5);           // from one byte before
    }
    for (; left > 0; --left) bits.add(0b00001100, 8);
    bits.add(0, 7);  // the end
    std::string out = "\x78\x01" + bits.out();
    number(out, static_cast<std::uint32_t>(count % 65521) << 16 | 1, 4);
    return out;
}

constexpr int channels[] = {1, 0, 3, 1, 2, 0, 4};  // of a PNG's colour types

struct Pass {
    int x, y, step_x, step_y;
};
constexpr Pass whole[] = {{0, 0, 1, 1}};
constexpr Pass adam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

std::string profile_number(double value) {
    std::string out;
    number(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(value * 65536)), 4);
    return out;
}

}  // namespace

Picture corners(int width, int height) {
    Picture out{width, height, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double right = static_cast<double>(x) / std::max(1, width - 1), low = static_cast<double>(y) / std::max(1, height - 1);
            for (const double part : {(1 - right) * (1 - low) + right * low, right, low}) out.rgb.push_back(static_cast<std::uint8_t>(255 * part));
        }
    return out;
}

Picture scene(unsigned seed, int width, int height) {
    std::mt19937 random(seed);
    const auto upto = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    const auto colour = [&] { return cv::Scalar(upto(256), upto(256), upto(256)); };
    Picture out{width, height, Bytes(static_cast<std::size_t>(width * height * 3), 128)};
    cv::Mat canvas(height, width, CV_8UC3, out.rgb.data());
    for (int i = 0; i < 40; ++i) {
        const cv::Point at(upto(width), upto(height));
        cv::ellipse(canvas, at, {width / 30 + upto(width / 5), height / 30 + upto(height / 5)}, upto(180), 0, 360, colour(), cv::FILLED);
        cv::line(canvas, {upto(width), upto(height)}, {upto(width), upto(height)}, colour(), 1 + width / 200);
    }
    return out;
}

std::string png_chunk(std::string_view type, std::string_view body) {
    std::string out, typed(type);
    typed += body;
    number(out, static_cast<std::uint32_t>(body.size()), 4);
    out += typed;
    number(out, crc(typed), 4);
    return out;
}

std::string png_header(const PngShape& shape) {
    std::string header;
    number(header, static_cast<std::uint32_t>(shape.width), 4), number(header, static_cast<std::uint32_t>(shape.height), 4);
    header += {static_cast<char>(shape.depth), static_cast<char>(shape.colour), 0, 0, static_cast<char>(shape.interlaced)};
    return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header);
}

std::string png(const PngShape& shape, const std::function<void(std::string& out, int x, int y)>& pixel, std::string_view before) {
    std::string raw;
    for (const Pass& pass : shape.interlaced ? std::span<const Pass>(adam7) : std::span<const Pass>(whole))
        for (int y = pass.y; y < shape.height && pass.x < shape.width; y += pass.step_y) {
            raw += '\0';  // no filter
            for (int x = pass.x; x < shape.width; x += pass.step_x) pixel(raw, x, y);
        }
    return png_header(shape) + std::string(before) + png_chunk("IDAT", stored(raw)) + png_chunk("IEND", {});
}

std::string png_of_zeros(const PngShape& shape) {
    const auto row = 1 + (static_cast<std::uint64_t>(shape.width) * static_cast<unsigned>(channels[shape.colour] * shape.depth) + 7) / 8;
    return png_header(shape) + png_chunk("IDAT", zeros(row * static_cast<unsigned>(shape.height))) + png_chunk("IEND", {});
}

std::string with_segment(std::string_view jpeg, unsigned char marker, std::string_view body) {
    std::string out(jpeg.substr(0, 2));
    out += {'\xFF', static_cast<char>(marker)};
    number(out, static_cast<std::uint32_t>(body.size() + 2), 2);
    out += body;
    return out += jpeg.substr(2);
}

std::string exif(int orientation) {
    std::string out = std::string("Exif\0\0", 6) + std::string("MM\0*\0\0\0\x08\0\x03", 10);
    const auto entry = [&](int tag, int type, std::uint32_t count, std::uint32_t value) {
        number(out, static_cast<std::uint32_t>(tag), 2), number(out, static_cast<std::uint32_t>(type), 2), number(out, count, 4),
            number(out, value, 4);
    };
    entry(0x010F, 2, 11, 50);                                            // the camera's maker
    entry(0x0112, 3, 1, static_cast<std::uint32_t>(orientation) << 16);  // orientation
    entry(0x8825, 4, 1, 62);                                             // where the place stands
    number(out, 0, 4);
    out += std::string("SpyCamera9\0\0", 12);
    number(out, 1, 2);
    entry(0x001D, 2, 11, 80);
    number(out, 0, 4);
    return out += std::string("2026:11:27\0", 11);
}

std::string swapped_profile() {
    struct Tag {
        std::string_view name;
        std::string body;
    };
    const auto xyz = [](double x, double y, double z) {
        return std::string("XYZ \0\0\0\0", 8) + profile_number(x) + profile_number(y) + profile_number(z);
    };
    const std::string gamma = std::string("curv\0\0\0\0\0\0\0\1\2\x33\0\0", 16);  // 2.2
    const std::array<Tag, 9> tags{{{"desc", std::string("desc\0\0\0\0\0\0\0\2x\0", 14) + std::string(80, '\0') + std::string(2, '\0')},
                                   {"cprt", std::string("text\0\0\0\0none\0\0\0\0", 16)},
                                   {"wtpt", xyz(0.9642, 1, 0.8249)},
                                   {"rXYZ", xyz(0.3851, 0.7169, 0.0971)},
                                   {"gXYZ", xyz(0.4361, 0.2225, 0.0139)},
                                   {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
                                   {"rTRC", gamma},
                                   {"gTRC", gamma},
                                   {"bTRC", gamma}}};
    std::string table, data;
    number(table, tags.size(), 4);
    for (const Tag& tag : tags) {
        table += tag.name;
        number(table, static_cast<std::uint32_t>(128 + 4 + 12 * tags.size() + data.size()), 4),
            number(table, static_cast<std::uint32_t>(tag.body.size()), 4);
        data += tag.body;
        data.resize((data.size() + 3) / 4 * 4);
    }
    std::string header;
    number(header, static_cast<std::uint32_t>(128 + table.size() + data.size()), 4);
    header += std::string("none\x02\x10\0\0mntrRGB XYZ ", 20) + std::string(12, '\0') + "acsp" + std::string(28, '\0');
    header += profile_number(0.9642) + profile_number(1) + profile_number(0.8249);
    header.resize(128);
    return header + table + data;
}

std::string resized_header(std::string jpeg, int width, int height) {
    const auto frame = std::min(jpeg.find("\xFF\xC0"), jpeg.find("\xFF\xC2"));
    std::string size;
    number(size, static_cast<std::uint32_t>(height), 2), number(size, static_cast<std::uint32_t>(width), 2);
    return jpeg.replace(frame + 5, 4, size);
}

}  // namespace persona::media
