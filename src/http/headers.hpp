// Header fields of one message in the order they came; names are found without regard to case (RFC 9110 §5.1).
// All text lives in one buffer, so that a request costs two allocations here and not two per field.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::http {

bool equal_ignoring_case(std::string_view a, std::string_view b);

class Headers {
public:
    using Entry = std::pair<std::string_view, std::string_view>;

    Headers() = default;
    Headers(std::initializer_list<Entry> fields);

    // Appends; a field of the same name stays. Throws Error on CR, LF or NUL in either: no caller can split a message.
    void add(std::string_view name, std::string_view value);
    // Replaces every field of that name.
    void set(std::string_view name, std::string_view value);
    // The first field of that name; valid until the next change.
    std::optional<std::string_view> find(std::string_view name) const;
    // The first field of that name, or an empty view.
    std::string_view value(std::string_view name) const { return find(name).value_or(std::string_view()); }
    bool contains(std::string_view name) const { return find(name).has_value(); }
    // True where a comma-separated field of that name holds the token, ignoring case.
    bool lists(std::string_view name, std::string_view token) const;

    std::size_t size() const { return spans_.size(); }
    bool empty() const { return spans_.empty(); }
    void clear();

    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Entry;
        using difference_type = std::ptrdiff_t;
        using pointer = const Entry*;
        using reference = Entry;

        Iterator(const Headers& headers, std::size_t at) : headers_(&headers), at_(at) {}
        Entry operator*() const { return headers_->at(at_); }
        Iterator& operator++() { return ++at_, *this; }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

    private:
        const Headers* headers_;
        std::size_t at_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, spans_.size()}; }

private:
    struct Span {
        std::uint32_t at, name, value;  // the value follows the name
    };
    Entry at(std::size_t index) const;

    std::string text_;
    std::vector<Span> spans_;
};

}  // namespace persona::http
