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

}  // namespace persona::ai
