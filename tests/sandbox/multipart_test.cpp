#include "sandbox/server/multipart.hpp"

#include <gtest/gtest.h>

#include <random>

#include "sandbox/model/media.hpp"

namespace persona::sandbox {
namespace {

constexpr std::string_view type = "multipart/form-data; boundary=X";

std::string part(std::string_view head, std::string_view content) {
    return "--X\r\n" + std::string(head) + "\r\n\r\n" + std::string(content) + "\r\n";
}

TEST(SandboxMultipart, ReadsFieldsAndFiles) {
    const auto body =
        part("Content-Disposition: form-data; name=\"chat_id\"", "5") + part("content-disposition: form-data; name=\"e\"", "") +
        part("Content-Disposition: form-data; name=\"photo\"; filename=\"a \\\"b\\\" %22c%22.png\"\r\nContent-Type: image/png", "\r\n--Y\r\n\0x") +
        part("Content-Disposition: form-data; name=\"d\"; filename*=UTF-8''%D0%B0.txt", "z") +
        part("Content-Disposition: form-data; name=\"n\"; filename=plain.txt", "p") + "--X--\r\n";
    const auto parts = parse_multipart(type, body);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->fields.size(), 2u);
    EXPECT_EQ(parts->fields[0], (std::pair<std::string, std::string>("chat_id", "5")));
    EXPECT_EQ(parts->fields[1].second, "");
    ASSERT_EQ(parts->files.size(), 3u);
    EXPECT_EQ(parts->files[0].name, "a \"b\" \"c\".png");
    EXPECT_EQ(parts->files[0].mime, "image/png");
    EXPECT_EQ(parts->files[0].content, std::string_view("\r\n--Y\r\n\0x"));
    EXPECT_EQ(parts->files[1].name, "а.txt");
    EXPECT_EQ(parts->files[2].name, "plain.txt");
}

TEST(SandboxMultipart, RefusesWhatIsBroken) {
    EXPECT_FALSE(parse_multipart("multipart/form-data", "--X--"));
    EXPECT_FALSE(parse_multipart(type, ""));
    EXPECT_FALSE(parse_multipart(type, "--X"));
    EXPECT_FALSE(parse_multipart(type, "--X\r\n"));
    EXPECT_FALSE(parse_multipart(type, part("Content-Disposition: form-data; name=\"a\"", "b")));  // no end
    EXPECT_TRUE(parse_multipart("multipart/form-data; boundary=\"X\"", "--X--")->fields.empty());
}

// What is cut or changed anywhere either reads or is refused; the sanitizers watch that nothing else happens.
TEST(SandboxMultipart, SurvivesCutAndChangedBodies) {
    const auto body = part("Content-Disposition: form-data; name=\"a\"; filename=\"f\"", "content") +
                      part("Content-Disposition: form-data; name=\"b\"", "v") + "--X--\r\n";
    std::size_t read = 0;
    for (std::size_t size = 0; size <= body.size(); ++size) read += parse_multipart(type, std::string_view(body).substr(0, size)).has_value();
    EXPECT_GE(read, 1u);
    EXPECT_LE(read, 3u);  // only when the closing "--" is there
    std::mt19937 random(7);
    for (int i = 0; i < 5000; ++i) {
        auto changed = body;
        changed[random() % changed.size()] = static_cast<char>(random());
        (void)parse_multipart(type, changed);
    }
}

TEST(SandboxMedia, ReadsPixelsFromHeaders) {
    using namespace std::string_literals;
    const auto padded = [](std::string head) { return head + std::string(40, '\0'); };
    const auto png = pixels_of(padded("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0\0\0\1\xf4"s));
    ASSERT_TRUE(png);
    EXPECT_EQ(png->width, 512);
    EXPECT_EQ(png->height, 500);
    const auto jpeg = pixels_of(padded("\xFF\xD8\xFF\xE0\0\4ab\xFF\xC0\0\x11\x08\1\0\2\0"s));
    ASSERT_TRUE(jpeg);
    EXPECT_EQ(jpeg->width, 512);
    EXPECT_EQ(jpeg->height, 256);
    EXPECT_FALSE(pixels_of(padded("plain text")));
    EXPECT_FALSE(pixels_of(""));
    std::mt19937 random(3);
    for (int i = 0; i < 5000; ++i) {
        std::string noise = i % 2 ? "\xFF\xD8" : "RIFF";
        while (noise.size() < 30 + random() % 40) noise += static_cast<char>(random());
        (void)pixels_of(noise);
    }
}

}  // namespace
}  // namespace persona::sandbox
