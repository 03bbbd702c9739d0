// One call to a Bot API server and what came of it. The token is in the path of every URL, so no URL is ever logged.
// Owned by main; one thread.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "http/message.hpp"
#include "telegram/call.hpp"
#include "telegram/update.hpp"

namespace persona::telegram {

struct ApiConfig {
    Secret token;
    std::string base = "https://api.telegram.org";  // TELEGRAM_API_URL; plain http only for loopback
    bool local = false;                             // TELEGRAM_LOCAL: file_path is absolute, no size limits
};

enum class ApiErrorKind {
    refused,   // 4xx: repeating the same call is useless
    blocked,   // 403: the person blocked the bot or is gone
    too_many,  // 429: wait retry_after
    server,    // 5xx, or an answer that is not the API's: try again
    not_sent,  // surely not executed: try again
    lost,      // its attachment is gone: it never can be executed
    unknown,   // sent, no answer: may have been executed
};

struct ApiError {
    ApiErrorKind kind;
    int code = 0;
    std::string description;  // Telegram's text; the token is redacted
    std::chrono::seconds retry_after{0};
};

// A file that is larger than the server gives, or than was asked for.
bool is_too_big(const ApiError& error);

template <class T>
using ApiResult = std::expected<T, ApiError>;

// What an HTTP answer of a Bot API server means; the description is redacted.
ApiResult<boost::json::value> read_answer(unsigned status, std::string_view body);

// Gives the bytes of an attachment as a source that can be read again; passed in, since blobs belong to another room.
using OpenAttachment = std::function<Task<std::string>(const Attachment&, Deadline)>;

class Api {
public:
    // Throws BadConfig, naming TELEGRAM_TOKEN or TELEGRAM_API_URL, where one has not the form it must have.
    Api(http::Client& http, ApiConfig config, OpenAttachment open = {});

    // `result` of the answer. Never retries. An attachment that is gone (OpenAttachment throws Corrupt) is lost, one that cannot
    // be opened now is not_sent.
    Task<ApiResult<boost::json::value>> call(Call call, Deadline deadline);

    // Downloads to `target` (created, truncated); at most `most_bytes`. In local mode the server's file is copied.
    // Errors besides the API's own: refused with "file is too big".
    Task<ApiResult<std::int64_t>> download(std::string file_id, std::filesystem::path target, std::int64_t most_bytes, Deadline deadline);

    // getUpdates: at most 100 updates from `offset` on, waited for up to `wait` (50 s at most), of the kinds that we read.
    Task<ApiResult<std::vector<Update>>> updates(std::int64_t offset, std::chrono::seconds wait, Deadline deadline);

    // The number before the colon of the token.
    BotId bot() const { return bot_; }
    bool local() const { return config_.local; }

private:
    Task<std::expected<http::Reply, ApiError>> send(Call call, Deadline deadline);
    Task<http::Call> request(Call call, Deadline deadline);

    http::Client& http_;
    ApiConfig config_;
    OpenAttachment open_;
    BotId bot_;
};

// 20 MiB by a public server, 2000 MB by a local one.
std::int64_t download_limit(bool local);

}  // namespace persona::telegram
