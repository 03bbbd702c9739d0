#include "http/client.hpp"

#include <fmt/format.h>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "http/curl_loop.hpp"
#include "http/url.hpp"

namespace persona::http {

using boost::system::error_code;

namespace {

constexpr std::size_t keep_handles = 64;

std::string_view trimmed_line(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
}

bool safe_twice(const Call& call) { return call.idempotent || call.method == "GET" || call.method == "HEAD"; }

}  // namespace

// One call on its way; lives in the frame of send().
struct Transfer {
    Transfer(Call given, CurlLoop& on) : call(std::move(given)), loop(on) {}
    Transfer(const Transfer&) = delete;
    ~Transfer() {
        curl_slist_free_all(fields);
        curl_mime_free(mime);
    }

    Call call;
    CurlLoop& loop;
    CURL* easy = nullptr;
    Reply reply;
    curl_slist* fields = nullptr;
    curl_mime* mime = nullptr;
    char error[CURL_ERROR_SIZE] = "";
    std::size_t received = 0;
    bool head_complete = false;
    bool too_large = false;
    int starts = 0;                  // how often libcurl came to the point of writing the request
    std::exception_ptr thrown;       // by the caller's sink or source
    std::optional<CURLcode> result;  // set once, at the end
    std::move_only_function<void(error_code)> waiter;
    asio::cancellation_slot cancelled;
};

namespace {

// Runs a callback of the caller's inside libcurl, which exceptions must not cross.
template <class R, class F>
R guarded(Transfer& transfer, R on_error, F act) {
    try {
        return act();
    } catch (...) {
        transfer.thrown = std::current_exception();
        return on_error;
    }
}

std::size_t on_field(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto line = trimmed_line({bytes, size});
    if (line.starts_with("HTTP/")) {  // a new head: the last one was 100 Continue or a proxy's
        transfer.reply.headers.clear();
        transfer.head_complete = false;
        return size;
    }
    transfer.head_complete |= line.empty();
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) return size;
    const auto value = line.find_first_not_of(" \t", colon + 1);
    return guarded(transfer, std::size_t(0), [&] {
        transfer.reply.headers.add(line.substr(0, colon), value == line.npos ? std::string_view() : line.substr(value));
        return size;
    });
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.received += size;
    if (transfer.received > transfer.call.max_response) {
        transfer.too_large = true;
        return 0;
    }
    long status = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    return guarded(transfer, std::size_t(0), [&] {
        if (transfer.call.sink && status / 100 == 2)
            transfer.call.sink({bytes, size});
        else
            transfer.reply.body.append(bytes, size);
        return size;
    });
}

// libcurl sends a request again by itself when a kept connection died under it, a POST too. What is not safe twice ends here.
int on_start(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    return ++transfer.starts == 1 || safe_twice(transfer.call) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

struct SourceOf {
    Transfer& transfer;
    PartSource& source;
};

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& of = *static_cast<SourceOf*>(self);
    return guarded(of.transfer, std::size_t(CURL_READFUNC_ABORT), [&] { return of.source.read({buffer, size * count}); });
}

void fill_part(Transfer& transfer, curl_mimepart* at, Part& part) {
    curl_mime_name(at, part.name.c_str());
    if (const auto* text = std::get_if<std::string>(&part.content)) curl_mime_data(at, text->data(), text->size());
    if (const auto* path = std::get_if<std::filesystem::path>(&part.content)) curl_mime_filedata(at, path->c_str());
    if (auto* source = std::get_if<PartSource>(&part.content))
        curl_mime_data_cb(at, static_cast<curl_off_t>(source->size), &on_read, nullptr, [](void* of) { delete static_cast<SourceOf*>(of); },
                          new SourceOf{transfer, *source});
    if (!part.file_name.empty()) curl_mime_filename(at, part.file_name.c_str());
    if (!part.type.empty()) curl_mime_type(at, part.type.c_str());
}

void set_fields(Transfer& transfer) {
    std::string line;
    for (const auto& [name, value] : transfer.call.headers) {
        line.assign(name).append(value.empty() ? ";" : ": ").append(value);  // "name;" is libcurl's form of an empty value
        transfer.fields = curl_slist_append(transfer.fields, line.c_str());
    }
    transfer.fields = curl_slist_append(transfer.fields, "Expect:");
    curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, transfer.fields);
}

void set_body(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    Call& call = transfer.call;
    if (auto* parts = std::get_if<std::vector<Part>>(&call.body)) {
        transfer.mime = curl_mime_init(easy);
        for (Part& part : *parts) fill_part(transfer, curl_mime_addpart(transfer.mime), part);
        curl_easy_setopt(easy, CURLOPT_MIMEPOST, transfer.mime);
    } else if (const auto& text = std::get<std::string>(call.body); !text.empty() || call.method == "POST" || call.method == "PUT") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, text.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text.size()));
    }
    if (call.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

void set_times(CURL* easy, const Call& call, Deadline deadline) {
    const auto left = std::min<Millis>(deadline.left(), 24h);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, std::max<long>(1, static_cast<long>(left.count())));  // 0 would be "no limit"
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, static_cast<long>(std::min(left, call.connect_time).count())));
}

