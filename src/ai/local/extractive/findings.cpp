#include "ai/local/extractive/findings.hpp"

#include "ai/local/extractive/due.hpp"
#include "ai/local/extractive/markers.hpp"
#include "ai/local/extractive/people.hpp"

#include <algorithm>
#include <optional>

namespace persona::ai::extractive {
namespace {

using Words = std::span<const Word>;

struct Named {
    std::string name;
    std::size_t begin = 0;  // of the name, in words
    std::size_t end = 0;
};

std::vector<Named> named_in(const People& people, Words words) {
    std::vector<Named> all;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (const Person person = people.at(words, i)) {
            all.push_back({person.name, i, i + person.size});
            i += person.size - 1;
        }
    }
    return all;
}

bool at_start(std::span<const Phrase> phrases, Words words) {
    return std::ranges::any_of(phrases, [&](const Phrase& p) { return p.match(words, 0) > 0; });
}

class Finder {
public:
    explicit Finder(const Transcript& transcript) : transcript_(transcript), people_(transcript), markers_(markers(transcript.language)) {
        findings_.marked.resize(transcript.sentences.size());
    }

    Findings all() {
        for (std::size_t i = 0; i < transcript_.sentences.size(); ++i) sentence(i);
        return std::move(findings_);
    }

private:
    const Sentence& at(std::size_t i) const { return transcript_.sentences[i]; }

    void sentence(std::size_t i) {
        const Sentence& s = at(i);
        if (s.words.size() < 2) return;
        const bool question = s.question();
        const bool decided = !question && contains(markers_.decision, s.words) && !contains(markers_.undecided, s.words) && s.words.size() > 2;
        const auto task = task_of(i);
        if (decided) add_decision(i, task);
        if (task) add_task(i, *task);
        if (!task && !decided && open_question(i)) add(findings_.questions, i);
        if (!question && contains(markers_.agenda, s.words) && s.words.size() > 2 && s.words.size() <= 30 && !task && !decided) add(findings_.agenda, i);
    }

    void add(std::vector<std::string>& to, std::size_t i) {
        if (std::ranges::find(to, at(i).text) != to.end()) return;
        to.push_back(at(i).text);
        findings_.marked[i] = true;
    }

    // The person before the first word that makes it a task; without one, whoever the task is put to.
    std::optional<std::string> doer(Words words, const std::vector<Named>& named) const {
        for (const Named& person : named) {
            if (at_start(markers_.task_of_name, words.subspan(person.end))) return person.name;
        }
        if (!named.empty() && contains(markers_.task, words)) return named.front().name;
        return std::nullopt;
    }

    // Two people, one task: "Tom and Priya, please prepare".
    static std::string together(const std::string& owner, const std::vector<Named>& named, Words words) {
        for (std::size_t i = 0; i + 1 < named.size(); ++i) {
            const bool joined = named[i].end + 1 == named[i + 1].begin && (words[named[i].end].folded == "и" || words[named[i].end].folded == "and");
            if (joined && (named[i].name == owner || named[i + 1].name == owner)) return named[i].name + ", " + named[i + 1].name;
        }
        return owner;
    }

    std::optional<Task> task_of(std::size_t i) const {
        const Sentence& s = at(i);
        const Words words = s.words;
        if (s.question() && !contains(markers_.request, words)) return std::nullopt;
        if (contains(markers_.no_task, words)) return std::nullopt;
        const auto named = named_in(people_, words);
        Task task{.text = s.text, .due = due_of(s.text, words, transcript_.language)};
        if (const auto name = doer(words, named)) {
            task.owner = together(*name, named, words);
        } else if (contains(markers_.task_of_speaker, words)) {
            task.owner = transcript_.remarks[s.remark].speaker;
        } else if (!contains(markers_.task, words) && !(s.question() && contains(markers_.request, words) && !task.due.empty())
                   && (task.due.empty() || !contains(markers_.task_with_due, words))) {
            return std::nullopt;
        }
        return task;
    }

    void add_decision(std::size_t i, const std::optional<Task>& task) {
        const Sentence& s = at(i);
        if (std::ranges::any_of(findings_.decisions, [&](const Decision& d) { return d.text == s.text; })) return;
        findings_.decisions.push_back({s.text, task ? task->owner : "", due_of(s.text, s.words, transcript_.language)});
        findings_.marked[i] = true;
    }

    void add_task(std::size_t i, Task task) {
        if (task.due.empty()) task.due = due_in_answer(i, task.owner);
        if (std::ranges::any_of(findings_.tasks, [&](const Task& t) { return t.text == task.text; })) return;
        findings_.tasks.push_back(std::move(task));
        findings_.marked[i] = true;
    }

    // "Can you send it?" - "Yes, by Friday.": the next remark, when it is the owner's and takes the task.
    std::string due_in_answer(std::size_t i, const std::string& owner) const {
        const std::size_t next = at(i).remark + 1;
        if (next >= transcript_.remarks.size() || owner.empty() || transcript_.remarks[next].speaker != owner) return {};
        const Spoken& answer = transcript_.remarks[next];
        if (answer.count == 0 || !at_start(markers_.acceptance, at(answer.first).words)) return {};
        return due_of(at(answer.first).text, at(answer.first).words, transcript_.language);
    }

    bool open_question(std::size_t i) const {
        const Sentence& s = at(i);
        if (!s.question()) return contains(markers_.question, s.words);
        if (s.words.size() < 4) return false;
        const std::size_t next = at(i).remark + 1;
        const Spoken& remark = transcript_.remarks[s.remark];
        const bool last_of_remark = i + 1 == remark.first + remark.count;
        if (!last_of_remark || next >= transcript_.remarks.size()) return i + 1 >= transcript_.sentences.size() || contains(markers_.unknown_answer, at(i + 1).words);
        const Spoken& answer = transcript_.remarks[next];
        for (std::size_t k = answer.first; k < answer.first + std::min<std::size_t>(answer.count, 2); ++k) {
            if (contains(markers_.unknown_answer, at(k).words)) return true;
        }
        return false;
    }

    const Transcript& transcript_;
    People people_;
    const Markers& markers_;
    Findings findings_;
};

}  // namespace

Findings findings_of(const Transcript& transcript) { return Finder(transcript).all(); }

}  // namespace persona::ai::extractive
