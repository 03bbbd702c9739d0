// The Bot API without a socket: a request goes in, Telegram's answer comes out. Everything but the waiting of getUpdates and
// of slow faults is decided here; the server waits and asks again.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "async/deadline.hpp"
#include "sandbox/methods/context.hpp"

namespace persona::sandbox {

struct ApiRequest {
    std::string token, method;
    std::vector<std::pair<std::string, std::string>> form;  // of query, urlencoded and multipart bodies
    std::optional<json::object> body;                       // of a JSON body
    std::vector<Upload> uploads;
};

struct ApiReply {
    int status = 200;
    std::string body;
    std::optional<std::int64_t> retry_after;  // also a header, as at Telegram
};

// A getUpdates that found nothing and may wait.
struct Poll {
    Bot* bot;
    std::uint64_t number;  // of the bot's polls: another number means that another poll has taken over
    std::int64_t offset;
    std::size_t limit;
    std::chrono::seconds timeout;
    std::uint64_t call;
};

struct ApiOutcome {
    ApiReply reply;
    std::uint64_t call = 0;              // the recorder's number; 0: nobody's call
    std::string fault{};                 // the kind of the fault that struck
    bool drop = false;                   // close the connection, say nothing
    std::chrono::milliseconds delay{0};  // before the reply
    std::optional<Poll> poll;            // no reply yet: wait for updates of poll->bot, then resume
};

class BotApi {
public:
    explicit BotApi(World& world) : world_(world) {}

    ApiOutcome call(ApiRequest request, Time now);
    // Nothing: keep waiting. time_is_up: answer now, if only with an empty list.
    std::optional<ApiReply> resume(const Poll& poll, bool time_is_up, Time now);

private:
    ApiReply execute(Context& context, const ObjectType& method, std::uint64_t call);
    ApiOutcome get_updates(Context& context, std::uint64_t call);
    void check_pace(Context& context, const ObjectType& method);

    World& world_;
};

ApiReply refusal(const Refusal& refused);
// A wrong token is unauthorised; what has not even the form of one is not found.
ApiReply unknown_token(std::string_view token);

}  // namespace persona::sandbox
