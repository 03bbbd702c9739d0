#include "ai/remote/chat/dialogue.hpp"

#include <fmt/format.h>

#include "ai/local/extractive/passages.hpp"
#include "ai/remote/chat/prompts.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t most_transcript = 120'000;  // bytes: about 20,000 tokens of Russian, two hours of speech
constexpr int most_answer = 1200;                 // tokens

constexpr std::string_view manners =
    "You are a business assistant in a Telegram chat. Answer in {}. Plain text without markdown, at most 1500 characters, shorter where that will "
    "do; the result first.";
constexpr std::string_view on_transcript =
    "The person asks about a transcript. Answer from it alone; name who said it and, where the transcript has times, when. Where it does not say, "
    "say so and do not guess.";

}  // namespace

ChatQuestion dialogue_question(const DialogueQuestion& question, std::string_view transcript) {
    std::string system = fmt::format(fmt::runtime(manners), question.language == Language::ru ? "Russian" : "English");
    ChatQuestion out{.messages = {}, .temperature = 0.4, .most_tokens = most_answer};
    if (!transcript.empty()) {
        const std::string mark = new_mark();
        system += fmt::format("\n{}\n{}", on_transcript, rule_of_quotes(mark));
        out.messages.push_back({"user", "The transcript that I ask about:\n" + quoted(transcript, mark)});
    }
    out.messages.insert(out.messages.begin(), {"system", std::move(system)});
    for (const Exchange& exchange : question.memory) {
        out.messages.push_back({"user", exchange.question});
        out.messages.push_back({"assistant", exchange.answer});
    }
    out.messages.push_back({"user", question.text});
    return out;
}

Task<std::expected<Reply, DialogueError>> ChatDialogue::answer(DialogueQuestion question, Heard heard, Deadline deadline) const {
    const std::string shown = co_await pool_.run([&] { return extractive::excerpt(question.transcript, question.text, most_transcript); });
    ChatQuestion asked = dialogue_question(question, shown);
    if (!heard) heard = [](std::string_view) {};
    for (bool first = true;; first = false) {
        auto answer = co_await client_.stream(asked, heard, deadline);
        if (!answer) throw Unavailable("the language model failed: " + answer.error().text());
        if (!answer->cut) co_return Reply{std::move(answer->text), Mode::model};
        if (!first) throw Unavailable("the language model does not finish its answer");
        asked.messages.push_back({"user", "Answer that in five short sentences at most."});
    }
}

}  // namespace persona::ai
