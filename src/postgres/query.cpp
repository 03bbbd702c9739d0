#include "postgres/query.hpp"

#include <libpq-fe.h>

#include "base/error.hpp"

namespace persona::postgres {

bool Row::is_null(int column) const { return PQgetisnull(result_, row_, column); }

std::string_view Row::text(int column) const {
    if (column >= PQnfields(result_)) throw Error("a row has fewer columns than were asked for");
    if (is_null(column)) throw Error("a column is NULL where a value was expected");
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

Rows::Rows(pg_result* result) : result_(result) {}
void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }
int Rows::size() const { return PQntuples(result_.get()); }
Row Rows::operator[](int row) const { return {result_.get(), row}; }

std::int64_t Rows::touched() const {
    const std::string_view text = PQcmdTuples(result_.get());
    return text.empty() ? 0 : from_column<std::int64_t>(text);
}

Row Rows::only() const {
    if (empty()) throw Error("a statement gave no row where one was expected");
    return {result_.get(), 0};
}

}  // namespace persona::postgres
