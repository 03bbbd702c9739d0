#include "redis/resp.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "redis/command.hpp"

namespace persona::redis {
namespace {

using namespace std::string_literals;

// A form that shows everything of a value.
std::string shown(const Value& value) {
    std::string list;
    for (const Value& item : value.items) list += (list.empty() ? "" : " ") + shown(item);
    switch (value.kind) {
        case Value::Kind::null: return "null";
        case Value::Kind::text: return "'" + value.text + "'";
        case Value::Kind::error: return "!" + value.text;
        case Value::Kind::integer: return std::to_string(value.number);
        case Value::Kind::real: return std::isnan(value.real) ? "nan" : std::to_string(value.real);
        case Value::Kind::boolean: return value.number ? "true" : "false";
        case Value::Kind::list: return "[" + list + "]";
        case Value::Kind::map: return "{" + list + "}";
        case Value::Kind::push: return ">[" + list + "]";
    }
    return "?";
}

struct Case {
    std::string wire, value;
};
const Case cases[] = {
    {"+OK\r\n", "'OK'"},
    {"-ERR no\r\n", "!ERR no"},
    {":-9223372036854775808\r\n", "-9223372036854775808"},
    {"$5\r\na\r\nbc\r\n", "'a\r\nbc'"},
    {"$0\r\n\r\n", "''"},
    {"$-1\r\n", "null"},
    {"*-1\r\n", "null"},
    {"_\r\n", "null"},
    {"#t\r\n", "true"},
    {"#f\r\n", "false"},
    {",1.5\r\n", "1.500000"},
    {",-inf\r\n", "-inf"},
    {",nan\r\n", "nan"},
    {"(123456789012345678901234567890\r\n", "'123456789012345678901234567890'"},
    {"!9\r\nERR blob!\r\n", "!ERR blob!"},
    {"=7\r\ntxt:abc\r\n", "'abc'"},
    {"*0\r\n", "[]"},
    {"~2\r\n:1\r\n:2\r\n", "[1 2]"},
    {"%1\r\n+k\r\n*2\r\n:1\r\n*0\r\n", "{'k' [1 []]}"},
    {">2\r\n+message\r\n$1\r\nx\r\n", ">['message' 'x']"},
    {"|1\r\n+ttl\r\n:9\r\n*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", "[1 2]"},
    {"*3\r\n%0\r\n*1\r\n_\r\n$2\r\nab\r\n", "[{} [null] 'ab']"},
};

TEST(Resp, ReadsEveryTypeWhole) {
    for (const Case& c : cases) {
        Parser parser;
        parser.feed(c.wire);
        const auto value = parser.next();
        ASSERT_TRUE(value) << c.wire;
        EXPECT_EQ(shown(*value), c.value);
        EXPECT_FALSE(parser.next());
    }
}

TEST(Resp, ReadsAReplySplitAtEveryByte) {
    std::string all;
    for (const Case& c : cases) all += c.wire;
    for (std::size_t at = 0; at <= all.size(); ++at) {
        Parser parser;
        std::string seen, expected;
        for (const std::string& part : {all.substr(0, at), all.substr(at)}) {
            parser.feed(part);
            while (const auto value = parser.next()) seen += shown(*value) + "\n";
        }
        for (const Case& c : cases) expected += c.value + "\n";
        ASSERT_EQ(seen, expected) << at;
    }
    Parser byte_by_byte;
    std::size_t replies = 0;
    for (const char c : all) {
        byte_by_byte.feed({&c, 1});
        while (byte_by_byte.next()) ++replies;
    }
    EXPECT_EQ(replies, std::size(cases));
}

TEST(Resp, RefusesWhatIsBrokenOrOverALimit) {
    const Limits limits{.depth = 3, .items = 10, .bytes = 1000};
    for (const std::string& wire :
         {std::string("?x\r\n"), std::string("\r\n"), std::string(":1x\r\n"), std::string(":99999999999999999999\r\n"), std::string("#x\r\n"),
          std::string("$-2\r\n"), std::string("$3\r\nabcd\r\n"), std::string("=2\r\nab\r\n"), std::string("$1001\r\n"), std::string("*11\r\n"),
          std::string("*1\r\n*1\r\n*1\r\n*1\r\n"), std::string("*2\r\n$600\r\n") + std::string(600, 'x') + "\r\n$600\r\n",
          std::string("+") + std::string(70'000, 'x'),
          std::string("*10\r\n*10\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*10\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:"
                      "1\r\n:1\r\n:1\r\n")}) {
        Parser parser(limits);
        parser.feed(wire);
        EXPECT_THROW(while (parser.next()){}, Error) << wire.substr(0, 40);
    }
}

TEST(Resp, WritesCommandsBinarySafe) {
    std::string wire;
    Command("SET", std::string("k\0\r\n", 4), "", 42, std::int64_t{-1}).append_to(wire);
    EXPECT_EQ(wire, "*5\r\n$3\r\nSET\r\n$4\r\nk\0\r\n\r\n$0\r\n\r\n$2\r\n42\r\n$2\r\n-1\r\n"s);
}

TEST(Resp, FindsInMaps) {
    Parser parser;
    parser.feed("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n");
    const auto map = parser.next();
    EXPECT_EQ(map->find("b")->number, 2);
    EXPECT_EQ(map->find("c"), nullptr);
}

}  // namespace
}  // namespace persona::redis
