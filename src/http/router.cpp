#include "http/router.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace persona::http {
namespace {

bool accepts(const std::string& method, const std::string& asked) { return method == "*" || method == asked || (asked == "HEAD" && method == "GET"); }

}  // namespace

Router::Router(std::vector<Route> routes) {
    for (Route& route : routes) {
        auto parts = parse(route.pattern);
        entries_.push_back({std::move(route), std::move(parts)});
    }
}

std::vector<Router::Part> Router::parse(const std::string& pattern) {
    std::vector<Part> parts;
    for (const std::string& segment : path_segments(pattern)) {
        if (!parts.empty() && parts.back().takes_rest) throw BadConfig(fmt::format("route {}: nothing may follow the rest", pattern));
        const auto open = segment.find('{');
        if (open == segment.npos) {
            parts.push_back({segment, {}});
            continue;
        }
        if (!segment.ends_with('}')) throw BadConfig(fmt::format("route {}: a name ends its segment", pattern));
        std::string name = segment.substr(open + 1, segment.size() - open - 2);
        const bool rest = name.ends_with("...");
        if (rest) name.resize(name.size() - 3);
        if (name.empty() || (rest && open > 0)) throw BadConfig(fmt::format("route {}: a part has no name", pattern));
        parts.push_back({segment.substr(0, open), std::move(name), rest});
    }
    return parts;
}

bool Router::matches(const Entry& entry, const Request& request) {
    const auto& path = request.path;
    std::size_t at = 0;
    for (const Part& part : entry.parts) {
        if (part.takes_rest) return true;
        if (at == path.size()) return false;
        const std::string& segment = path[at++];
        const bool fits = part.name.empty() ? segment == part.fixed : segment.size() > part.fixed.size() && segment.starts_with(part.fixed);
        if (!fits) return false;
    }
    return at == path.size();
}

void Router::name_parts(const Entry& entry, Request& request) {
    std::size_t at = 0;
    for (const Part& part : entry.parts) {
        if (part.takes_rest) {
            request.named.emplace_back(part.name,
                                       fmt::format("{}", fmt::join(request.path.begin() + static_cast<std::ptrdiff_t>(at), request.path.end(), "/")));
        } else {
            if (!part.name.empty()) request.named.emplace_back(part.name, request.path[at].substr(part.fixed.size()));
            ++at;
        }
    }
}

const Router::Entry* Router::find(const Request& request) const {
    for (const Entry& entry : entries_)
        if (accepts(entry.route.method, request.method) && matches(entry, request)) return &entry;
    return nullptr;
}

std::string Router::allowed(const Request& request) const {
    std::string methods;
    for (const Entry& entry : entries_)
        if (matches(entry, request)) methods.append(methods.empty() ? "" : ", ").append(entry.route.method);
    return methods;
}

Task<Response> Router::operator()(Request request) const {
    if (const Entry* entry = find(request)) {
        name_parts(*entry, request);
        return entry->route.handler(std::move(request));
    }
    const std::string methods = allowed(request);
    Response response = methods.empty() ? Response::text(404, "Not Found\n") : Response::text(405, "Method Not Allowed\n");
    if (!methods.empty()) response.headers.add("Allow", methods);
    return [](Response ready) -> Task<Response> { co_return ready; }(std::move(response));
}

std::size_t Router::body_limit(const Request& head, std::size_t otherwise) const {
    const Entry* entry = find(head);
    return entry ? entry->route.max_body.value_or(otherwise) : otherwise;
}

}  // namespace persona::http
