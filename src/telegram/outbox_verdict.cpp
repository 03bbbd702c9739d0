#include "telegram/outbox_verdict.hpp"

#include <algorithm>
#include <boost/json/object.hpp>

namespace persona::telegram {
namespace {

using Act = Verdict::Act;

// Parts of descriptions as tdlib/telegram-bot-api 10.0 writes them (Client.cpp, get_error_message); the API has no codes.
struct Said {
    std::string_view method;  // the beginning of it
    std::string_view part;
    Act act;
};
constexpr Said refusals[] = {
    {"", "message is not modified", Act::sent},
    {"answer", "query is too old", Act::sent},
    {"answer", "query ID is invalid", Act::sent},
    {"delete", "message to delete not found", Act::sent},
    {"delete", "message can't be deleted", Act::sent},
    {"editMessageText", "message to edit not found", Act::anew},
    {"editMessageText", "message can't be edited", Act::anew},
    {"editMessageText", "no text in the message to edit", Act::anew},
    {"editMessageText", "MESSAGE_ID_INVALID", Act::anew},
    {"editMessageMedia", "message to edit not found", Act::anew},
    {"editMessageMedia", "message can't be edited", Act::anew},
    {"editMessageMedia", "MESSAGE_ID_INVALID", Act::anew},
};

Act refused(const std::string& method, const ApiError& error) {
    // A token that is not accepted is the operator's to mend; no message is thrown away for it.
    if (error.code == 401 || error.code == 404) return Act::again;
    const auto* said = std::ranges::find_if(
        refusals, [&](const Said& s) { return method.starts_with(s.method) && error.description.find(s.part) != std::string::npos; });
    return said == std::end(refusals) ? Act::dead : said->act;
}

// Edits and deletions can be repeated; a message cannot be taken back.
bool repeatable(const std::string& method) { return method.starts_with("edit") || method.starts_with("delete"); }

Act unanswered(const Queued& item) {
    if (repeatable(item.call.method)) return Act::again;
    if (item.stream == Stream::notice) return Act::uncertain;
    return item.unsure == 0 ? Act::again : Act::uncertain;  // a reply is said once more, not twice
}

bool over(const Queued& item, const RetryRule& rule, Time now) { return item.attempts + 1 >= rule.tries && now - item.created >= rule.patience; }

Millis backoff(int attempts, const RetryRule& rule) {
    Millis wait = rule.first;
    for (int i = 0; i < attempts && wait < rule.ceiling; ++i) wait *= 2;
    return std::min(wait, rule.ceiling);
}

Act act_of(const Queued& item, const ApiError& error, const RetryRule& rule, Time now) {
    switch (error.kind) {
        case ApiErrorKind::refused: return refused(item.call.method, error);
        case ApiErrorKind::blocked: return Act::dead;
        case ApiErrorKind::too_many: return item.attempts + 1 >= rule.tries ? Act::dead : Act::throttled;
        case ApiErrorKind::server:
        case ApiErrorKind::not_sent: return over(item, rule, now) ? Act::dead : Act::again;
        case ApiErrorKind::unknown: return unanswered(item);
        case ApiErrorKind::lost: return as_words(item.call) ? Act::in_words : Act::dead;
    }
    return Act::dead;
}

// Of a picture that is sent or put into a message; empty where there is none.
std::string caption_of(const Call& call) {
    const auto* media = call.params.if_contains("media");
    const auto& from = media && media->is_object() ? media->get_object() : call.params;
    const auto* caption = from.if_contains("caption");
    return caption && caption->is_string() ? std::string(caption->get_string()) : std::string();
}

std::optional<MessageId> message_of(const boost::json::value& result) {
    const auto* message = result.if_object();
    const auto* id = message ? message->if_contains("message_id") : nullptr;
    return id && id->is_int64() && id->get_int64() != 0 ? std::optional(MessageId(id->get_int64())) : std::nullopt;
}

}  // namespace

Verdict judge(const Queued& item, const ApiResult<boost::json::value>& answer, const RetryRule& rule, Time now) {
    Verdict out{.attempts = item.attempts, .unsure = item.unsure};
    if (answer) {
        out.message = message_of(*answer);
        return out;
    }
    const ApiError& error = answer.error();
    out.act = act_of(item, error, rule, now);
    if (out.act == Act::again && over(item, rule, now)) out.act = Act::dead;
    out.blocked = error.kind == ApiErrorKind::blocked;
    out.wait = out.act == Act::throttled ? Millis(error.retry_after) : backoff(item.attempts, rule);
    ++(error.kind == ApiErrorKind::unknown ? out.unsure : out.attempts);
    return out;
}

std::optional<Call> as_new_message(Call edit) {
    edit.params.erase("message_id");
    if (edit.method == "editMessageText") {
        edit.method = "sendMessage";
        return edit;
    }
    if (edit.method != "editMessageMedia") return {};
    edit.method = "sendPhoto";
    if (const auto caption = caption_of(edit); !caption.empty()) edit.params["caption"] = caption;
    edit.params.erase("media");
    return edit;
}

std::optional<Call> as_words(Call call) {
    std::string words = caption_of(call);
    if (words.empty()) return {};
    call.method = "sendMessage";
    call.params["text"] = words;
    for (const char* key : {"caption", "media", "message_id"}) call.params.erase(key);
    call.file.reset();
    return call;
}

}  // namespace persona::telegram