void set_policy(CURL* easy, const ClientConfig& config) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    // HTTP/2 brought no less CPU in our measurements, and one connection for all would let an upload delay the small calls.
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, config.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "persona");
    if (!config.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, config.ca_file.c_str());
}

void set_callbacks(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_field);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &on_start);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
}

Result result_of(Transfer& transfer) {
    const CURLcode code = *transfer.result;
    if (code == CURLE_OK && transfer.head_complete) {  // libcurl takes a head that was cut off for a success
        long status = 0;
        curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
        transfer.reply.status = static_cast<unsigned>(status);
        return std::move(transfer.reply);
    }
    long written = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_REQUEST_SIZE, &written);
    const char* const reason = *transfer.error ? transfer.error : code == CURLE_OK ? "the reply was cut" : curl_easy_strerror(code);
    return std::unexpected(Failure{transfer.too_large ? Failure::Kind::too_large : written > 0 ? Failure::Kind::unknown : Failure::Kind::not_sent,
                                   code == CURLE_OPERATION_TIMEDOUT, fmt::format("{}: {}", origin_of(transfer.call.url), reason)});
}

}  // namespace

struct Client::Impl {
    Impl(Executor on, ClientConfig given) : executor(on), config(std::move(given)), loop(on, [this](CURL* easy, CURLcode code) { done(easy, code); }) {
        curl_multi_setopt(loop.multi(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(config.max_connections));
        curl_multi_setopt(loop.multi(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(config.max_host_connections));
        curl_multi_setopt(loop.multi(), CURLMOPT_MAXCONNECTS, static_cast<long>(config.max_connections));
    }
    ~Impl() {
        PERSONA_ASSERT(running == 0);
        for (CURL* easy : idle) curl_easy_cleanup(easy);
    }

    CURL* take() {
        if (idle.empty()) return curl_easy_init();
        CURL* const easy = idle.back();
        idle.pop_back();
        return easy;
    }

    void give_back(CURL* easy) {
        if (idle.size() == keep_handles) return curl_easy_cleanup(easy);
        curl_easy_reset(easy);
        idle.push_back(easy);
    }

    void done(CURL* easy, CURLcode code) {
        Transfer* transfer = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        transfer->result = code;
        resume(*transfer, {});
    }

    // Posted: we may be inside of libcurl's action on another socket.
    void resume(Transfer& transfer, error_code error) {
        if (!transfer.waiter) return;
        asio::post(executor, [waiter = std::exchange(transfer.waiter, nullptr), slot = transfer.cancelled, error]() mutable {
            slot.clear();  // its handler knows the transfer, which ends now
            waiter(error);
        });
    }

    Task<void> wait(Transfer& transfer) {
        auto start = [this, &transfer](auto handler) {
            transfer.cancelled = asio::get_associated_cancellation_slot(handler);
            transfer.waiter = std::move(handler);
            if (transfer.cancelled.is_connected()) transfer.cancelled.assign([this, &transfer](asio::cancellation_type) { resume(transfer, asio::error::operation_aborted); });
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(error_code)>(std::move(start), asio::use_awaitable);
    }

    // The handle's stay in the loop, whatever way the frame ends.
    struct Running {
        Impl& impl;
        Transfer& transfer;
        Running(Impl& in, Transfer& of) : impl(in), transfer(of) { ++impl.running; }
        Running(const Running&) = delete;
        ~Running() {
            --impl.running;
            if (!transfer.result) impl.loop.remove(transfer.easy);
            impl.give_back(transfer.easy);
        }
    };

    Task<Result> send(Call call, Deadline deadline) {
        if (deadline.passed()) co_return std::unexpected(Failure{Failure::Kind::not_sent, true, origin_of(call.url) + ": the deadline had passed"});
        Transfer transfer(std::move(call), loop);
        transfer.easy = take();
        const Running stay(*this, transfer);
        curl_easy_setopt(transfer.easy, CURLOPT_URL, transfer.call.url.c_str());
        set_policy(transfer.easy, config);
        set_callbacks(transfer);
        set_times(transfer.easy, transfer.call, deadline);
        set_fields(transfer);
        set_body(transfer);
        loop.adopt(transfer.easy);
        loop.add(transfer.easy);
        if (!transfer.result) co_await wait(transfer);
        if (transfer.thrown) std::rethrow_exception(transfer.thrown);
        co_return result_of(transfer);
    }

    Executor executor;
    ClientConfig config;
    std::vector<CURL*> idle;
    std::size_t running = 0;
    CurlLoop loop;
};

Client::Client(Executor executor, ClientConfig config) : impl_(std::make_unique<Impl>(executor, std::move(config))) {}

Client::~Client() = default;

Task<Result> Client::send(Call call, Deadline deadline) { return impl_->send(std::move(call), deadline); }

}  // namespace persona::http
