#include "media/child_wire.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace persona::media::wire {
namespace {

Bytes message(std::uint32_t kind, std::uint32_t announced, std::string_view body) {
    Bytes bytes(8);
    std::memcpy(bytes.data(), &kind, 4);
    std::memcpy(bytes.data() + 4, &announced, 4);
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

TEST(ChildWire, MessagesComeWholeHoweverTheBytesArrive) {
    Bytes stream = message(2, 4, "abcd");
    const Bytes second = message(3, 0, "");
    stream.insert(stream.end(), second.begin(), second.end());
    Reader reader;
    std::vector<std::pair<Kind, std::string>> got;
    for (const std::uint8_t byte : stream) {
        reader.append({&byte, 1});
        while (const auto next = reader.next()) got.emplace_back(next->kind, as_text(next->body));
    }
    ASSERT_EQ(got.size(), 2u);
    EXPECT_EQ(got[0], std::pair(Kind::data, std::string("abcd")));
    EXPECT_EQ(got[1], std::pair(Kind::end, std::string()));
    EXPECT_FALSE(reader.broken());
}

TEST(ChildWire, AChildThatLiesIsBroken) {
    for (const Bytes& lie : {message(2, max_body + 1, ""), message(0, 0, ""), message(4, 0, ""), message(0xFFFFFFFF, 1, "")}) {
        Reader reader;
        reader.append(lie);
        EXPECT_FALSE(reader.next());
        EXPECT_TRUE(reader.broken());
        reader.append(message(3, 0, ""));
        EXPECT_FALSE(reader.next()) << "a broken stream stays broken";
    }
}

}  // namespace
}  // namespace persona::media::wire
