// Addresses of peers and networks: who is at the other end, and whether it is one that an operator trusts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace persona::http {

// An IPv6 address; one of IPv4 as ::ffff:a.b.c.d, so that both ways of writing it are the same.
using Address = std::array<std::uint8_t, 16>;
// "185.71.76.1", "2a02:5180::1". Nothing for a name, a port, a zone or anything else.
std::optional<Address> address_of(std::string_view text);

class Networks {
public:
    Networks() = default;
    // "185.71.76.0/27, 77.75.156.11 2a02:5180::/32": by commas or blanks; bits behind the prefix do not count. Nothing where one is wrong.
    static std::optional<Networks> parse(std::string_view list);

    bool contains(const Address& address) const;
    bool contains(std::string_view address) const;
    bool empty() const { return networks_.empty(); }

private:
    struct Network {
        Address address;
        int bits;  // of 128
    };
    std::vector<Network> networks_;
};

// Who really asks: the peer, or, where the peer is a proxy that we trust, the last address of X-Forwarded-For that is none. What stands
// before it was written by whoever asks, and is not believed.
std::string origin_address(const Request& request, const Networks& proxies);

}  // namespace persona::http
