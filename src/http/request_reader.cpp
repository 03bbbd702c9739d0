#include "http/request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace persona::http {

namespace beast = boost::beast;
using Code = beast::error_code;

namespace {
// A proxy may send the whole URL (RFC 9112 §3.2.2).
std::string_view without_origin(std::string_view target) {
    const auto scheme = target.find("://");
    if (target.starts_with('/') || scheme == target.npos) return target;
    return target.substr(std::min(target.find('/', scheme + 3), target.size()));
}
}  // namespace

// Writes straight into the Request: Beast's own message type would be copied out of field by field.
struct RequestReader::Parser : beast::http::basic_parser<true> {
    explicit Parser(Request& target) : request(target) {
        body_limit(boost::none);  // known only after the head; see limit_body
        header_limit(max_head_bytes);
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version_sent, Code&) override {
        version = version_sent;
        request.method.assign(method.data(), method.size());
        request.target.assign(target.data(), target.size());
        const std::string_view text = without_origin(request.target);
        const auto question = std::min(text.find('?'), text.size());
        request.path = path_segments(text.substr(0, question));
        if (question < text.size()) request.query = Form::parse(text.substr(question + 1));
    }
    void on_response_impl(int, beast::string_view, int, Code&) override {}
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, Code& error) override {
        if (std::find(value.begin(), value.end(), '\0') != value.end()) {
            error = beast::http::error::bad_value;
            return;
        }
        request.headers.add({name.data(), name.size()}, {value.data(), value.size()});
    }
    void on_header_impl(Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) override {
        if (length) request.body.reserve(std::min<std::uint64_t>(*length, 64 << 10));  // more only as it really comes
    }
    std::size_t on_body_impl(beast::string_view bytes, Code& error) override {
        if (bytes.size() > room) {
            error = beast::http::error::body_limit;
            return 0;
        }
        room -= bytes.size();
        request.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code& error) override { return on_body_impl(bytes, error); }
    void on_finish_impl(Code&) override {}

    Request& request;
    std::size_t room = 0;
    int version = 11;
};

RequestReader::RequestReader() = default;
RequestReader::~RequestReader() = default;

void RequestReader::fail(unsigned status) {
    state_ = State::failed;
    failure_ = status;
}

std::size_t RequestReader::feed(std::string_view bytes) {
    if (!parser_) parser_ = std::make_unique<Parser>(request_);
    std::size_t used = 0;
    while (used < bytes.size() && (state_ == State::head || state_ == State::body)) {
        // Beast 1.81 asserts that five bytes are there when it comes back to the last chunk; no chunked body ends in fewer.
        if (state_ == State::body && parser_->chunked() && bytes.size() - used < 5) break;
        Code error;
        const auto step = parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
        used += step;
        if (error == beast::http::error::need_more) break;
        if (error) {
            using E = beast::http::error;
            fail(error == E::header_limit ? 431 : error == E::body_limit ? 413 : error == E::bad_version ? 505 : 400);
            break;
        }
        if (parser_->is_done()) {
            state_ = State::complete;
        } else if (state_ == State::head && parser_->is_header_done()) {
            state_ = State::body;
            break;
        }
        if (step == 0) break;
    }
    // Beast enforces its limit only on complete lines that it has looked at.
    if (state_ == State::head && bytes.size() - used > max_head_bytes) fail(431);
    return used;
}

void RequestReader::limit_body(std::size_t bytes) {
    if (const auto length = parser_->content_length(); length && *length > bytes) return fail(413);
    parser_->room = bytes;
}

bool RequestReader::keep_alive() const { return parser_ && parser_->keep_alive(); }
bool RequestReader::http_1_0() const { return parser_ && parser_->version < 11; }
bool RequestReader::expects_continue() const { return !http_1_0() && equal_ignoring_case(request_.headers.value("Expect"), "100-continue"); }

}  // namespace persona::http
