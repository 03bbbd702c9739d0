#include "http/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace persona::http {

namespace beast = boost::beast;
using Code = beast::error_code;

namespace {
constexpr std::size_t max_head_bytes = 64 << 10;
}

struct ResponseReader::Parser : beast::http::basic_parser<false> {
    Parser(Call& of, Reply& into) : call(of), reply(into) {
        header_limit(max_head_bytes);
        body_limit(boost::none);  // counted below, chunked or not
        skip(of.method == "HEAD");
    }

    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, Code&) override {}
    void on_response_impl(int status, beast::string_view, int, Code&) override { reply.status = static_cast<unsigned>(status); }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, Code& error) override {
        if (value.find('\0') != value.npos)
            error = beast::http::error::bad_value;
        else
            reply.headers.add({name.data(), name.size()}, {value.data(), value.size()});
    }
    void on_header_impl(Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code& error) override {
        if (length && *length > call.max_response) error = beast::http::error::body_limit;
    }
    std::size_t on_body_impl(beast::string_view bytes, Code& error) override {
        received += bytes.size();
        if (received > call.max_response)
            error = beast::http::error::body_limit;
        else if (call.sink && reply.status / 100 == 2)
            call.sink({bytes.data(), bytes.size()});
        else
            reply.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code& error) override { return on_body_impl(bytes, error); }
    void on_finish_impl(Code&) override {}

    Call& call;
    Reply& reply;
    std::size_t received = 0;
};

ResponseReader::ResponseReader(Call& call) : call_(call), parser_(std::make_unique<Parser>(call, reply_)) {}
ResponseReader::~ResponseReader() = default;

template <class F>
void ResponseReader::step(F act) {
    Code error;
    act(error);
    if (error && error != beast::http::error::need_more) state_ = error == beast::http::error::body_limit ? State::too_large : State::broken;
    if (state_ != State::reading || !parser_->is_done()) return;
    if (reply_.status / 100 != 1) {
        state_ = State::complete;
        return;
    }
    reply_ = Reply();  // 100 Continue and its like: the answer is still to come
    parser_ = std::make_unique<Parser>(call_, reply_);
}

std::size_t ResponseReader::feed(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && state_ == State::reading) {
        // See RequestReader::feed.
        if (parser_->is_header_done() && parser_->chunked() && bytes.size() - used < 5) break;
        std::size_t taken = 0;
        step([&](Code& error) { taken = parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error); });
        used += taken;
        if (taken == 0) break;
    }
    return used;
}

void ResponseReader::end_of_stream() {
    if (state_ != State::reading) return;
    step([&](Code& error) {
        if (parser_->got_some())
            parser_->put_eof(error);
        else
            error = beast::http::error::end_of_stream;
    });
    if (state_ == State::reading) state_ = State::broken;
}

bool ResponseReader::keep_alive() const { return parser_->keep_alive(); }

}  // namespace persona::http
