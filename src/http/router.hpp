// A table of routes, read from the top: the first whose method and pattern match runs. Owned by whoever owns the server's handler.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace persona::http {

// "/api/v1/users/{id}": {name} takes one segment, "bot{token}" takes the rest of a segment after a fixed start,
// and "{name...}" at the end takes all segments that are left, none too, joined by '/'. A method of "*" takes every method.
struct Route {
    std::string method;
    std::string pattern;
    std::function<Task<Response>(Request)> handler;  // lives as long as the router
    std::optional<std::size_t> max_body = {};        // bytes; nothing: the server's
};

class Router {
public:
    // Throws BadConfig on a pattern that is not of the form above.
    explicit Router(std::vector<Route> routes);

    // Fills Request::named and runs the route. HEAD runs GET's. 404 where no pattern matches, 405 with Allow where only the method differs.
    Task<Response> operator()(Request request) const;
    // For ServerConfig::body_limit.
    std::size_t body_limit(const Request& head, std::size_t otherwise) const;

private:
    struct Part {
        std::string fixed;  // the segment, or its start where a name follows
        std::string name;   // empty: the whole segment is fixed
        bool takes_rest = false;
    };
    struct Entry {
        Route route;
        std::vector<Part> parts;
    };
    static std::vector<Part> parse(const std::string& pattern);
    static bool matches(const Entry& entry, const Request& request);
    static void name_parts(const Entry& entry, Request& request);
    const Entry* find(const Request& request) const;
    std::string allowed(const Request& request) const;

    std::vector<Entry> entries_;
};

}  // namespace persona::http
