// Percent encoding and urlencoded forms, byte-exact: what is decoded is bytes, whether or not they are UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::http {

// "%41" becomes "A"; a '%' that two hexadecimal digits do not follow stays as it is (WHATWG URL §1.3). '+' stays '+'.
std::string percent_decode(std::string_view text);
// Everything but A-Z a-z 0-9 - . _ ~ is written as %XX (RFC 3986 §2.3).
std::string percent_encode(std::string_view text);

// Names and values of a query or a form in their order; a name may occur more than once.
class Form {
public:
    // application/x-www-form-urlencoded (WHATWG URL §5.1): '&' separates, '+' is a blank. Never fails; as long as its input at most.
    static Form parse(std::string_view text);

    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
    // The first value of that name; the name is compared exactly. Valid until the form changes.
    std::optional<std::string_view> find(std::string_view name) const;
    std::string_view value(std::string_view name) const { return find(name).value_or(std::string_view()); }
    bool contains(std::string_view name) const { return find(name).has_value(); }

    // The inverse of parse, for a body or a query.
    std::string encoded() const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }
    bool empty() const { return fields_.empty(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

// "/a/b%2Fc" gives {"a", "b/c"}: split first, decoded then, so that a coded slash never makes a segment.
// Empty segments are dropped; "." and ".." are given as they are, and who opens files by them refuses them.
std::vector<std::string> path_segments(std::string_view path);

// "https://example.org:8443/a?b" gives "https://example.org:8443": all of a URL that may be logged (user, path and query may hold keys).
std::string origin_of(std::string_view url);

// "https://example.org/v1/" gives "https://example.org/v1": what paths are joined to.
std::string without_end_slash(std::string url);

// "http://" to this machine: localhost, 127.0.0.0/8 in numbers, [::1], with or without a port. There a secret may travel without TLS.
bool is_loopback(std::string_view url);

}  // namespace persona::http
