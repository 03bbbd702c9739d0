// Who is meant: speakers of the transcript and common first names, in any case form. Private to the extractive engine.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ai/local/extractive/transcript.hpp"

namespace persona::ai::extractive {

struct Person {
    std::string name;      // as a document shows it: the speaker's label, else the nominative
    std::size_t size = 0;  // words taken
    explicit operator bool() const { return size > 0; }
};

class People {
public:
    explicit People(const Transcript& transcript);

    // The person named by the words that begin at `at`. Without capitals in the transcript, names that are words too
    // ("вера", "mark") are not taken for people.
    Person at(std::span<const Word> words, std::size_t at) const;

private:
    struct Known {
        std::string name;
        bool also_word = false;
        bool speaker = false;
    };
    void add(std::string_view folded_name, const Known& known);
    void add_speaker(const std::string& label);

    Language language_;
    bool cased_;
    std::unordered_map<std::string, Known> by_form_;
};

}  // namespace persona::ai::extractive
