#include "http/client.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/assert.hpp"
#include "http/curl_loop.hpp"
#include "http/plain_client.hpp"
#include "http/transfer.hpp"
#include "http/url.hpp"

namespace persona::http {

using boost::system::error_code;

namespace {
constexpr std::size_t keep_handles = 64;
}

struct Client::Impl {
    Impl(Executor on, ClientConfig given)
        : executor(on),
          config(std::move(given)),
          loop(on, [this](CURL* easy, CURLcode code) { done(easy, code); }),
          plain(on, config.max_host_connections) {
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
            if (transfer.cancelled.is_connected())
                transfer.cancelled.assign([this, &transfer](asio::cancellation_type) { resume(transfer, asio::error::operation_aborted); });
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
        Transfer transfer(std::move(call), take());
        const Running stay(*this, transfer);
        transfer.prepare(config, deadline);
        loop.adopt(transfer.easy);
        loop.add(transfer.easy);
        if (!transfer.result) co_await wait(transfer);
        co_return transfer.take_result();
    }

    Executor executor;
    ClientConfig config;
    std::vector<CURL*> idle;
    std::size_t running = 0;
    CurlLoop loop;
    PlainClient plain;
};

Client::Client(Executor executor, ClientConfig config) : impl_(std::make_unique<Impl>(executor, std::move(config))) {}

Client::~Client() = default;

Task<Result> Client::send(Call call, Deadline deadline) {
    const bool plain = impl_->config.plain_path && impl_->config.proxy.empty() && PlainClient::takes(call);
    return plain ? impl_->plain.send(std::move(call), deadline) : impl_->send(std::move(call), deadline);
}

void Client::close() {
    impl_->loop.close();
    impl_->plain.close();
}

}  // namespace persona::http
