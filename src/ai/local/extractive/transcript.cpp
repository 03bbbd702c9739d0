#include "ai/local/extractive/transcript.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "ai/local/extractive/lines.hpp"
#include "ai/local/extractive/sentences.hpp"

namespace persona::ai::extractive {
namespace {

bool ends_sentence(std::string_view text) {
    constexpr std::array<std::string_view, 9> ends = {".", "!", "?", "…", ":", ";", "»", "\"", ")"};
    return std::ranges::any_of(ends, [&](std::string_view e) { return text.ends_with(e); });
}

UChar32 first_letter(std::string_view text) {
    for (int32_t at = 0; at < static_cast<int32_t>(text.size());) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(text.data(), at, static_cast<int32_t>(text.size()), c);
        if (u_isalnum(c)) return c;
    }
    return 0;
}

// Whether a line goes on where the last one stopped: recognisers cut sentences at pauses, editors wrap them.
bool continues(const Spoken& last, const TranscriptLine& line) {
    constexpr std::size_t wrapped_line = 100;
    constexpr std::size_t longest = 4000;
    if (!line.speaker.empty()) return false;
    if (line.after_blank && line.time.empty()) return false;
    if (line.item || ends_sentence(last.text) || last.text.size() > longest) return false;
    return u_islower(first_letter(line.text)) || (line.time.empty() && last.text.size() > wrapped_line);
}

std::vector<Spoken> remarks_of(std::vector<TranscriptLine> lines) {
    std::vector<Spoken> remarks;
    std::string speaker;
    for (TranscriptLine& line : lines) {
        if (!line.speaker.empty()) speaker = line.speaker;
        if (!remarks.empty() && continues(remarks.back(), line)) {
            remarks.back().text += (remarks.back().text.empty() ? "" : " ") + line.text;
        } else {
            remarks.push_back({.time = std::move(line.time), .speaker = speaker, .text = std::move(line.text), .item = line.item});
        }
    }
    std::erase_if(remarks, [](const Spoken& remark) { return first_letter(remark.text) == 0; });
    return remarks;
}

bool has_capitals(const std::vector<Sentence>& sentences) {
    std::size_t capital = 0;
    for (const auto& sentence : sentences) capital += !sentence.words.empty() && sentence.words[0].capital ? 1 : 0;
    return capital * 4 >= sentences.size();
}

}  // namespace

Language language_of(std::string_view text) {
    std::size_t cyrillic = 0;
    std::size_t letters = 0;
    for (int32_t at = 0; at < static_cast<int32_t>(text.size());) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(text.data(), at, static_cast<int32_t>(text.size()), c);
        if (!u_isalpha(c)) continue;
        ++letters;
        cyrillic += c >= 0x400 && c < 0x530 ? 1 : 0;
    }
    return letters > 0 && cyrillic * 3 >= letters ? Language::ru : Language::en;
}

Transcript transcript_of(std::string_view text) {
    Transcript transcript{.language = language_of(text), .remarks = remarks_of(lines_of(text))};
    SentenceBreaker breaker(transcript.language);
    for (std::size_t i = 0; i < transcript.remarks.size(); ++i) {
        Spoken& remark = transcript.remarks[i];
        remark.first = transcript.sentences.size();
        for (std::string& sentence : breaker.sentences(remark.text)) {
            std::vector<Word> words = words_of(sentence);
            transcript.sentences.push_back({std::move(sentence), std::move(words), i});
        }
        remark.count = transcript.sentences.size() - remark.first;
        if (!remark.speaker.empty() && std::ranges::find(transcript.speakers, remark.speaker) == transcript.speakers.end())
            transcript.speakers.push_back(remark.speaker);
    }
    transcript.cased = has_capitals(transcript.sentences);
    return transcript;
}

}  // namespace persona::ai::extractive
