#include "ai/remote/chat/client.hpp"

#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/log.hpp"

namespace persona::ai {
namespace {

constexpr unsigned too_many = 429;
constexpr std::size_t most_answer = 8 << 20;

Circuit::Point now() { return std::chrono::steady_clock::now(); }

}  // namespace

Task<ChatClient::Answer> ChatClient::ask(ChatQuestion question, Deadline deadline) { return persist(std::move(question), {}, deadline); }

Task<ChatClient::Answer> ChatClient::stream(ChatQuestion question, Heard heard, Deadline deadline) {
    return persist(std::move(question), std::move(heard), deadline);
}

Task<ChatClient::Answer> ChatClient::persist(ChatQuestion question, Heard heard, Deadline deadline) {
    Backoff backoff(config_.first_wait, config_.most_wait);
    for (int left = config_.tries;;) {
        if (!circuit_.allows(now()))
            co_return std::unexpected(ProviderError{
                .fault = Fault::unreachable, .status = 0, .code = {}, .parameter = {}, .detail = "the chat server is left alone for a while"});
        Answer answer = co_await once(question, heard, deadline);
        if (answer || adapt(dialect_, answer.error())) {
            circuit_.succeeded();
            if (answer) co_return answer;
            continue;
        }
        note(answer);
        const Millis wait = answer.error().retry_after.value_or(backoff.next());
        if (!passes(answer.error().fault) || --left <= 0 || wait >= deadline.left()) co_return answer;
        co_await pause(wait);
    }
}

Task<ChatClient::Answer> ChatClient::once(const ChatQuestion& question, const Heard& heard, Deadline deadline) {
    http::Call call = provider_call(config_.provider, "/chat/completions");
    call.headers.add("Content-Type", "application/json");
    call.body = chat_request(config_.model, question, dialect_, static_cast<bool>(heard));
    call.max_response = most_answer;
    ChatStream stream;
    if (heard)
        call.sink = [&](std::string_view bytes) {
            if (stream.feed(bytes)) heard(stream.so_far());
        };
    auto reply = provider_reply(co_await http_.send(std::move(call), deadline.within(config_.patience)));
    if (!reply) co_return std::unexpected(std::move(reply.error()));
    if (heard) co_return stream.ended();
    co_return chat_answer(reply->body);
}

// A server that says "slower" is alive; one that wants money or another key will not change its mind in seconds.
void ChatClient::note(const Answer& answer) {
    const ProviderError& error = answer.error();
    log(Level::warn, "ai", "the chat server did not answer", {{"error", error.text()}});
    if (error.fault == Fault::quota || error.fault == Fault::unauthorized) return circuit_.broke(now());
    if (passes(error.fault) && error.status != too_many) return circuit_.failed(now());
    circuit_.succeeded();
}

}  // namespace persona::ai
