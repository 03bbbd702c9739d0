// What PostgreSQL says no with.
#pragma once

#include <expected>
#include <string>

#include "base/error.hpp"

namespace persona::postgres {

// A rule of ours refused: SQLSTATE of class "PS", raised by our SQL functions (migrations/README.md lists them).
// Nothing of the Work happened. The caller decides.
struct Refusal {
    std::string code;    // five characters, e.g. "PS010"
    std::string detail;  // for the log
};

// Any other error of the server: a programmer's mistake or a broken database.
struct SqlError : Error {
    SqlError(std::string state_, const std::string& message) : Error(message), state(std::move(state_)) {}
    std::string state;
};

template <class T>
using Result = std::expected<T, Refusal>;

}  // namespace persona::postgres
