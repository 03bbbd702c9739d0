#include "bot/work/draft.hpp"

#include "media/text_split.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 2s;             // the work waits meanwhile
constexpr auto after_fault = 60s;         // no draft for so long: a server that is slow shall not slow the work down
constexpr std::size_t most_units = 3500;  // of UTF-16; a message has at most 4096

std::string end_of(std::string_view text) {
    auto parts = media::split_text(std::string(text), most_units);
    return parts.empty() ? std::string() : std::move(parts.back());
}

}  // namespace

Draft::Draft(telegram::Api& api, ChatId chat, const Uuid& about) : api_(api), chat_(chat) {
    id_ = 1 + (about.bytes[12] << 16 | about.bytes[13] << 8 | about.bytes[14]);  // any number but zero
}

Task<bool> Draft::show(std::string_view text) {
    if (!possible_ || !quiet_until_.passed()) co_return false;
    std::string end = end_of(text);
    if (end.empty()) co_return false;
    telegram::Call call{.method = "sendMessageDraft", .params = {{"chat_id", chat_.value}, {"draft_id", id_}, {"text", std::move(end)}}, .file = {}};
    const auto answer = co_await api_.call(std::move(call), Deadline::after(patience));
    if (answer) co_return shown_ = true;
    if (answer.error().kind == telegram::ApiErrorKind::too_many) quiet_until_ = Deadline::after(answer.error().retry_after);
    if (answer.error().kind == telegram::ApiErrorKind::unknown || answer.error().kind == telegram::ApiErrorKind::not_sent)
        quiet_until_ = Deadline::after(after_fault);
    if (answer.error().kind == telegram::ApiErrorKind::refused && !shown_) possible_ = false;
    co_return false;
}

}  // namespace persona::bot
