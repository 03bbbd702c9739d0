// Tasks in a single sentence: who is to do what by when. Private to the extractive engine.
#pragma once

#include "ai/local/extractive/markers.hpp"
#include "ai/local/extractive/people.hpp"

namespace persona::ai::extractive {

class TaskFinder {
public:
    explicit TaskFinder(const Transcript& transcript);

    // The tasks of one sentence, one per person it names with a task of their own; empty when it gives none.
    std::vector<ActionItem> in(std::size_t sentence) const;

    // Whether a sentence opens with taking a task: «Хорошо», "Will do".
    bool accepts(std::size_t sentence) const;

private:
    struct Named {
        std::string name;
        std::size_t begin = 0;  // words
        std::size_t end = 0;
    };
    std::vector<Named> named_in(std::span<const Word> words) const;
    bool does(const Named& person, std::span<const Word> words) const;
    std::vector<Named> doers(std::span<const Word> words, const std::vector<Named>& named) const;
    std::string addressee(std::size_t sentence, const std::vector<Named>& named) const;
    bool gives_task(bool question, std::span<const Word> words, bool has_due) const;
    std::vector<Word> without_no_tasks(std::vector<Word> words) const;

    const Transcript& transcript_;
    People people_;
    const Markers& markers_;
};

// Whether any of the patterns stands at the very beginning.
bool opens_with(std::span<const Phrase> phrases, std::span<const Word> words);

}  // namespace persona::ai::extractive
