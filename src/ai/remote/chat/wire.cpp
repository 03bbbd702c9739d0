#include "ai/remote/chat/wire.hpp"

#include <boost/json.hpp>

namespace persona::ai {
namespace {

namespace json = boost::json;

constexpr std::size_t most_whole = 1 << 20;

std::unexpected<ProviderError> nonsense(const char* why) {
    return std::unexpected(ProviderError{.fault = Fault::nonsense, .status = 0, .code = {}, .parameter = {}, .detail = why});
}

const json::object* first_choice(const json::value& body) {
    const json::object* top = body.if_object();
    const json::value* choices = top ? top->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array() || choices->as_array().empty()) return nullptr;
    return choices->as_array().front().if_object();
}

std::string_view text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

std::string_view message_text(const json::object& choice, std::string_view holder) {
    const json::value* message = choice.if_contains(holder);
    return message && message->is_object() ? text_at(message->as_object(), "content") : std::string_view();
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

bool adapt(Dialect& dialect, const ProviderError& refusal) {
    if (refusal.fault != Fault::refused) return false;
    struct Habit {
        std::string_view parameter;
        bool Dialect::* member;
    };
    for (const Habit& habit :
         {Habit{"temperature", &Dialect::temperature}, {"response_format", &Dialect::schema}, {"max_completion_tokens", &Dialect::completion_tokens}})
        if (refusal.parameter.starts_with(habit.parameter)) return std::exchange(dialect.*habit.member, false);
    return false;
}

std::string chat_request(std::string_view model, const ChatQuestion& question, const Dialect& dialect, bool stream) {
    json::array messages;
    for (const ChatMessage& message : question.messages) messages.push_back(json::object{{"role", message.role}, {"content", message.content}});
    json::object body{{"model", model}, {"messages", std::move(messages)}};
    if (dialect.temperature) body["temperature"] = question.temperature;
    body[dialect.completion_tokens ? "max_completion_tokens" : "max_tokens"] = question.most_tokens;
    if (!question.schema.empty() && dialect.schema)
        body["response_format"] = {{"type", "json_schema"},
                                   {"json_schema", {{"name", question.schema_name}, {"strict", true}, {"schema", question.schema}}}};
    if (stream) body["stream"] = true;
    return json::serialize(body);
}

std::expected<ChatAnswer, ProviderError> chat_answer(std::string_view body) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed);
    const json::object* choice = failed ? nullptr : first_choice(value);
    if (!choice) return nonsense("the answer is no chat completion");
    const std::string_view finish = text_at(*choice, "finish_reason"), text = message_text(*choice, "message");
    if (finish == "content_filter")
        return std::unexpected(ProviderError{.fault = Fault::refused, .status = 200, .code = "content_filter", .parameter = {}});
    if (blank(text) && finish != "length") return nonsense("the answer says nothing");
    return ChatAnswer{std::string(text), finish == "length"};
}

bool ChatStream::feed(std::string_view bytes) {
    if (!events_ && whole_.size() < most_whole) whole_ += bytes;
    bool news = false;
    for (const char c : bytes) {
        if (c != '\n') {
            line_ += c;
            continue;
        }
        news |= take(line_.ends_with('\r') ? std::string_view(line_).substr(0, line_.size() - 1) : line_);
        line_.clear();
    }
    return news;
}

// Server-sent events (WHATWG HTML §9.2) of one field: every event of this protocol is one line of data.
bool ChatStream::take(std::string_view line) {
    if (!line.starts_with("data:")) return false;
    events_ = true;
    line.remove_prefix(5);
    if (line.starts_with(' ')) line.remove_prefix(1);
    if (line == "[DONE]") return finished_ = true, false;
    boost::system::error_code failed;
    const json::value value = json::parse(line, failed);
    const json::object* choice = failed ? nullptr : first_choice(value);
    if (!choice) return false;  // usage, comments of proxies
    const std::string_view finish = text_at(*choice, "finish_reason"), text = message_text(*choice, "delta");
    if (!finish.empty()) finished_ = true;
    if (finish == "length") answer_.cut = true;
    answer_.text += text;
    return !text.empty();
}

std::expected<ChatAnswer, ProviderError> ChatStream::ended() const {
    if (!events_) return chat_answer(whole_);
    if (!finished_) return nonsense("the stream broke off");
    if (blank(answer_.text)) return nonsense("the answer says nothing");
    return answer_;
}

}  // namespace persona::ai
