#include "bot/work/draft.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 2s;             // the work waits meanwhile
constexpr auto after_fault = 60s;         // no draft for so long: a server that is slow shall not slow the work down
constexpr std::size_t most_units = 3500;  // of UTF-16; a message has at most 4096

// Of a UTF-8 byte: those of UTF-16 that its character has, counted at its first byte.
std::size_t units_at(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return (value & 0xC0) == 0x80 ? 0 : value >= 0xF0 ? 2 : 1;
}

}  // namespace

std::string end_of(std::string_view text, std::size_t units) {
    std::size_t begin = text.size(), first = text.size();  // of what fits; of its first character
    for (std::size_t taken = 0; begin > 0; --begin) {
        taken += units_at(text[begin - 1]);
        if (taken > units) break;
        if (units_at(text[begin - 1]) > 0) first = begin - 1;
    }
    if (begin == 0) return std::string(text);
    const std::size_t blank = text.find_first_of(" \n", first);
    return std::string(text.substr(blank == std::string_view::npos ? first : blank + 1));
}

Draft::Draft(telegram::Api& api, ChatId chat, const Uuid& about) : api_(api), chat_(chat) {
    id_ = 1 + (about.bytes[12] << 16 | about.bytes[13] << 8 | about.bytes[14]);  // any number but zero
}

Task<bool> Draft::show(std::string_view text) {
    if (!possible_ || !quiet_until_.passed()) co_return false;
    std::string end = end_of(text, most_units);
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
