// Engines that do as a test says: what a real one does only on a bad day.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <mutex>

#include "ai/local/extractive/dialogue.hpp"
#include "ai/local/extractive/engine.hpp"
#include "ai/local/speech.hpp"
#include "ai/speech.hpp"
#include "async/cpu_pool.hpp"
#include "base/error.hpp"

namespace persona::bot {

// Hears "Piece N." in segment N. Remembers how often each segment came.
class Ears : public ai::SpeechEngine {
public:
    // Before a segment is heard, on a thread of a pool; time: 1 is the first of this segment. May throw, may wait.
    std::function<void(const ai::Segment& segment, int time)> before;
    double log_probability = -0.1;             // below -0.4 the language gate refuses
    std::optional<ai::LanguageGuess> guessed;  // of any recording
    std::vector<std::string> wanted;           // the language of each segment, as it was asked for

    std::string_view name() const override { return "Ears"; }
    const std::vector<std::string>& languages() const override { return languages_; }
    bool invents() const override { return true; }
    Millis longest_segment() const override { return 20s; }
    Task<std::expected<ai::Piece, ai::SpeechError>> transcribe(const ai::Segment& segment, ai::SpeechRequest request, Deadline) override {
        wanted.push_back(request.language);
        co_return co_await pool_.run([&] { return hear(segment, request.language); });
    }
    Task<std::optional<ai::LanguageGuess>> guess(const ai::Segment&, Deadline) override { co_return guessed; }
    // "1 2 1": how often segments 0, 1 and 2 came.
    std::string heard() const {
        const std::lock_guard lock(mutex_);
        std::string out;
        for (const auto& [index, times] : heard_) out += (out.empty() ? "" : " ") + std::to_string(times);
        return out;
    }

private:
    ai::Piece hear(const ai::Segment& segment, const std::string& language) {
        int time = 0;
        {
            const std::lock_guard lock(mutex_);
            time = ++heard_[segment.index];
        }
        if (before) before(segment, time);
        const Millis begin = ai::speech_time(segment.begin), end = ai::speech_time(segment.end());
        return {.index = segment.index,
                .begin = begin,
                .end = end,
                .text = "Piece " + std::to_string(segment.index) + ".",
                .log_probability = log_probability,
                .tokens = static_cast<int>((end - begin).count() / 200),
                .language = language.empty() ? "en" : language};
    }

    CpuPool pool_{2};
    const std::vector<std::string> languages_{"en"};
    mutable std::mutex mutex_;
    std::map<std::size_t, int> heard_;
};

// Writes as the local engine does, until a test says otherwise or sets another engine in its place.
class Pen : public ai::TextEngine {
public:
    using Answer = std::expected<media::Document, ai::TextError>;
    std::function<Answer(int time)> write;  // on a thread of the CPU pool; time: 1 is the first
    const ai::TextEngine* other = nullptr;
    mutable int times = 0;

    explicit Pen(CpuPool& pool) : pool_(pool) {}

    Task<std::expected<ai::Written, ai::TextError>> produce(ai::Output output, ai::TranscriptView transcript, ai::DocumentContext context,
                                                            Deadline deadline) const override {
        ++times;
        if (other) co_return co_await other->produce(output, transcript, context, deadline);
        auto answer = co_await pool_.run([&] { return write ? write(times) : ai::write_basic(output, transcript, context); });
        if (!answer) co_return std::unexpected(answer.error());
        co_return ai::Written{std::move(*answer), ai::Mode::basic};
    }

private:
    CpuPool& pool_;
};

// Answers as a test says, or as the engine that it sets in its place; else as the local engine does.
class Voice : public ai::DialogueEngine {
public:
    using Answer = std::expected<ai::Reply, ai::DialogueError>;
    std::function<Task<Answer>(ai::DialogueQuestion, ai::Heard)> speak;
    const ai::DialogueEngine* other = nullptr;
    mutable std::vector<ai::DialogueQuestion> asked;

    explicit Voice(CpuPool& pool) : local_(pool) {}

    Task<Answer> answer(ai::DialogueQuestion question, ai::Heard heard, Deadline deadline) const override {
        asked.push_back(question);
        if (speak) co_return co_await speak(std::move(question), std::move(heard));
        const ai::DialogueEngine& engine = other ? *other : local_;
        co_return co_await engine.answer(std::move(question), std::move(heard), deadline);
    }

private:
    ai::ExtractiveDialogue local_;
};

// Where a thread of the pool stands until the test lets it go.
class Gate {
public:
    void stand() { opened_.wait(); }
    void open() { promise_.set_value(); }

private:
    std::promise<void> promise_;
    std::shared_future<void> opened_ = promise_.get_future().share();
};

}  // namespace persona::bot
