#include "http/addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "base/number.hpp"

namespace persona::http {
namespace {

constexpr Address mapped_start{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int mapped_bits = 96;

bool is_v4(const Address& address) { return std::equal(mapped_start.begin(), mapped_start.begin() + mapped_bits / 8, address.begin()); }

std::optional<int> number_of(std::string_view text) {
    const auto value = text.size() <= 3 ? whole_number(text) : std::nullopt;
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

bool same_start(const Address& a, const Address& b, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    const int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::optional<Address> address_of(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    const std::string copy(text);
    Address out = mapped_start;
    const bool v6 = copy.find(':') != std::string::npos;
    const int read = v6 ? ::inet_pton(AF_INET6, copy.c_str(), out.data()) : ::inet_pton(AF_INET, copy.c_str(), out.data() + mapped_bits / 8);
    return read == 1 ? std::optional(out) : std::nullopt;
}

std::optional<Networks> Networks::parse(std::string_view list) {
    constexpr std::string_view between = ", \t\r\n";
    Networks out;
    while (true) {
        list.remove_prefix(std::min(list.find_first_not_of(between), list.size()));
        if (list.empty()) return out;
        const std::string_view one = list.substr(0, list.find_first_of(between));
        list.remove_prefix(one.size());
        const std::size_t slash = one.find('/');
        const auto address = address_of(one.substr(0, slash));
        if (!address) return std::nullopt;
        const int most = is_v4(*address) && one.find(':') == std::string_view::npos ? 32 : 128;
        const auto bits = slash == std::string_view::npos ? most : number_of(one.substr(slash + 1));
        if (!bits || *bits < 0 || *bits > most) return std::nullopt;
        out.networks_.push_back({*address, *bits + (most == 32 ? mapped_bits : 0)});
    }
}

bool Networks::contains(const Address& address) const {
    return std::ranges::any_of(networks_, [&](const Network& one) { return same_start(one.address, address, one.bits); });
}

bool Networks::contains(std::string_view address) const {
    const auto read = address_of(address);
    return read && contains(*read);
}

std::string origin_address(const Request& request, const Networks& proxies) {
    if (!proxies.contains(request.remote)) return request.remote;
    std::string path;  // several fields are one list, in their order (RFC 9110 §5.3)
    for (const auto& [name, value] : request.headers)
        if (equal_ignoring_case(name, "X-Forwarded-For")) path.append(path.empty() ? "" : ",").append(value);
    for (std::string_view left = path; !left.empty();) {
        const std::size_t comma = left.rfind(',');
        const std::string_view last = trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1));
        if (!address_of(last)) return "";  // a trusted proxy that says nothing usable: nobody we know
        if (!proxies.contains(last)) return std::string(last);
        left = comma == std::string_view::npos ? std::string_view() : left.substr(0, comma);
    }
    return request.remote;
}

}  // namespace persona::http
