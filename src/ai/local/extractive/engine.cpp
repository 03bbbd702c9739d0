#include "ai/local/extractive/engine.hpp"

#include "ai/local/extractive/findings.hpp"
#include "ai/local/extractive/rank.hpp"
#include "ai/text_document.hpp"

#include <algorithm>

namespace persona::ai {
namespace {

using namespace extractive;

constexpr std::size_t shortest_point = 5;  // words; shorter sentences are answers, not statements

std::vector<bool> not_points(const Transcript& transcript, const std::vector<bool>& marked) {
    std::vector<bool> excluded = marked;
    for (std::size_t i = 0; i < excluded.size(); ++i) {
        const Sentence& sentence = transcript.sentences[i];
        excluded[i] = excluded[i] || sentence.question() || sentence.words.size() < shortest_point;
    }
    if (std::ranges::find(excluded, false) == excluded.end()) excluded.clear();  // a transcript of answers only
    return excluded;
}

std::vector<std::size_t> points(const Transcript& transcript, const Findings& found, std::size_t characters, std::size_t most) {
    return choose(transcript, ranks(transcript), {.characters = characters, .zones = std::min<std::size_t>(most, 5), .most = most, .excluded = not_points(transcript, found.marked)});
}

std::vector<std::string> texts(const Transcript& transcript, const std::vector<std::size_t>& chosen) {
    std::vector<std::string> result;
    for (const std::size_t i : chosen) result.push_back(transcript.sentences[i].text);
    return result;
}

// The first items that fit into so many characters together, at least one.
template <typename Item>
std::vector<Item> within(std::vector<Item> items, std::size_t characters, Language language) {
    std::size_t used = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        used += (items[i].text.size() + items[i].owner.size() + items[i].due.size()) / (language == Language::ru ? 2 : 1) + 40;
        if (used > characters && i > 0) {
            items.resize(i);
            break;
        }
    }
    return items;
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
    const auto chosen = choose(transcript, ranks(transcript), {.characters = 4500, .zones = 12, .most = 30, .excluded = std::move(excluded)});
    std::vector<Remark> result;
    std::size_t last = transcript.remarks.size();
    for (const std::size_t i : chosen) {
        const Sentence& sentence = transcript.sentences[i];
        const Spoken& spoken = transcript.remarks[sentence.remark];
        if (sentence.remark == last) result.back().text += " " + sentence.text;
        else result.push_back({spoken.time, spoken.speaker, sentence.text});
        last = sentence.remark;
    }
    return result;
}

TextFields full_transcript(const Transcript& transcript) { return FullTranscript{transcript.speakers, paragraphs(transcript)}; }

// The shares of one page: 2500 characters with headings and note.
TextFields summary(const Transcript& transcript) {
    const Findings found = findings_of(transcript);
    const Language language = transcript.language;
    return Summary{texts(transcript, points(transcript, found, 950, 7)), within(found.decisions, 550, language), within(found.tasks, 650, language)};
}

TextFields minutes(const Transcript& transcript) {
    Findings found = findings_of(transcript);
    auto sentences = texts(transcript, points(transcript, found, 900, 6));
    return Minutes{transcript.speakers, std::move(sentences), std::move(found.decisions), std::move(found.tasks), std::move(found.questions)};
}

TextFields todo(const Transcript& transcript) { return TodoPlan{findings_of(transcript).tasks}; }

TextFields protocol(const Transcript& transcript) {
    Findings found = findings_of(transcript);
    return Protocol{transcript.speakers, std::move(found.agenda), course(transcript), std::move(found.decisions), std::move(found.tasks)};
}

constexpr std::array makers = {full_transcript, summary, minutes, todo, protocol};  // in the order of Output

}  // namespace

std::expected<media::Document, TextError> ExtractiveEngine::produce(Output output, const TranscriptView& transcript, const DocumentContext& context) const {
    const Transcript parsed = transcript_of(transcript.text);
    if (parsed.sentences.empty()) return std::unexpected(TextError::empty_transcript);
    return compose(makers[static_cast<std::size_t>(output)](parsed), parsed.language, context, Mode::basic);
}

}  // namespace persona::ai
