#include "redis/resp.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.hpp"

namespace persona::redis {
namespace {

constexpr std::size_t longest_line = 64 << 10;
constexpr std::size_t compact_above = 64 << 10;

[[noreturn]] void broken(const char* what) { throw Error(std::string("redis: protocol: ") + what); }

template <class T>
T number_of(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) broken("not a number");
    return value;
}

double real_of(std::string_view text) {
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    if (text.starts_with("nan") || text.starts_with("-nan")) return std::nan("");
    return number_of<double>(text);
}

Value text_value(Value::Kind kind, std::string_view text) { return {.kind = kind, .text = std::string(text)}; }

// The types that fit on one line.
Value scalar(char type, std::string_view rest) {
    switch (type) {
        case '+':
        case '(': return text_value(Value::Kind::text, rest);
        case '-': return text_value(Value::Kind::error, rest);
        case ':': return {.kind = Value::Kind::integer, .number = number_of<std::int64_t>(rest)};
        case ',': return {.kind = Value::Kind::real, .real = real_of(rest)};
        case '#':
            if (rest != "t" && rest != "f") broken("not a boolean");
            return {.kind = Value::Kind::boolean, .number = rest == "t"};
        case '_': return {};
        default: broken("unknown type");
    }
}

Value bulk_value(char type, std::string_view body) {
    if (type == '=') {  // "txt:" or "mkd:" stands before a verbatim text
        if (body.size() < 4 || body[3] != ':') broken("not a verbatim text");
        body.remove_prefix(4);
    }
    return text_value(type == '!' ? Value::Kind::error : Value::Kind::text, body);
}

}  // namespace

const Value* Value::find(std::string_view key) const {
    for (std::size_t i = 0; kind == Kind::map && i + 1 < items.size(); i += 2)
        if (items[i].text == key) return &items[i + 1];
    return nullptr;
}

void Parser::feed(std::string_view bytes) {
    compact();
    buffer_.append(bytes);
}

void Parser::compact() {
    if (at_ < buffer_.size() && at_ < compact_above) return;
    buffer_.erase(0, at_);
    scanned_ -= std::min(scanned_, at_);
    at_ = 0;
}

std::optional<Value> Parser::next() {
    std::optional<Value> out;
    while (!out && step(out)) {}
    if (out) reply_bytes_ = 0;
    return out;
}

std::optional<std::string_view> Parser::line() {
    scanned_ = std::max(scanned_, at_);
    const auto end = buffer_.find("\r\n", scanned_);
    if (end == buffer_.npos) {
        scanned_ = buffer_.size() > at_ ? buffer_.size() - 1 : at_;  // the '\r' may be the last byte
        if (buffer_.size() - at_ > longest_line) broken("a line has no end");
        return std::nullopt;
    }
    const auto out = std::string_view(buffer_).substr(at_, end - at_);
    at_ = end + 2;
    reply_bytes_ += out.size();
    if (out.empty()) broken("an empty line");
    return out;
}

std::optional<std::string_view> Parser::bulk(std::size_t size) {
    if (buffer_.size() - at_ < size + 2) return std::nullopt;
    const std::string_view all(buffer_);
    if (all.substr(at_ + size, 2) != "\r\n") broken("a text is longer than announced");
    const auto out = all.substr(at_, size);
    at_ += size + 2;
    return out;
}

bool Parser::step(std::optional<Value>& out) {
    if (bulk_size_) {
        const auto body = bulk(*bulk_size_);
        if (!body) return false;
        bulk_size_.reset();
        close_into(bulk_value(bulk_type_, *body), out);
        return true;
    }
    const auto head = line();
    if (!head) return false;
    const char type = head->front();
    const auto rest = head->substr(1);
    if (type == '$' || type == '!' || type == '=') {
        if (rest == "-1") {
            close_into({}, out);
            return true;
        }
        const auto size = number_of<std::size_t>(rest);
        if (size > limits_.bytes || (reply_bytes_ += size) > limits_.bytes) broken("a reply is too large");
        bulk_size_ = size;
        bulk_type_ = type;
    } else if (type == '*' || type == '~' || type == '%' || type == '>' || type == '|') {
        if (rest == "-1")
            close_into({}, out);
        else
            open(type, rest);
        // An empty list is complete at once.
        if (!frames_.empty() && frames_.back().missing == 0 && !out) {
            Frame frame = std::move(frames_.back());
            frames_.pop_back();
            if (!frame.attribute) close_into(std::move(frame.value), out);
        }
    } else {
        close_into(scalar(type, rest), out);
    }
    return true;
}

void Parser::open(char type, std::string_view count) {
    if (frames_.size() == limits_.depth) broken("a reply is too deep");
    auto items = number_of<std::size_t>(count);
    if (items > limits_.items) broken("a list is too long");
    const bool pairs = type == '%' || type == '|';
    if (pairs) items *= 2;
    Frame frame{{.kind = type == '>' ? Value::Kind::push : pairs ? Value::Kind::map : Value::Kind::list}, items, type == '|'};
    frame.value.items.reserve(std::min<std::size_t>(items, 64));  // more only as it really comes
    frames_.push_back(std::move(frame));
}

// Puts a complete value into the innermost open list, and closes what it completes.
void Parser::close_into(Value value, std::optional<Value>& out) {
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        if ((reply_bytes_ += sizeof(Value)) > limits_.bytes) broken("a reply is too large");
        if (frame.missing > 0) {
            frame.value.items.push_back(std::move(value));
            if (--frame.missing > 0) return;
        }
        const bool attribute = frame.attribute;
        value = std::move(frame.value);
        frames_.pop_back();
        if (attribute) return;  // belongs to the value that follows
    }
    out = std::move(value);
}

}  // namespace persona::redis
