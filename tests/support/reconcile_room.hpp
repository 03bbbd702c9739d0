// What the tests of reconciliation share.
#pragma once

#include <fmt/format.h>

#include "studio/payments/give_back.hpp"
#include "studio/payments/reconcile.hpp"
#include "support/till_room.hpp"

namespace persona::payments {

inline std::string counts(const Report& r) {
    return fmt::format("{} paid, {} refunded: {} credited, {} reversed, {} refused, {} missing", r.payments, r.refunds, r.credited, r.reversed,
                       r.refused, r.missing);
}

// Our side an hour older, so that it is not too fresh to be missed.
inline Task<void> age_books(yookassa::TillRoom& room) {
    static constexpr postgres::Query charges_back{"test.back", "UPDATE charges SET at = at - interval '1 hour'"};
    static constexpr postgres::Query reversals_back{"test.back_reversals", "UPDATE reversals SET at = at - interval '1 hour'"};
    postgres::Work work;
    work.add(charges_back);
    work.add(reversals_back);
    (void)co_await room.pool.commit(std::move(work), room.soon());
}

inline Wish operators_wish() {
    static const vault::Key key = vault::Key::random();
    return {"admin:test", "cli", key};
}

// As an operator does who has looked at everything.
inline Task<void> resolve_all(yookassa::TillRoom& room) {
    for (const auto& one : co_await alerts(room.pool, 100, room.soon())) {
        postgres::Work work;
        resolve(work, one.id);
        (void)co_await room.pool.commit(std::move(work), room.soon());
    }
}

}  // namespace persona::payments
