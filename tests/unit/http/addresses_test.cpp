#include "http/addresses.hpp"

#include <gtest/gtest.h>

namespace persona::http {
namespace {

TEST(Addresses, OfBothKindsAreRead) {
    for (const char* text : {"1.2.3.4", "::1", "2a02:5180:0:1509::1", "::ffff:1.2.3.4"}) EXPECT_TRUE(address_of(text)) << text;
    EXPECT_EQ(address_of("1.2.3.4"), address_of("::ffff:1.2.3.4"));
    for (const char* text : {"", "1.2.3", "1.2.3.4:80", "[::1]", "localhost", "1.2.3.256", "fe80::1%eth0", " 1.2.3.4", "1.2.3.4\n"})
        EXPECT_FALSE(address_of(text)) << text;
}

TEST(Addresses, NetworksHoldWhatBeginsAlike) {
    struct Case {
        const char* list;
        const char* address;
        bool inside;
    };
    for (const Case& c :
         {Case{"10.0.0.0/8", "10.255.0.1", true}, Case{"10.0.0.0/8", "11.0.0.1", false}, Case{"10.0.0.5/8", "10.1.1.1", true},
          Case{"1.2.3.4", "1.2.3.4", true}, Case{"1.2.3.4", "1.2.3.5", false}, Case{"1.2.3.4/31", "1.2.3.5", true},
          Case{"0.0.0.0/0", "8.8.8.8", true}, Case{"0.0.0.0/0", "2001::1", false}, Case{"::/0", "2001::1", true}, Case{"::/0", "8.8.8.8", true},
          Case{"2001:db8::/33", "2001:db8:7fff::1", true}, Case{"2001:db8::/33", "2001:db8:8000::1", false},
          Case{"10.0.0.0/8", "::ffff:10.1.2.3", true}, Case{"1.1.1.1,2.2.2.2 3.3.3.3", "3.3.3.3", true}, Case{"", "1.1.1.1", false},
          Case{"1.1.1.1", "", false}, Case{"1.1.1.1", "unknown", false}}) {
        const auto networks = Networks::parse(c.list);
        ASSERT_TRUE(networks) << c.list;
        EXPECT_EQ(networks->contains(c.address), c.inside) << c.list << " " << c.address;
    }
    for (const char* list : {"1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "::/129", "example.org", "1.2.3.4/8/8", "1.2.3.4;5.6.7.8", "1.2.3.4/+8"})
        EXPECT_FALSE(Networks::parse(list)) << list;
}

TEST(Addresses, AProxyIsBelievedForTheLastAddressOnly) {
    struct Case {
        const char* peer;
        const char* forwarded;
        const char* origin;
    };
    const Networks proxies = *Networks::parse("127.0.0.1, 10.0.0.0/8");
    for (const Case& c : {Case{"9.9.9.9", "77.75.153.75", "9.9.9.9"}, Case{"127.0.0.1", "77.75.153.75", "77.75.153.75"},
                          Case{"127.0.0.1", "77.75.153.75, 9.9.9.9", "9.9.9.9"}, Case{"127.0.0.1", "77.75.153.75, 10.0.0.7", "77.75.153.75"},
                          Case{"127.0.0.1", "evil, 77.75.153.75", "77.75.153.75"}, Case{"127.0.0.1", "77.75.153.75, unknown", ""},
                          Case{"127.0.0.1", "77.75.153.75,", ""}, Case{"127.0.0.1", "", "127.0.0.1"}, Case{"127.0.0.1", "10.0.0.7", "127.0.0.1"},
                          Case{"127.0.0.1", "2a02:5180::1", "2a02:5180::1"}}) {
        Request request;
        request.remote = c.peer;
        if (*c.forwarded) request.headers.add("X-Forwarded-For", c.forwarded);
        EXPECT_EQ(origin_address(request, proxies), c.origin) << c.peer << " " << c.forwarded;
    }
    Request twice;
    twice.remote = "127.0.0.1";
    twice.headers.add("X-Forwarded-For", "77.75.153.75");
    twice.headers.add("x-forwarded-for", "9.9.9.9");
    EXPECT_EQ(origin_address(twice, proxies), "9.9.9.9");
}

}  // namespace
}  // namespace persona::http
