// A statement with a name, and the rows that come back. Names appear in metrics and as prepared statements.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "postgres/param.hpp"

struct pg_result;

namespace persona::postgres {

// Lives as long as the program (a constexpr constant beside the code that uses it). One SQL statement; name: "room.verb".
struct Query {
    std::string_view name;
    std::string_view sql;
};

struct Statement {
    const Query* query;
    std::vector<Param> params;

    template <class... Args>
    static Statement of(const Query& query, const Args&... args) {
        Statement out{&query, {}};
        out.params.reserve(sizeof...(args));
        (out.params.push_back(to_param(args)), ...);
        return out;
    }
};

class Row {
public:
    Row(const pg_result* result, int row) : result_(result), row_(row) {}
    bool is_null(int column) const;
    // Throws Error on NULL or a wrong form.
    template <class T>
    T get(int column) const {
        return Column<T>::read(text(column));
    }
    template <class T>
    std::optional<T> maybe(int column) const {
        return is_null(column) ? std::nullopt : std::optional<T>(get<T>(column));
    }

private:
    std::string_view text(int column) const;
    const pg_result* result_;
    int row_;
};

// Owns one statement's result.
class Rows {
public:
    explicit Rows(pg_result* result);
    const pg_result* raw() const { return result_.get(); }
    int size() const;
    bool empty() const { return size() == 0; }
    // Rows that an INSERT, UPDATE or DELETE touched.
    std::int64_t touched() const;
    Row operator[](int row) const;
    // The only column of the only row; throws Error when there is no row.
    template <class T>
    T value() const {
        return only().get<T>(0);
    }

    class iterator {
    public:
        iterator(const pg_result* result, int row) : result_(result), row_(row) {}
        Row operator*() const { return {result_, row_}; }
        iterator& operator++() { return ++row_, *this; }
        bool operator!=(const iterator& other) const { return row_ != other.row_; }

    private:
        const pg_result* result_;
        int row_;
    };
    iterator begin() const { return {result_.get(), 0}; }
    iterator end() const { return {result_.get(), size()}; }

private:
    Row only() const;
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace persona::postgres
