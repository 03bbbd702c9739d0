#include "ai/local/extractive/engine.hpp"

#include <algorithm>

#include "ai/local/extractive/findings.hpp"
#include "ai/local/extractive/points.hpp"
#include "ai/text_document.hpp"

namespace persona::ai {
namespace {

using namespace extractive;

std::vector<std::size_t> points(const Transcript& transcript, const Findings& found, std::size_t characters, std::size_t most) {
    return choose(
        transcript, point_weights(transcript),
        {.characters = characters, .zones = std::min<std::size_t>(most, 5), .most = most, .excluded = not_points(transcript, found.marked)});
}

std::vector<std::string> texts(const Transcript& transcript, const std::vector<std::size_t>& chosen) {
    std::vector<std::string> result;
    for (const std::size_t i : chosen) result.push_back(transcript.sentences[i].text);
    return result;
}

template <typename Item>
std::size_t characters(const std::vector<Item>& items, Language language) {
    constexpr std::size_t labels = 40;  // "Ответственный: … · Срок: …"
    std::size_t bytes = 0;
    for (const Item& item : items) bytes += item.text.size() + item.owner.size() + item.due.size();
    return bytes / (language == Language::ru ? 2 : 1) + labels * items.size();
}

// As many items as fit into so many characters, at least one, taken evenly from beginning to end: a page too small for all tasks
// of a long meeting still shows the last ones.
template <typename Item>
std::vector<Item> within(const std::vector<Item>& items, std::size_t limit, Language language) {
    for (std::size_t n = items.size(); n > 1; --n) {
        std::vector<Item> some;
        for (std::size_t i = 0; i < n; ++i) some.push_back(items[i * (items.size() - 1) / (n - 1)]);
        if (characters(some, language) <= limit) return some;
    }
    return {items.begin(), items.begin() + std::min<std::ptrdiff_t>(1, std::ssize(items))};
}

// What has an owner and a term is worth the space of a page first.
std::vector<ActionItem> clear_tasks(const std::vector<ActionItem>& tasks) {
    std::vector<ActionItem> clear;
    std::ranges::copy_if(tasks, std::back_inserter(clear), [](const ActionItem& task) { return !task.owner.empty() && !task.due.empty(); });
    return clear.empty() ? tasks : clear;
}

// Remarks of one speaker are joined into paragraphs, sentences of a long one spread over several.
std::vector<Remark> paragraphs(const Transcript& transcript) {
    constexpr std::size_t longest = 1000;  // bytes
    std::vector<Remark> result;
    std::size_t speaker_of_last = 0;
    for (const Sentence& sentence : transcript.sentences) {
        const Spoken& spoken = transcript.remarks[sentence.remark];
        const bool new_remark = result.empty() || speaker_of_last != sentence.remark;
        const bool same_speaker = !result.empty() && result.back().speaker == spoken.speaker;
        const bool full = !result.empty() && result.back().text.size() + sentence.text.size() > longest;
        speaker_of_last = sentence.remark;
        if (new_remark ? (full || !same_speaker || spoken.time.empty() || !spoken.speaker.empty()) : full) {
            result.push_back({new_remark ? spoken.time : "", spoken.speaker, sentence.text});
        } else {
            result.back().text += " " + sentence.text;
        }
    }
    return result;
}

// The meeting in short, with who said it: chosen sentences of one remark stand together.
std::vector<Remark> course(const Transcript& transcript) {
    std::vector<bool> excluded = not_points(transcript, std::vector<bool>(transcript.sentences.size(), false));
    const auto chosen = choose(transcript, point_weights(transcript), {.characters = 4500, .zones = 12, .most = 30, .excluded = std::move(excluded)});
    std::vector<Remark> result;
    std::size_t last = transcript.remarks.size();
    for (const std::size_t i : chosen) {
        const Sentence& sentence = transcript.sentences[i];
        const Spoken& spoken = transcript.remarks[sentence.remark];
        if (sentence.remark == last)
            result.back().text += " " + sentence.text;
        else
            result.push_back({spoken.time, spoken.speaker, sentence.text});
        last = sentence.remark;
    }
    return result;
}

TextFields full_transcript(const Transcript& transcript) { return FullTranscript{transcript.speakers, paragraphs(transcript)}; }

// The shares of one page: 2500 characters with headings and note.
TextFields summary(const Transcript& transcript) {
    const Findings found = findings_of(transcript);
    const Language language = transcript.language;
    return Summary{texts(transcript, points(transcript, found, 950, 7)), within(found.decisions, 550, language),
                   within(clear_tasks(found.tasks), 650, language)};
}

TextFields minutes(const Transcript& transcript) {
    Findings found = findings_of(transcript);
    auto sentences = texts(transcript, points(transcript, found, 900, 6));
    return Minutes{transcript.speakers,    std::move(sentences),       std::move(found.decisions),
                   std::move(found.tasks), std::move(found.deadlines), std::move(found.questions)};
}

TextFields todo(const Transcript& transcript) { return TodoPlan{findings_of(transcript).tasks}; }

TextFields protocol(const Transcript& transcript) {
    Findings found = findings_of(transcript);
    return Protocol{transcript.speakers, std::move(found.agenda), course(transcript), std::move(found.decisions), std::move(found.tasks)};
}

constexpr std::array makers = {full_transcript, summary, minutes, todo, protocol};  // in the order of Output

}  // namespace

std::expected<Extracted, TextError> extract(Output output, const TranscriptView& transcript) {
    const Transcript parsed = transcript_of(transcript.text);
    if (parsed.sentences.empty()) return std::unexpected(TextError::empty_transcript);
    return Extracted{parsed.language, makers[static_cast<std::size_t>(output)](parsed)};
}

std::optional<Language> readable_language(const TranscriptView& transcript) {
    const Transcript parsed = transcript_of(transcript.text);
    return parsed.sentences.empty() ? std::nullopt : std::optional(parsed.language);
}

std::expected<media::Document, TextError> write_basic(Output output, const TranscriptView& transcript, const DocumentContext& context, Mode mode) {
    const auto extracted = extract(output, transcript);
    if (!extracted) return std::unexpected(extracted.error());
    return compose(extracted->fields, extracted->language, context, mode);
}

Task<std::expected<Written, TextError>> ExtractiveEngine::produce(Output output, TranscriptView transcript, DocumentContext context, Deadline) const {
    // Seconds at most, and the pool cannot be interrupted: the deadline would change nothing.
    auto document = co_await pool_.run([&] { return write_basic(output, transcript, context, mode_); });
    if (!document) co_return std::unexpected(document.error());
    co_return Written{std::move(*document), mode_};
}

}  // namespace persona::ai
