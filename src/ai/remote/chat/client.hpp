// One question to a chat model and its answer, with patience: retries that end, a pace that the server sets, a circuit breaker.
// One for the process, owned by main; one thread.
#pragma once

#include <functional>

#include "ai/remote/chat/wire.hpp"
#include "async/circuit.hpp"
#include "async/deadline.hpp"
#include "async/task.hpp"
#include "http/client.hpp"

namespace persona::ai {

struct ChatConfig {
    Provider provider;
    std::string model;
    int tries = 4;
    Millis first_wait{1'000}, most_wait{20'000};  // between tries, where the server names no time
    Millis patience{180'000};                     // for one try
    CircuitConfig circuit = {};
};

class ChatClient {
public:
    using Answer = std::expected<ChatAnswer, ProviderError>;

    // http must outlive it.
    ChatClient(http::Client& http, ChatConfig config) : http_(http), config_(std::move(config)), circuit_(config_.circuit) {}

    // Tried again while that may help and the deadline allows the wait that the server asked for. Cancelling the caller ends it.
    Task<Answer> ask(ChatQuestion question, Deadline deadline);
    // heard: the whole answer so far, each time it grew; it starts anew when a try broke off.
    Task<Answer> stream(ChatQuestion question, std::function<void(std::string_view so_far)> heard, Deadline deadline);

private:
    using Heard = std::function<void(std::string_view)>;
    Task<Answer> persist(ChatQuestion question, Heard heard, Deadline deadline);
    Task<Answer> once(const ChatQuestion& question, const Heard& heard, Deadline deadline);
    void note(const Answer& answer);

    http::Client& http_;
    ChatConfig config_;
    Circuit circuit_;
    Dialect dialect_;
};

}  // namespace persona::ai
