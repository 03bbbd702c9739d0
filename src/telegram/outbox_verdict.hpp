// What an answer of Telegram means for a message: said, to be said again, or given up. Pure.
#pragma once

#include "telegram/api.hpp"
#include "telegram/outbox_queue.hpp"

namespace persona::telegram {

struct RetryRule {
    Millis first{1000}, ceiling{60'000};  // doubling
    int tries = 10;                       // what fails for Telegram's or the net's sake is given up after both,
    Millis patience{3'600'000};           // so many tries and so long a time
};

struct Verdict {
    enum class Act {
        sent,       // also where Telegram refused because it was done before
        again,      // after `wait`
        throttled,  // after `wait`, and nothing to this chat before
        anew,       // the message to edit is gone: say it as a new one
        in_words,   // its picture is gone: say the caption alone
        dead,
        uncertain,  // it may have arrived; saying it once more would be worse
    };
    Act act = Act::sent;
    Millis wait{0};
    std::optional<MessageId> message{};  // the id that Telegram gave it
    bool blocked = false;                // the person does not want to hear from us
    int attempts = 0, unsure = 0;        // to be remembered
};

Verdict judge(const Queued& item, const ApiResult<boost::json::value>& answer, const RetryRule& rule, Time now);

// The same words or picture as a new message; nothing for a call that edits neither.
std::optional<Call> as_new_message(Call edit);
// The caption and the buttons of a picture as a text message; nothing where it has no caption.
std::optional<Call> as_words(Call call);

}  // namespace persona::telegram
