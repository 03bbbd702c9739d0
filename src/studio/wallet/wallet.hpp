// The users' coins. A paid operation holds its price when it is accepted, captures when its result is stored, and voids
// when it fails; the ledger only grows. Every rule stands in migrations/0003_wallet.sql; this is its face in C++.
// Appenders add a call to a Work and give its place in Committed: nothing happens before the Work commits, and the Refusal
// of a broken rule undoes all of it. Each of them may be repeated with the same id: it acts once. An operation that was
// decided is never held again (decided): another try needs another id.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "studio/wallet/entry.hpp"

namespace persona::wallet {

// Why a Work was refused.
enum class Refused {
    not_enough,  // the user's available coins are fewer
    other_use,   // the operation id holds something else
    decided,     // the hold was decided before, and otherwise
    bad_amount,  // zero, negative where it may not be, too many decimals
    no_balance,  // not a registered user
    no_hold,
};
// Nothing when another room refused.
std::optional<Refused> refused(const postgres::Refusal& refusal);

// Sets `price` (above zero) aside. service: what revenue is counted by, e.g. "transcription".
// Refused: not_enough, other_use, decided, bad_amount, no_balance.
std::size_t hold(postgres::Work& work, UserId user, OperationId operation, Coins price, std::string_view service);

// Charges `amount` of the hold (above zero, at most its price) and releases the rest. Refused: decided, bad_amount, no_hold.
std::size_t capture(postgres::Work& work, OperationId operation, Coins amount, std::string_view description);

// Releases the hold without a ledger row. Value: false when it was captured before, and stays so. An unknown operation is
// void already.
std::size_t void_hold(postgres::Work& work, OperationId operation, std::string_view reason);

// Gives a captured price back. Value: false when it was given back before. Refused: decided (there is no charge).
std::size_t refund(postgres::Work& work, OperationId operation, std::string_view reason);

// Money from or to the outside. Below zero for adjustments and a provider's refund, which alone may leave a debt.
// key: unique for ever, "<kind>:<source>:<id>"; "charge:" and "refund:" belong to operations. counter: the account on the
// other side, e.g. "provider:stars", "promotion". Value: false when the key was used before.
// Refused: not_enough, bad_amount, no_balance. Kind::charge is not posted but captured.
std::size_t post(postgres::Work& work, UserId user, Coins amount, Kind kind, std::string_view key, std::string_view counter,
                 std::string_view description);

struct Balance {
    Coins coins;  // the sum of the ledger; below zero is a debt
    Coins held;
    Coins available() const { return coins - held; }
};
// Zero for a user without one.
Task<Balance> balance(postgres::Pool& pool, UserId user, Deadline deadline);

// Newest first. before: the id of the last entry of the page before; 0 for the first page. most: 1 to 1000.
Task<std::vector<Entry>> entries(postgres::Pool& pool, UserId user, std::int64_t before, int most, Deadline deadline);
// Of those newer than `after` the oldest, newest first: the way back.
Task<std::vector<Entry>> newer_entries(postgres::Pool& pool, UserId user, std::int64_t after, int most, Deadline deadline);

struct Fault {
    std::string rule;
    UserId user;
    std::string detail;
};
// Every broken rule of the whole ledger; nothing is the proof that all hold. Reads all of it: minutes on a large one.
Task<std::vector<Fault>> verify(postgres::Pool& pool, Deadline deadline);

}  // namespace persona::wallet
