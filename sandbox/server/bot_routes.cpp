#include "sandbox/server/bot_routes.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <fstream>
#include <iterator>

#include "async/within.hpp"
#include "sandbox/server/multipart.hpp"

namespace persona::sandbox {
namespace {

constexpr std::size_t biggest_request = 60u << 20;  // Telegram takes files of 50 MB

http::Response as_response(const ApiReply& reply) {
    auto response = http::Response::json(reply.body, static_cast<unsigned>(reply.status));
    if (reply.retry_after) response.headers.add("Retry-After", std::to_string(*reply.retry_after));
    return response;
}

// The server closes a connection whose handler was cancelled without a word: that is the fault we want.
[[noreturn]] void drop_connection() { throw boost::system::system_error(boost::asio::error::operation_aborted); }

bool is_type(const http::Request& request, std::string_view type) {
    const auto value = request.headers.value("Content-Type");
    return value.size() >= type.size() && http::equal_ignoring_case(value.substr(0, type.size()), type);
}

// Nothing where the body does not read as what its type says.
std::optional<ApiRequest> read(http::Request& request) {
    ApiRequest out{std::string(request.part("token")), std::string(request.part("method")), {}, std::nullopt, {}};
    for (const auto& field : request.query) out.form.push_back(field);
    if (request.body.empty()) return out;
    if (is_type(request, "application/json")) {
        boost::system::error_code failed;
        auto body = json::parse(request.body, failed);
        if (failed || !body.is_object()) return std::nullopt;
        out.body = std::move(body.get_object());
    } else if (is_type(request, "multipart/form-data")) {
        auto parts = parse_multipart(request.headers.value("Content-Type"), request.body);
        if (!parts) return std::nullopt;
        std::ranges::move(parts->fields, std::back_inserter(out.form));
        out.uploads = std::move(parts->files);
    } else {
        for (const auto& field : http::Form::parse(request.body)) out.form.push_back(field);
    }
    return out;
}

Task<ApiReply> wait_for_updates(Station& station, Poll poll) {
    const auto deadline = Deadline::after(poll.timeout);
    while (true) {
        const bool woken = co_await station.updates_of(poll.bot->id).wait(deadline);
        if (auto reply = station.api.resume(poll, !woken, wall_now())) co_return std::move(*reply);
    }
}

Task<http::Response> call(Station& station, http::Request request) {
    auto wanted = read(request);
    if (!wanted) co_return as_response(refusal({400, "Bad Request: can't parse the request body", std::nullopt}));
    const auto began = wall_now();
    auto outcome = station.api.call(std::move(*wanted), began);
    station.world.flush();
    if (outcome.poll) {
        outcome.reply = co_await wait_for_updates(station, *outcome.poll);
        station.world.flush();
    }
    if (outcome.delay.count() > 0) co_await pause(outcome.delay);
    if (outcome.call)
        station.world.traffic.answered({.call = outcome.call,
                                        .status = outcome.drop ? 0 : outcome.reply.status,
                                        .took = wall_now() - began,
                                        .body = outcome.reply.body,
                                        .fault = outcome.fault});
    if (outcome.drop) drop_connection();
    co_return as_response(outcome.reply);
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Twenty pieces over the fault's delay; where the connection is to be lost after, it is lost in the middle.
Task<void> send_faulty(std::string content, Fault fault, http::BodyWriter& out) {
    constexpr int pieces = 20;
    const auto size = content.size() / pieces + 1;
    for (std::size_t at = 0; at < content.size(); at += size) {
        if (fault.kind == Fault::Kind::drop_after && at >= content.size() / 2) drop_connection();
        if (fault.kind == Fault::Kind::slow) co_await pause(fault.delay / pieces);
        co_await out.write(std::string_view(content).substr(at, size));
    }
}

http::Response faulty_download(std::string content, const Fault& fault) {
    if (fault.kind == Fault::Kind::drop_before) drop_connection();
    if (fault.kind == Fault::Kind::refuse) return as_response(refusal({fault.status, fault.description, fault.retry_after}));
    return {200, {{"Content-Type", "application/octet-stream"}}, http::BodyProducer([content = std::move(content), fault](http::BodyWriter& out) {
                return send_faulty(content, fault, out);
            })};
}

Task<http::Response> download(Station& station, http::Request request) {
    if (!station.world.bot_of(request.part("token"))) co_return as_response(unknown_token(request.part("token")));
    const auto* file = station.world.file(request.part("path"));
    if (!file || file->path != request.part("path")) co_return as_response(refusal({404, "Not Found", std::nullopt}));
    if (const auto fault = station.world.faults.take("file", 0)) co_return faulty_download(content_of(station.world.location(*file)), *fault);
    http::Response response{200, {{"Content-Type", "application/octet-stream"}}, http::FileBody{station.world.location(*file), 0, std::nullopt}};
    co_return response;
}

}  // namespace

std::vector<http::Route> bot_routes(Station& station) {
    return {{"*", "/bot{token}/{method}", [&station](http::Request r) { return call(station, std::move(r)); }, biggest_request},
            {"GET", "/file/bot{token}/{path...}", [&station](http::Request r) { return download(station, std::move(r)); }}};
}

}  // namespace persona::sandbox
