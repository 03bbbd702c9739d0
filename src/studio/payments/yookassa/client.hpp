// Calls of YooKassa's API with patience: whatever moves money carries a key of ours, so that asking again for what may have been done is
// the same as asking once. One for the process, owned by main; one thread.
#pragma once

#include <expected>

#include "async/circuit.hpp"
#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "studio/payments/yookassa/wire.hpp"

namespace persona::yookassa {

struct Config {
    std::string base = "https://api.yookassa.ru/v3";  // without a slash at its end
    std::string shop;
    Secret key;
    int tries = 4;
    Millis first_wait{500}, most_wait{5'000};  // between tries
    Millis try_time{15'000};                   // of one
    CircuitConfig circuit = {};

    // A shop in earnest has keys of this form; a payment of its that is marked as a test moved no money.
    bool live() const { return key.reveal().starts_with("live_"); }
};
// The address as an operator writes it, with or without /v3; plain http only to this machine. Throws BadConfig naming YOOKASSA_URL.
std::string base_of(std::string url);

struct Trouble {
    enum class Kind {
        later,         // no answer, 5xx, 429, or nonsense; it may have been done: ask again under the same key
        unauthorized,  // 401, 403: shop or key is wrong; nothing was done
        missing,       // 404
        refused,       // any other 4xx: this call never will
    };
    Kind kind = Kind::later;
    unsigned status = 0;
    std::string detail = {};  // for the log: YooKassa's word for it, never what was sent

    std::string text() const;
};
template <class T>
using Answer = std::expected<T, Trouble>;

struct Window {  // of created_at, [from, to)
    Time from, to;
};

class Client {
public:
    Client(http::Client& http, Config config) : http_(http), config_(std::move(config)), circuit_(config_.circuit) {}

    // The key is the order's id. Twice within 24 hours is once; later it would be a second payment.
    Task<Answer<Payment>> create(NewPayment payment, Deadline deadline);
    Task<Answer<Payment>> payment(std::string id, Deadline deadline);
    Task<Answer<Payment>> capture(std::string id, Money amount, Deadline deadline);
    Task<Answer<Refund>> refund(std::string payment, Money amount, Uuid key, Deadline deadline);
    Task<Answer<Refund>> refund(std::string id, Deadline deadline);
    // cursor: Page::next of the page before, empty for the first.
    Task<Answer<Page<Payment>>> payments(Window window, std::string cursor, Deadline deadline);
    Task<Answer<Page<Refund>>> refunds(Window window, std::string cursor, Deadline deadline);

    const Config& config() const { return config_; }

private:
    struct Request {
        std::string method, path, body, key;
    };
    template <class T>
    Task<Answer<T>> ask(Request request, std::optional<T> (*read)(std::string_view), Deadline deadline);
    Task<Answer<std::string>> persist(Request request, Deadline deadline);
    Task<Answer<std::string>> once(const Request& request, Deadline deadline);
    void note(const Request& request, const Trouble& trouble);

    http::Client& http_;
    Config config_;
    Circuit circuit_;
};

}  // namespace persona::yookassa
