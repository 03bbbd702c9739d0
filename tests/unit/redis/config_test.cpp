#include "redis/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace persona::redis {

TEST(RedisUrl, ReadsHostsAndSockets) {
    struct Case {
        std::string url, host;
        int port;
        std::string socket, user, password;
        int database;
    };
    const Case cases[] = {
        {"redis://localhost", "localhost", 6379, "", "", "", 0},
        {"redis://10.0.0.1:7000/3", "10.0.0.1", 7000, "", "", "", 3},
        {"redis://:p%40ss%2Fword@h:1/", "h", 1, "", "", "p@ss/word", 0},
        {"redis://me:secret@[::1]:6380/2", "::1", 6380, "", "me", "secret", 2},
        {"unix:///run/redis.sock", "", 6379, "/run/redis.sock", "", "", 0},
        {"redis+unix:///tmp/a%20b.sock?db=5", "", 6379, "/tmp/a b.sock", "", "", 5},
    };
    for (const Case& c : cases) {
        const Config config = Config::from_url(c.url);
        EXPECT_EQ(config.endpoint.host, c.host) << c.url;
        EXPECT_EQ(config.endpoint.port, c.port) << c.url;
        EXPECT_EQ(config.endpoint.socket, c.socket) << c.url;
        EXPECT_EQ(config.user, c.user) << c.url;
        EXPECT_EQ(config.password.reveal(), c.password) << c.url;
        EXPECT_EQ(config.database, c.database) << c.url;
    }
}

TEST(RedisUrl, RefusesWithTheVariablesNameAndWithoutItsValue) {
    for (const std::string url :
         {"", "localhost:6379", "http://hunter2", "redis://", "redis://:hunter2@h:99999", "redis://:hunter2@h/x", "redis://:hunter2@h/-1",
          "redis://hunter2@h", "redis://[::1", "unix://hunter2", "rediss://:hunter2@h", "redis+sentinel://h1,h2/name", "redis+cluster://h1,h2"}) {
        try {
            Config::from_url(url);
            ADD_FAILURE() << url;
        } catch (const BadConfig& e) {
            EXPECT_THAT(e.what(), testing::AllOf(testing::StartsWith("REDIS_URL: "), testing::Not(testing::HasSubstr("hunter2"))));
        }
    }
}

}  // namespace persona::redis
