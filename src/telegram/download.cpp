#include <boost/asio/post.hpp>
#include <fstream>

#include "async/within.hpp"
#include "base/error.hpp"
#include "http/url.hpp"
#include "telegram/api.hpp"

namespace persona::telegram {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t chunk = 1 << 20;

ApiError too_big() { return {.kind = ApiErrorKind::refused, .code = 400, .description = "file is too big"}; }

struct TooBig {};

// Counts what it writes; a file that is not finished is removed.
class Target {
public:
    Target(fs::path path, std::int64_t most) : path_(std::move(path)), most_(most), out_(path_, std::ios::binary | std::ios::trunc) { check(); }
    Target(const Target&) = delete;
    ~Target() {
        std::error_code ignored;
        if (!finished_) fs::remove(path_, ignored);
    }
    void write(std::string_view bytes) {
        written_ += static_cast<std::int64_t>(bytes.size());
        if (written_ > most_) throw TooBig();
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        check();
    }
    std::int64_t finish() {
        out_.close();
        check();
        finished_ = true;
        return written_;
    }

private:
    void check() const {
        if (!out_) throw Unavailable("a downloaded file cannot be written");
    }
    fs::path path_;
    std::int64_t most_, written_ = 0;
    std::ofstream out_;
    bool finished_ = false;
};

// In pieces, so that the loop runs in between.
Task<void> copy(const fs::path& from, Target& target, Deadline deadline) {
    std::ifstream in(from, std::ios::binary);
    if (!in) throw Unavailable("a file of the local Bot API server cannot be read");
    std::string buffer(chunk, '\0');
    while (in.read(buffer.data(), chunk), in.gcount() > 0) {
        target.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(in.gcount())));
        if (deadline.passed()) throw TimedOut("copying a file took too long");
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
}

std::string encoded(std::string_view path) {
    std::string out;
    for (const std::string& segment : http::path_segments(path)) out += "/" + http::percent_encode(segment);
    return out;
}

struct Located {
    std::string path;
    std::int64_t bytes = 0;
};

ApiResult<Located> located(const ApiResult<boost::json::value>& answer) {
    if (!answer) return std::unexpected(answer.error());
    const auto* file = answer->if_object();
    const auto* path = file ? file->if_contains("file_path") : nullptr;
    const auto* size = file ? file->if_contains("file_size") : nullptr;
    if (!path || !path->is_string()) return std::unexpected(ApiError{.kind = ApiErrorKind::server, .description = "getFile gave no file_path"});
    return Located{std::string(path->get_string()), size && size->is_int64() ? size->get_int64() : 0};
}

}  // namespace

std::int64_t download_limit(bool local) { return local ? std::int64_t{2000} * 1000 * 1000 : std::int64_t{20} << 20; }

bool is_too_big(const ApiError& error) { return error.description.find("too big") != std::string::npos; }

Task<ApiResult<std::int64_t>> Api::download(std::string file_id, fs::path target_path, std::int64_t most_bytes, Deadline deadline) {
    auto file = located(co_await call({"getFile", {{"file_id", std::move(file_id)}}, {}}, deadline));
    if (!file) co_return std::unexpected(std::move(file.error()));
    if (file->bytes > most_bytes) co_return std::unexpected(too_big());
    try {
        Target target(std::move(target_path), most_bytes);
        if (config_.local && fs::path(file->path).is_absolute()) {
            co_await copy(file->path, target, deadline);
            co_return target.finish();
        }
        http::Call get{.url = config_.base + "/file/bot" + config_.token.reveal() + encoded(file->path),
                       .max_response = static_cast<std::size_t>(most_bytes) + chunk};
        get.sink = [&target](std::string_view bytes) { target.write(bytes); };
        const auto reply = co_await http_.send(std::move(get), deadline);
        if (!reply) co_return std::unexpected(ApiError{.kind = ApiErrorKind::server, .description = redact(reply.error().detail)});
        if (reply->status / 100 == 2) co_return target.finish();
        auto answer = read_answer(reply->status, reply->body);
        co_return std::unexpected(answer ? ApiError{.kind = ApiErrorKind::server, .code = static_cast<int>(reply->status)}
                                         : std::move(answer.error()));
    } catch (const TooBig&) { co_return std::unexpected(too_big()); }
}

}  // namespace persona::telegram
