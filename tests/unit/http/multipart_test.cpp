#include "http/multipart.hpp"

#include <gtest/gtest.h>

namespace persona::http {
namespace {

TEST(Multipart, FindsTheBoundary) {
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(boundary_of("Multipart/Form-Data; charset=x; Boundary=\"a;b c\""), "a;b c");
    EXPECT_EQ(boundary_of("multipart/form-data"), std::nullopt);
    EXPECT_EQ(boundary_of("multipart/form-data; boundary="), std::nullopt);
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
    EXPECT_EQ(boundary_of("application/json; boundary=abc"), std::nullopt);
}

TEST(Multipart, ReadsFieldsAndFiles) {
    const std::string body =
        "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n"
        "--b \t\r\ncontent-disposition: form-data; filename=\"a%22\\\"%41.jpg\"; name=photo\r\nContent-Type: image/jpeg\r\n\r\n\r\n--bX\r\n\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        "--b\r\nContent-Disposition: form-data; name=n; filename*=UTF-8''%D0%B6.txt\r\n\r\nx\r\n--b--\r\nepilogue";
    const auto parts = parse_multipart(body, "b");
    EXPECT_FALSE(parts) << "a text that begins like the boundary is a broken boundary (RFC 2046 §5.1.1)";

    std::string good = body;
    good.replace(good.find("--bX"), 4, "-- bX");
    const auto read = parse_multipart(good, "b");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 4u);
    EXPECT_EQ(read->at(0).name, "chat_id");
    EXPECT_EQ(read->at(0).body, "42");
    EXPECT_FALSE(read->at(0).file_name);
    EXPECT_EQ(read->at(1).name, "photo");
    EXPECT_EQ(read->at(1).file_name, "a\"\"%41.jpg");
    EXPECT_EQ(read->at(1).type, "image/jpeg");
    EXPECT_EQ(read->at(2).body, "");
    EXPECT_EQ(read->at(3).file_name, "ж.txt");
}

TEST(Multipart, RefusesWhatIsCutAtAnyByte) {
    const std::string body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--b--";
    EXPECT_TRUE(parse_multipart(body, "b"));
    for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(parse_multipart(std::string_view(body).substr(0, size), "b")) << size;
}

TEST(Multipart, RefusesNamelessPartsHugeHeadsAndTooMany) {
    const auto part = [](std::string head) { return "--b\r\n" + head + "\r\n\r\nx\r\n"; };
    const std::string named = part("Content-Disposition: form-data; name=a");
    EXPECT_FALSE(parse_multipart(part("Content-Type: a/b") + "--b--", "b"));
    EXPECT_FALSE(parse_multipart(part("Content-Disposition: attachment; name=a") + "--b--", "b"));
    EXPECT_FALSE(parse_multipart(part("no colon") + "--b--", "b"));
    EXPECT_FALSE(parse_multipart("--b\r\n\r\nx\r\n--b--", "b"));
    EXPECT_FALSE(parse_multipart(part("Content-Disposition: form-data; name=a\r\nX: " + std::string(9000, 'x')) + "--b--", "b"));
    EXPECT_TRUE(parse_multipart(named + named + "--b--", "b", 2));
    EXPECT_FALSE(parse_multipart(named + named + named + "--b--", "b", 2));
}

}  // namespace
}  // namespace persona::http
