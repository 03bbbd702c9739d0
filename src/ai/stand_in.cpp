#include "ai/stand_in.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::ai {

Task<std::expected<Written, TextError>> TextWithStandIn::produce(Output output, TranscriptView transcript, DocumentContext context,
                                                                 Deadline deadline) const {
    try {
        co_return co_await first_.produce(output, transcript, context, deadline);
    } catch (const Unavailable& e) { log(Level::warn, "ai", "the local text engine stands in", {{"error", e.what()}}); }
    co_return co_await stand_in_.produce(output, transcript, context, deadline);
}

Task<std::expected<Reply, DialogueError>> DialogueWithStandIn::answer(DialogueQuestion question, Heard heard, Deadline deadline) const {
    std::string trouble;
    try {
        co_return co_await first_.answer(question, std::move(heard), deadline);
    } catch (const Unavailable& e) { trouble = e.what(); }
    log(Level::warn, "ai", "the local engine stands in for an answer", {{"error", trouble}});
    auto found = co_await stand_in_.answer(std::move(question), {}, deadline);
    if (!found) throw Unavailable(trouble);
    co_return found;
}

}  // namespace persona::ai
