// The cabinet's part of the HTTP API: what a person has, what they may buy, and what became of it. Every route needs a session (session.hpp)
// and shows its owner's things only. Owned by main; one thread.
#pragma once

#include "api/session.hpp"
#include "studio/payments/yookassa/sale.hpp"
#include "studio/payments/yookassa/till.hpp"

namespace persona::api {

class Cabinet {
public:
    // till: null where roubles are not taken.
    Cabinet(postgres::Pool& pool, Reception& reception, yookassa::Till* till, yookassa::Sale sale)
        : pool_(pool), reception_(reception), till_(till), sale_(sale) {}

    // GET /api/v1/me, POST /api/v1/orders, GET /api/v1/orders/{id}, GET /api/v1/transactions?before=&limit=
    std::vector<http::Route> routes();

private:
    using Visitor = accounts::Visitor;
    using Act = Task<http::Response> (Cabinet::*)(http::Request, Visitor, Deadline);

    // Lets in whoever has a session; our database away is a 503.
    Task<http::Response> let_in(http::Request request, Act act);
    Task<http::Response> me(http::Request request, Visitor visitor, Deadline deadline);
    Task<http::Response> buy(http::Request request, Visitor visitor, Deadline deadline);
    Task<http::Response> offer(payments::Order order, Deadline deadline);
    Task<http::Response> order(http::Request request, Visitor visitor, Deadline deadline);
    Task<http::Response> transactions(http::Request request, Visitor visitor, Deadline deadline);

    postgres::Pool& pool_;
    Reception& reception_;
    yookassa::Till* till_;
    yookassa::Sale sale_;
};

}  // namespace persona::api
