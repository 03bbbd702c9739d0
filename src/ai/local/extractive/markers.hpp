// The words by which decisions, tasks, questions and agenda items are known, as tables of patterns (phrase.hpp) per language.
// Private to the extractive engine.
#pragma once

#include "ai/local/extractive/phrase.hpp"

namespace persona::ai::extractive {

struct Markers {
    std::vector<Phrase> decision;
    std::vector<Phrase> undecided;         // beats decision: "ещё не решили", "need to decide"
    std::vector<Phrase> task;              // enough alone
    std::vector<Phrase> task_of_name;      // must follow a person's name
    std::vector<Phrase> task_before_name;  // must stand right before one: «поручаю Игорю», "assigned to Tom"
    std::vector<Phrase> plea;              // asks whoever is spoken to: «проверьте», "please send"
    std::vector<Phrase> task_of_speaker;   // "I'll", «подготовлю»: the speaker's own
    std::vector<Phrase> task_with_due;     // only when a term is named too
    std::vector<Phrase> no_task;           // beats all of the above: «нужно понимать», "we'll see"
    std::vector<Phrase> request;           // what makes a question a task: «сможете подготовить», "can you"
    std::vector<Phrase> question;          // an open question without a question mark
    std::vector<Phrase> unknown_answer;    // what leaves the question before it open
    std::vector<Phrase> acceptance;        // how one takes a task: «хорошо», "will do"
    std::vector<Phrase> agenda;
    std::vector<Phrase> decision_list;  // opens a list of decisions: «Решили:», "Decisions:"
    std::vector<Phrase> task_list;      // opens a list of tasks
    std::vector<Phrase> date;           // a date that binds without a task: "the next meeting"
    std::vector<Phrase> pronoun;        // what leaves a task unsaid: «это», "that"
    std::vector<Phrase> weighty;        // says that something matters: «главное», "to sum up"
    std::vector<Phrase> leaning;        // opens a sentence that needs the one before: «поэтому», "they"
};

const Markers& markers(Language language);

}  // namespace persona::ai::extractive
