#include "ai/remote/chat/engine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/json/serialize.hpp>

#include "ai/local/extractive/engine.hpp"
#include "ai/remote/chat/notes.hpp"
#include "ai/remote/chat/prompts.hpp"
#include "ai/remote/chat/split.hpp"
#include "ai/text_document.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t smallest_part = 200;  // tokens; an answer that is cut even then will always be
constexpr std::size_t most_course = 40;     // remarks of a protocol

// work(0) to work(count - 1), `at_once` of them at a time. The first that throws ends the others.
template <class Work>
Task<void> each(std::size_t count, std::size_t at_once, Work work) {
    std::size_t next = 0;
    const auto worker = [&]() -> Task<void> {
        while (next < count) co_await work(next++);
    };
    const auto executor = co_await asio::this_coro::executor;
    std::vector<decltype(asio::co_spawn(executor, worker(), asio::deferred))> workers;
    for (std::size_t i = 0; i < std::min(count, at_once); ++i) workers.push_back(asio::co_spawn(executor, worker(), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(workers));
    const auto [order, errors] = co_await group.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
    for (const std::size_t i : order)
        if (errors[i]) std::rethrow_exception(errors[i]);
}

std::size_t letters(const std::vector<Remark>& remarks) {
    std::size_t bytes = 0;
    for (const Remark& remark : remarks) bytes += remark.text.size();
    return bytes;
}

// One document in the making.
class Writing {
public:
    Writing(ChatClient& client, const ChatTextConfig& config, Output output, Language language, Deadline deadline)
        : client_(client), config_(config), output_(output), language_(language), deadline_(deadline), questions_left_(config.most_questions) {}

    Task<Notes> of(std::string_view text) {
        const auto parts = parts_of(text, output_ == Output::full_transcript ? config_.whole_part_tokens : config_.part_tokens);
        std::vector<Notes> notes(parts.size());
        co_await each(parts.size(), config_.at_once, [&](std::size_t i) -> Task<void> { notes[i] = co_await part(parts[i], {i + 1, parts.size()}); });
        if (output_ == Output::full_transcript) co_return joined(notes);
        co_return co_await whole(std::move(notes));
    }

private:
    Task<Notes> part(std::string text, PartOf place) {
        const std::size_t tokens = estimated_tokens(text);
        if (auto notes = co_await ask(ask_part(output_, language_, text, place), text)) co_return std::move(*notes);
        if (tokens <= smallest_part) throw Unavailable("the language model does not finish even a short answer");
        std::vector<Notes> halves;
        for (std::string& half : parts_of(text, tokens / 2 + 1)) halves.push_back(co_await part(std::move(half), place));
        co_return joined(halves);
    }

    // The course of a meeting is put together without the model, which would shorten it with every level.
    Task<Notes> whole(std::vector<Notes> notes) {
        std::vector<Remark> course = joined(notes).remarks;
        for (Notes& one : notes) one.remarks.clear();
        for (std::size_t before = 0; notes.size() > 1 && notes.size() != before;) {
            before = notes.size();
            std::vector<Notes> next;
            for (const auto& group : groups(notes)) next.push_back(group.size() == 1 ? group.front() : co_await one_of(group));
            notes = std::move(next);
        }
        Notes all = joined(notes);
        for (std::size_t i = 0, most = std::min(course.size(), most_course); i < most; ++i)
            all.remarks.push_back(course[most == course.size() ? i : i * (course.size() - 1) / (most - 1)]);
        co_return all;
    }

    // Neighbours that fit into one question together.
    std::vector<std::vector<Notes>> groups(const std::vector<Notes>& notes) const {
        std::vector<std::vector<Notes>> out;
        std::size_t filled = 0;
        for (const Notes& one : notes) {
            const std::size_t size = estimated_tokens(boost::json::serialize(to_json(output_, one)));
            if (out.empty() || filled + size > config_.part_tokens) {
                out.emplace_back();
                filled = 0;
            }
            out.back().push_back(one);
            filled += size;
        }
        return out;
    }

    // Where the model cannot finish it, or loses everything, the notes stand as they are: nothing is lost, some is said twice.
    Task<Notes> one_of(const std::vector<Notes>& group) {
        std::string lines;
        for (const Notes& one : group) lines += boost::json::serialize(to_json(output_, one)) + "\n";
        const auto made = co_await ask(ask_whole(output_, language_, lines), {});
        co_return made && !made->empty() ? *made : joined(group);
    }

    // Nothing where the answer was cut or the question was too long. source: the part that it must be true to, where there is one.
    Task<std::optional<Notes>> ask(ChatQuestion question, std::string_view source) {
        for (bool first = true;; first = false) {
            if (questions_left_-- <= 0) throw Unavailable("the document needs more questions than are allowed");
            auto answer = co_await client_.ask(question, deadline_);
            if (!answer && answer.error().fault == Fault::too_large) co_return std::nullopt;
            if (!answer) throw Unavailable("the language model failed: " + answer.error().text());
            if (answer->cut) co_return std::nullopt;
            auto notes = notes_from(output_, answer->text);
            if (notes && complete(*notes, source)) co_return true_to(std::move(*notes), source);
            if (!first) throw Unavailable("the language model's answers cannot be used");
            question = ask_again(std::move(question), std::move(answer->text),
                                 notes ? "it leaves out remarks of the transcript" : "it is not the JSON object that was asked for");
        }
    }

    bool complete(const Notes& notes, std::string_view source) const {
        return output_ != Output::full_transcript || letters(notes.remarks) * 2 >= source.size();
    }

    // A time is shown only as it was said; models like to make up round ones.
    static Notes true_to(Notes notes, std::string_view source) {
        for (Remark& remark : notes.remarks)
            if (!source.contains(remark.time)) remark.time.clear();
        return notes;
    }

    ChatClient& client_;
    const ChatTextConfig& config_;
    Output output_;
    Language language_;
    Deadline deadline_;
    int questions_left_;
};

}  // namespace

Task<std::expected<Written, TextError>> ChatText::produce(Output output, TranscriptView transcript, DocumentContext context,
                                                          Deadline deadline) const {
    const auto language = co_await pool_.run([&] { return readable_language(transcript); });
    if (!language) co_return std::unexpected(TextError::empty_transcript);
    Writing writing(client_, config_, output, *language, deadline);
    Notes notes = co_await writing.of(transcript.text);
    if (notes.empty()) throw Unavailable("the language model found nothing to say");
    co_return Written{compose(fields_of(output, std::move(notes)), *language, context, Mode::model), Mode::model};
}

}  // namespace persona::ai
