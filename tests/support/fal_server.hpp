// A server that behaves like fal.ai, as far as Persona asks: storage, a queue with its states and results, files, keys, signed webhooks,
// and faults on demand. Written from its documentation and not from our client. Owned by a test.
#pragma once

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
#include <deque>
#include <map>
#include <vector>

#include "async/within.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/url.hpp"

namespace persona::test {

namespace json = boost::json;

// A pair of Ed25519 keys as fal.ai has them.
struct FalKey {
    FalKey() { crypto_sign_keypair(open.data(), closed.data()); }
    json::object jwk() const {
        std::string x(sodium_base64_encoded_len(open.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
        sodium_bin2base64(x.data(), x.size(), open.data(), open.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        x.pop_back();  // its terminating NUL
        return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", x.substr(0, 8)}, {"x", x}};
    }
    std::string sign(std::string_view request, std::string_view user, std::string_view timestamp, std::string_view body) const {
        const std::string text = fmt::format("{}\n{}\n{}\n{}", request, user, timestamp, to_hex(sha256(as_bytes(body))));
        std::array<std::uint8_t, crypto_sign_BYTES> out{};
        crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(), closed.data());
        return to_hex(out);
    }

    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> closed{};
};

// How a webhook is sent.
struct FalDelivery {
    bool bad_signature = false, without_signature = false;
    std::chrono::seconds age{0};  // of the timestamp
    int times = 1;
    std::string claimed = {};  // a request id for the header, where it is another than the payload's
    json::value error = {};
};

class FalServer {
public:
    enum class Fault {
        none,
        error,     // 500 and nothing done
        busy,      // 503 and nothing done
        slower,    // 429 and nothing done
        gateway,   // done, then 502
        lost,      // done, then the answer breaks off
        hang,      // done, and no answer ever
        nonsense,  // done, an answer of another form
        refused,   // 422
        locked,    // 403: no credit
        stranger,  // 401
    };
    struct Asked {
        std::string method, path, authorization, priority;
    };
    struct Request {
        std::string id, endpoint, webhook, status = "IN_QUEUE";
        json::object input;
        int place = 3;
        unsigned result_status = 200;
        json::value result = {}, error = {};  // error: of the status, where it has one
        bool cancelled = false;               // somebody asked for it
    };
    using Delivery = FalDelivery;

    explicit FalServer(Executor executor)
        : http_(executor), server_(executor, {.max_body = 100 << 20}, [this](http::Request request) { return serve(std::move(request)); }) {}

    std::deque<Fault> faults;        // of the calls to come, one each; files and keys do not count
    std::deque<Fault> files_faults;  // of downloads and of calls for keys
    std::vector<Asked> asked;
    std::vector<FalKey> keys{1};                 // published; the last one signs
    std::map<std::string, std::string> uploads;  // by file address: the bytes that were put
    std::map<std::string, std::string> files;    // by path below /files/: what downloads give
    int keys_asked = 0;

    std::string base() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    std::string queue_url() const { return base() + "/queue"; }                     // FAL_QUEUE_URL
    std::string rest_url() const { return base() + "/rest"; }                       // FAL_REST_URL
    std::string jwks_url() const { return rest_url() + "/.well-known/jwks.json"; }  // FAL_JWKS_URL
    std::string file_url(std::string_view name) const { return fmt::format("{}/files/{}", base(), name); }

    const std::vector<std::string>& ids() const { return order_; }  // oldest first
    Request& request(const std::string& id) { return requests_.at(id); }
    Request& last() { return requests_.at(order_.back()); }

    // What runners do. A result is the endpoint's own: {"finetune_id": …}, {"images": […]}.
    void start(const std::string& id) { request(id).status = "IN_PROGRESS"; }
    void complete(const std::string& id, json::value result) { end(id, "COMPLETED", 200, std::move(result)); }
    // COMPLETED, and the result is the model's error.
    void fail(const std::string& id, std::string_view type = "internal_server_error", unsigned status = 422) {
        const json::object one{{"loc", json::array{"body"}}, {"msg", "Something about your secret photos"}, {"type", type}};
        end(id, "COMPLETED", status, json::object{{"detail", json::array{one}}});
    }
    void say(const std::string& id, std::string_view word) { request(id).status = word; }
    static json::object finetune(std::string_view id) { return {{"finetune_id", id}}; }
    json::object lora(std::string_view name) const {
        return {{"diffusers_lora_file", json::object{{"url", file_url(name)}, {"content_type", "application/octet-stream"}}},
                {"config_file", json::object{{"url", file_url("config.json")}}}};
    }
    // One address for each name of `files`.
    json::object images(const std::vector<std::string>& names) const {
        json::array list, nsfw;
        for (const std::string& name : names) {
            list.push_back(json::object{{"url", file_url(name)}, {"content_type", "image/jpeg"}, {"width", 16}, {"height", 16}});
            nsfw.push_back(false);
        }
        return {{"images", list}, {"has_nsfw_concepts", nsfw}, {"seed", 7}, {"prompt", "?"}};
    }

    // The body of a webhook about a request.
    static std::string told(const std::string& id, std::string_view status, json::value payload, json::value error = {}) {
        json::object body{{"request_id", id}, {"gateway_request_id", id}, {"status", status}, {"payload", std::move(payload)}};
        if (!error.is_null()) body["error"] = std::move(error);
        return json::serialize(body);
    }
    http::Headers signed_headers(const std::string& id, std::string_view body, const Delivery& how = {}) const {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - how.age;
        const std::string time = std::to_string(now.time_since_epoch().count()), claimed = how.claimed.empty() ? id : how.claimed;
        std::string signature = keys.back().sign(claimed, user, time, body);
        if (how.bad_signature) signature[0] = signature[0] == '0' ? '1' : '0';
        http::Headers out{{"X-Fal-Webhook-Request-Id", claimed}, {"X-Fal-Webhook-User-Id", user}, {"X-Fal-Webhook-Timestamp", time}};
        if (!how.without_signature) out.add("X-Fal-Webhook-Signature", signature);
        return out;
    }
    // POSTs a webhook and gives the answers' statuses; 0 for none. id: any, also one that was never given out.
    Task<std::vector<unsigned>> deliver(std::string url, std::string id, std::string status, json::value payload, Delivery how = {}) {
        const std::string body = told(id, status, std::move(payload), how.error);
        std::vector<unsigned> out;
        for (int i = 0; i < how.times; ++i) {
            http::Call call{.method = "POST", .url = url, .headers = signed_headers(id, body, how), .body = body};
            call.headers.add("Content-Type", "application/json");
            const auto reply = co_await http_.send(std::move(call), Deadline::after(15s));
            out.push_back(reply ? reply->status : 0);
        }
        co_return out;
    }
    // How a request ended, to where its submit asked for it.
    Task<std::vector<unsigned>> deliver(std::string id, Delivery how = {}) {
        const Request& of = requests_.at(id);
        const bool good = of.result_status == 200;
        if (!good) how.error = fmt::format("Invalid status code: {}", of.result_status);
        co_return co_await deliver(of.webhook, id, good ? "OK" : "ERROR", of.result, std::move(how));
    }

    Task<void> stop() {
        http_.close();
        co_await server_.stop(Deadline::after(0ms));
    }

    static constexpr const char* user = "github|12345";

private:
    void end(const std::string& id, std::string_view status, unsigned result_status, json::value result) {
        Request& of = request(id);
        of.status = status;
        of.result_status = result_status;
        of.result = std::move(result);
    }

    static http::Response answer(const json::value& body, unsigned status = 200) { return http::Response::json(json::serialize(body), status); }
    static http::Response refusal(unsigned status, std::string_view detail) { return answer(json::object{{"detail", detail}}, status); }
    static http::Response cut() {
        http::Response out = http::Response::json("");
        out.body = [](http::BodyWriter& writer) -> Task<void> {
            co_await writer.write("{\"request_id\": ");
            throw Unavailable("an answer that breaks off");
        };
        return out;
    }

    http::Response submit(const http::Request& request) {
        const std::string id = fmt::format("764cabcf-b745-4b3e-ae38-{:012}", ++made_);
        std::string endpoint;
        for (std::size_t i = 1; i < request.path.size(); ++i) endpoint += (i > 1 ? "/" : "") + request.path[i];
        Request one{.id = id, .endpoint = endpoint, .webhook = std::string(request.query.value("fal_webhook"))};
        one.input = json::parse(request.body).as_object();
        const std::string app = request.path[1] + "/" + request.path[2];
        requests_[id] = std::move(one);
        order_.push_back(id);
        const std::string at = fmt::format("{}/{}/requests/{}", queue_url(), app, id);
        return answer({{"status", "IN_QUEUE"},
                       {"request_id", id},
                       {"gateway_request_id", id},
                       {"response_url", at},
                       {"status_url", at + "/status"},
                       {"cancel_url", at + "/cancel"},
                       {"queue_position", 3}});
    }
    http::Response status(const Request& of) const {
        json::object out{{"status", of.status}, {"request_id", of.id}};
        if (of.status == "IN_QUEUE") out["queue_position"] = of.place;
        if (!of.error.is_null()) out["error"] = of.error;
        return answer(out, of.status == "COMPLETED" ? 200 : 202);
    }
    http::Response cancel(Request& of) {
        if (of.status == "COMPLETED") return answer({{"status", "ALREADY_COMPLETED"}}, 400);
        of.cancelled = true;
        return answer({{"status", "CANCELLATION_REQUESTED"}}, 202);
    }
    // queue/{owner}/{app}/requests/{id}[/status|/cancel]: without the endpoint's path, as fal.ai has it.
    http::Response look(const http::Request& request) {
        const auto& path = request.path;
        const auto at = path.size() > 4 && path[3] == "requests" ? requests_.find(path[4]) : requests_.end();
        if (at == requests_.end() || !at->second.endpoint.starts_with(path[1] + "/" + path[2])) return refusal(404, "Request not found");
        if (path.size() == 6 && path[5] == "status" && request.method == "GET") return status(at->second);
        if (path.size() == 6 && path[5] == "cancel" && request.method == "PUT") return cancel(at->second);
        if (path.size() != 5 || request.method != "GET") return refusal(405, "Method Not Allowed");
        if (at->second.status != "COMPLETED") return refusal(400, "Request is still in progress");
        return answer(at->second.result, at->second.result_status);
    }
    http::Response store(const http::Request& request) {
        const bool typed = request.query.value("storage_type") == "fal-cdn-v3";
        if (request.method != "POST" || !typed || request.path.back() != "initiate") return refusal(404, "Not Found");
        const std::string at = fmt::format("{}/{}", ++made_, json::parse(request.body).at("file_name").as_string().c_str());
        return answer({{"upload_url", fmt::format("{}/put/{}?signature=s3cret", base(), at)}, {"file_url", file_url("in/" + at)}});
    }
    http::Response work(const http::Request& request) {
        const std::string& room = request.path.at(0);
        if (room == "put" && request.method == "PUT") {
            uploads[file_url("in/" + request.path.at(1) + "/" + request.path.at(2))] = request.body;
            return http::Response::empty(200);
        }
        if (room == "rest") return store(request);
        if (room == "queue" && request.path.size() >= 3) return request.method == "POST" ? submit(request) : look(request);
        return refusal(404, "Not Found");
    }
    http::Response give(const http::Request& request) {
        if (request.path[0] == "rest") {
            json::array list;
            for (const FalKey& key : keys) list.push_back(key.jwk());
            return answer({{"keys", list}});
        }
        std::string name;
        for (std::size_t i = 1; i < request.path.size(); ++i) name += (i > 1 ? "/" : "") + request.path[i];
        const auto at = files.find(name);
        if (at == files.end()) return refusal(404, "Not Found");
        return http::Response::text(200, at->second, "image/jpeg");
    }

    static Task<http::Response> spoilt(Fault fault, http::Response out) {
        if (fault == Fault::gateway) co_return http::Response::text(502, "<html>Bad Gateway</html>", "text/html");
        if (fault == Fault::lost) co_return cut();
        if (fault == Fault::hang) co_await pause(std::chrono::hours(1));
        if (fault == Fault::nonsense) co_return http::Response::json(R"(["?"])");
        co_return out;
    }

    Task<http::Response> serve(http::Request request) {
        static const std::map<Fault, std::pair<unsigned, const char*>> refusals{{Fault::error, {500, "Internal Server Error"}},
                                                                                {Fault::busy, {503, "Service Unavailable"}},
                                                                                {Fault::slower, {429, "Too many requests"}},
                                                                                {Fault::refused, {422, "Your secret input is wrong"}},
                                                                                {Fault::locked, {403, "User is locked. Reason: Exhausted balance."}},
                                                                                {Fault::stranger, {401, "No user found for your key"}}};
        if (request.path.empty()) co_return refusal(404, "Not Found");
        const bool keys_wanted = request.path[0] == "rest" && request.path.back() == "jwks.json";
        const bool gives = keys_wanted || request.path[0] == "files";
        keys_asked += keys_wanted;
        asked.push_back({request.method, request.target, std::string(request.headers.value("Authorization")),
                         std::string(request.headers.value("X-Fal-Queue-Priority"))});
        std::deque<Fault>& script = gives ? files_faults : faults;
        Fault fault = Fault::none;
        if (!script.empty()) fault = script.front(), script.pop_front();
        if (const auto at = refusals.find(fault); at != refusals.end()) co_return refusal(at->second.first, at->second.second);
        http::Response out = gives ? give(request) : work(request);
        co_return co_await spoilt(fault, std::move(out));
    }

    std::map<std::string, Request> requests_;
    std::vector<std::string> order_;
    int made_ = 0;
    http::Client http_;
    http::Server server_;
};

}  // namespace persona::test
