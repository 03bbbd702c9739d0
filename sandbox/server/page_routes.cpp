#include "sandbox/server/page_routes.hpp"

#include <algorithm>
#include <map>

namespace persona::sandbox {
namespace {

using http::Request;
using http::Response;

std::string_view type_of(const std::filesystem::path& file) {
    static const std::map<std::string_view, std::string_view> types = {{".html", "text/html; charset=utf-8"},
                                                                       {".js", "text/javascript; charset=utf-8"},
                                                                       {".css", "text/css; charset=utf-8"},
                                                                       {".svg", "image/svg+xml"},
                                                                       {".png", "image/png"},
                                                                       {".woff2", "font/woff2"}};
    const auto extension = file.extension().string();
    const auto known = types.find(extension);
    return known == types.end() ? "application/octet-stream" : known->second;
}

Task<Response> page(std::filesystem::path folder, Request request) {
    if (!std::filesystem::exists(folder / "index.html"))
        co_return Response::text(200, "The Bot API server runs. Its chat page is not built: npm --prefix pages ci && npm --prefix pages run build\n");
    std::filesystem::path file = folder / "index.html";
    if (!request.path.empty()) {
        const bool climbs = std::ranges::any_of(request.path, [](const std::string& part) { return part == ".." || part.contains('/'); });
        if (climbs) co_return Response::text(404, "Not Found\n");
        file = folder;
        for (const auto& part : request.path) file /= part;
    }
    Response response{200, {{"Content-Type", type_of(file)}, {"X-Content-Type-Options", "nosniff"}}, http::FileBody{file, 0, std::nullopt}};
    // Vite names assets by their content; the page itself is looked up anew each time.
    response.headers.add("Cache-Control", request.path.empty() ? "no-cache" : "public, max-age=31536000, immutable");
    if (request.path.empty())
        response.headers.add("Content-Security-Policy",
                             "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-src *");
    co_return response;
}

}  // namespace

std::vector<http::Route> page_routes(std::filesystem::path folder) {
    return {{"GET", "/{file...}", [folder](Request r) { return page(folder, std::move(r)); }}};
}

}  // namespace persona::sandbox
