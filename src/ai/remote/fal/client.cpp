#include "ai/remote/fal/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/url.hpp"

namespace persona::ai::fal {
namespace {

constexpr std::size_t most_answer = 1 << 20, largest_file = 24 << 20;
using Reason = PortraitError::Reason;

ProviderError fal_error(const http::Reply& reply) {
    ProviderError out = provider_error(reply.status, reply.headers, reply.body);
    const Said said = read_error(reply.body);
    out.code = said.word;
    if (said.of_model && out.fault == Fault::busy && reply.status >= 500) out.fault = Fault::refused;
    return out;
}

ProviderError nonsense(std::string_view what) { return {.fault = Fault::nonsense, .detail = fmt::format("fal.ai's answer is no {}", what)}; }

PortraitError error_of(const ProviderError& error) {
    switch (error.fault) {
        case Fault::quota:
        case Fault::unauthorized: return {Reason::quota, error.text()};
        case Fault::too_large:
        case Fault::refused: return {reason_of(error.code), error.text()};
        default: return {Reason::unreachable, error.text()};
    }
}

// "owner/app" of "owner/app/path": requests are looked at without the path.
std::string_view app_of(std::string_view endpoint) { return endpoint.substr(0, endpoint.find('/', endpoint.find('/') + 1)); }

// A gateway that lost the model's answer does not know what became of the request.
bool lost_behind(unsigned status) {
    constexpr unsigned gateway[] = {502, 504, 520, 524};
    return std::ranges::find(gateway, status) != std::end(gateway);
}

// What a submit came to, where it is not to be made again: an id, or an end.
using Submitted = PortraitResult<std::string>;

PortraitError uncertain(std::string detail) { return {Reason::uncertain, std::move(detail)}; }

std::expected<Submitted, ProviderError> submitted(const http::Result& result) {
    if (!result) {
        if (result.error().kind == http::Failure::Kind::not_sent) return std::unexpected(ProviderError{.detail = result.error().detail});
        return Submitted(std::unexpected(uncertain(result.error().detail)));
    }
    if (result->status / 100 == 2) {
        auto id = read_submitted(result->body);
        return id ? Submitted(std::move(*id)) : Submitted(std::unexpected(uncertain("fal.ai took it and named no request")));
    }
    const ProviderError error = fal_error(*result);
    if (lost_behind(result->status)) return Submitted(std::unexpected(uncertain(error.text())));
    if (result->status >= 500 && result->status != 503) return Submitted(std::unexpected(PortraitError{Reason::unreachable, error.text()}));
    return std::unexpected(error);  // 429 and 503 say that it was not taken; of the others none passes
}

}  // namespace

Client::Client(http::Client& http, Config config)
    : http_(http),
      config_(checked(std::move(config))),
      queue_("fal.ai", config_.tries),
      storage_("fal.ai's storage", config_.tries),
      files_("fal.ai's files", config_.tries) {}

bool Client::may_visit(std::string_view url) const {
    return url.starts_with("https://") || (http::is_loopback(url) && http::is_loopback(config_.queue_url));
}

http::Call Client::call(std::string method, std::string url, std::string body) const {
    http::Call out{.method = std::move(method), .url = std::move(url), .max_response = most_answer};
    out.headers.add("Authorization", "Key " + config_.key.reveal());
    if (!body.empty()) out.headers.add("Content-Type", "application/json");
    out.body = std::move(body);
    return out;
}

Task<Client::Answer> Client::once(http::Call call, Deadline deadline) {
    http::Result result = co_await http_.send(std::move(call), deadline);
    if (result && result->status / 100 != 2) co_return std::unexpected(fal_error(*result));
    auto reply = provider_reply(std::move(result));
    if (!reply) co_return std::unexpected(reply.error());
    co_return std::move(reply->body);
}

Task<Client::Answer> Client::ask(std::string method, std::string url, Deadline deadline) {
    const auto once_more = [&] { return once(call(method, url, ""), deadline.within(config_.try_time)); };
    co_return co_await queue_.persist(once_more, deadline);
}

Task<std::expected<Upload, ProviderError>> Client::initiate(Deadline deadline) {
    auto wanted = call("POST", config_.rest_url + "/storage/upload/initiate?storage_type=fal-cdn-v3", upload_body("photos.zip", "application/zip"));
    const Answer answer = co_await once(std::move(wanted), deadline.within(config_.try_time));
    if (!answer) co_return std::unexpected(answer.error());
    auto where = read_upload(*answer);
    if (!where || !may_visit(where->put_url) || !may_visit(where->file_url)) co_return std::unexpected(nonsense("place for a file"));
    co_return std::move(*where);
}

Task<PortraitResult<std::string>> Client::upload(std::string zip, Deadline deadline) {
    if (zip.size() > largest_zip) co_return std::unexpected(PortraitError{Reason::photos, "the archive is too large"});
    // A new place for each try: the signature of an old one may have run out. The key stays away from it, as it has a signature.
    const auto try_it = [&]() -> Task<Answer> {
        const auto where = co_await initiate(deadline);
        if (!where) co_return std::unexpected(where.error());
        http::Call put{.method = "PUT", .url = where->put_url, .body = zip, .max_response = most_answer, .idempotent = true};
        put.headers.add("Content-Type", "application/zip");
        const auto done = co_await once(std::move(put), deadline.within(config_.upload_time));
        if (!done) co_return std::unexpected(done.error());
        co_return where->file_url;
    };
    const Answer answer = co_await storage_.persist(try_it, deadline);
    if (!answer) co_return std::unexpected(error_of(answer.error()));
    co_return *answer;
}

Task<PortraitResult<std::string>> Client::submit(std::string endpoint, std::string input, std::string webhook, Deadline deadline) {
    std::string url = config_.queue_url + "/" + endpoint;
    if (!webhook.empty()) url += "?fal_webhook=" + http::percent_encode(webhook);  // as a field of the input it is never called
    const auto try_it = [&]() -> Task<std::expected<Submitted, ProviderError>> {
        http::Call post = call("POST", url, input);
        post.headers.add("X-Fal-Queue-Priority", config_.queue_priority);
        co_return submitted(co_await http_.send(std::move(post), deadline.within(config_.try_time)));
    };
    const auto answer = co_await queue_.persist(try_it, deadline);
    if (!answer) co_return std::unexpected(error_of(answer.error()));
    co_return *answer;
}

Task<PortraitResult<Standing>> Client::status(std::string endpoint, std::string request, Deadline deadline) {
    const auto body = co_await ask("GET", fmt::format("{}/{}/requests/{}/status", config_.queue_url, app_of(endpoint), request), deadline);
    if (!body) co_return std::unexpected(error_of(body.error()));
    auto standing = read_status(*body);
    if (!standing) co_return std::unexpected(error_of(nonsense("status")));
    co_return std::move(*standing);
}

Task<PortraitResult<std::string>> Client::result(std::string endpoint, std::string request, Deadline deadline) {
    const std::string url = fmt::format("{}/{}/requests/{}", config_.queue_url, app_of(endpoint), request);
    Answer body = co_await ask("GET", url, deadline);
    // Somebody's training ends by this answer, so an error of the server's is heard twice before it is believed.
    if (!body && body.error().fault == Fault::refused && body.error().status >= 500) body = co_await ask("GET", url, deadline);
    if (!body) co_return std::unexpected(error_of(body.error()));
    co_return std::move(*body);
}

Task<void> Client::cancel(std::string endpoint, std::string request, Deadline deadline) {
    (void)co_await ask("PUT", fmt::format("{}/{}/requests/{}/cancel", config_.queue_url, app_of(endpoint), request), deadline);
}

Task<PortraitResult<std::string>> Client::file(std::string url, Deadline deadline) {
    if (!may_visit(url)) co_return std::unexpected(PortraitError{Reason::refused, "a file at an address that is not visited"});
    const auto try_it = [&] { return once({.method = "GET", .url = url, .max_response = largest_file}, deadline.within(config_.upload_time)); };
    Answer body = co_await files_.persist(try_it, deadline);
    if (!body) co_return std::unexpected(error_of(body.error()));
    co_return std::move(*body);
}

}  // namespace persona::ai::fal
