// One answer of the assistant: shown while it grows, remembered, charged when it is in the outbox; free where the local engine stood in.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/json.hpp>

#include "async/signal.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "bot/work/draft.hpp"
#include "bot/work/workshop.hpp"
#include "media/text_split.hpp"
#include "studio/assistant/memory.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto engine_patience = std::chrono::minutes(5);
constexpr auto between_drafts = 1s;
constexpr auto between_edits = 3s;  // an edit counts as a message to the chat: about one a second is allowed, others want some
constexpr std::size_t most_shown = 3500;

// The growing answer in the chat: as a draft where the server knows drafts, else in the live message.
class Screen {
public:
    Screen(Executor executor, Workshop& shop, const Recipient& recipient, const Uuid& job)
        : shop_(shop), recipient_(recipient), job_(job), grown_(std::move(executor)), draft_(shop.api, recipient.chat, job) {}

    void show(std::string_view so_far) {
        latest_ = so_far;
        grown_.notify();
    }
    // Until cancelled.
    Task<void> paint() {
        for (;;) {
            if (latest_ == shown_) (void)co_await grown_.wait(Deadline::never());
            if (latest_ == shown_ || latest_.empty()) continue;
            shown_ = latest_;
            const auto beginning = media::split_text(shown_, most_shown);
            if (beginning.empty()) continue;
            if (draft_.possible()) (void)co_await draft_.show(beginning.front());
            if (!draft_.possible()) co_await edit(beginning.front() + " …");
            co_await pause(draft_.possible() ? between_drafts : between_edits);
        }
    }
    bool drafted() const { return draft_.shown(); }

private:
    Task<void> edit(std::string text) {
        Desk desk(shop_.outbox, recipient_);
        desk.apply({Redraw{.text = std::move(text), .keyboard = {}, .handle = live_message(job_), .message = {}}});
        try {
            if (const auto done = co_await shop_.pool.commit(desk.take_work(), Deadline::after(patience))) desk.committed(*done);
        } catch (const Unavailable&) {  // the whole answer comes later
        }
    }

    Workshop& shop_;
    Recipient recipient_;
    Uuid job_;
    Signal grown_;
    std::string latest_, shown_;
    Draft draft_;
};

using Answered = std::expected<ai::Reply, ai::DialogueError>;

// The answer, painted while it grows; whichever way it ends, nobody paints on.
Task<Answered> painted(Screen& screen, Task<Answered> answer) {
    const auto executor = co_await asio::this_coro::executor;
    auto both = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(answer), asio::deferred),
                                                        asio::co_spawn(executor, screen.paint(), asio::deferred));
    auto [order, error, reply, paint_error] = co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1 && paint_error) std::rethrow_exception(paint_error);
    if (error) std::rethrow_exception(error);
    co_return std::move(reply);
}

ai::DialogueQuestion question_of(std::string text, std::string transcript, const assistant::Memory& memory, Language language) {
    ai::DialogueQuestion out{.text = std::move(text),
                             .transcript = std::move(transcript),
                             .memory = {},
                             .language = language == Language::ru ? ai::Language::ru : ai::Language::en};
    for (const auto& exchange : memory.exchanges) out.memory.push_back({exchange.question, exchange.answer});
    return out;
}

// A draft was only a preview, so that the whole answer is a message of its own; without drafts it grew in the live message and ends there.
void deliver(Desk& desk, const std::string& live, bool drafted, const std::string& answer, const std::string& paid) {
    auto parts = media::split_text(answer, most_shown);
    if (!drafted) parts.back() += "\n\n" + paid;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i == 0) desk.apply({Redraw{.text = drafted ? paid : parts[0], .keyboard = {}, .handle = live, .message = {}}});
        if (i > 0 || drafted) desk.apply({Say{.text = parts[i], .keyboard = {}, .reply_to = {}, .handle = {}}});
    }
}

std::string last_word(const Context& c, ai::Mode mode, Coins charged, Coins available) {
    return c.say(mode == ai::Mode::stand_in ? Text::answer_stand_in : Text::answer_done,
                 {{"price", c.coins(charged)}, {"available", c.coins(available)}});
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    const auto deadline = Deadline::after(patience);
    const auto client = co_await client_of(shop, job, deadline);
    const auto& args = job.args().as_object();
    const std::string question(args.at("question").as_string()), about(args.at("transcript").as_string());
    const auto price = Coins::parse(args.at("price").as_string());  // as it was held: the operator may have changed it since
    if (!client || !price || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const Context& c = client->context;
    const std::string live = live_message(job.id().value);
    const auto desk = std::make_shared<Desk>(shop.outbox, client->recipient);
    const auto refuse = [&](Text text) -> jobs::Ending {
        wallet::void_hold(desk->work(), *job.operation(), "nothing to answer");
        desk->apply({Redraw{.text = c.say(text), .keyboard = {}, .handle = live, .message = {}}});
        return jobs::Dead(finish(shop, desk), std::string(name(text)));
    };

    std::string transcript;
    if (const auto id = uncompact(about)) {
        const auto found = co_await transcripts::find(shop.pool, job.user(), job.key(), TranscriptId(*id), deadline);
        if (!found) co_return refuse(Text::answer_transcript_lost);
        transcript = readable(*found);
    }
    auto memory = co_await assistant::recall(shop.pool, job.user(), job.key(), deadline);
    Screen screen(co_await asio::this_coro::executor, shop, client->recipient, job.id().value);
    const auto reply = co_await painted(screen, shop.dialogue.answer(
                                                    question_of(question, std::move(transcript), memory, c.language),
                                                    [&screen](std::string_view so_far) { screen.show(so_far); }, Deadline::after(engine_patience)));
    if (!reply) co_return refuse(Text::answer_nothing);

    const Funds funds = co_await funds_of(shop, job.user(), Deadline::after(patience));
    assistant::add(memory, {question, reply->text});
    const Coins charged = settle(shop, *desk, *job.operation(), reply->mode, *price, "answer");
    assistant::remember(desk->work(), job.user(), job.key(), memory);
    const Coins available = funds.available + (*price - charged);  // the rest of the hold comes back
    deliver(*desk, live, screen.drafted(), reply->text, last_word(c, reply->mode, charged, available));
    co_return jobs::Done(finish(shop, desk));
}

}  // namespace

jobs::Handler answer_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job,
                               jobs::Failure why) { return give_up(shop, job, why, Text::answer_failed, live_message(job.id().value), false); },
            .parallel = 0};
}

}  // namespace persona::bot
