#include "ai/local/extractive/tasks.hpp"

#include <algorithm>

#include "ai/local/extractive/due.hpp"

namespace persona::ai::extractive {

using Words = std::span<const Word>;

bool opens_with(std::span<const Phrase> phrases, Words words) {
    return std::ranges::any_of(phrases, [&](const Phrase& phrase) { return phrase.match(words, 0) > 0; });
}

TaskFinder::TaskFinder(const Transcript& transcript) : transcript_(transcript), people_(transcript), markers_(markers(transcript.language)) {}

std::vector<TaskFinder::Named> TaskFinder::named_in(Words words) const {
    std::vector<Named> all;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Person person = people_.at(words, i);
        if (!person) continue;
        all.push_back({person.name, i, i + person.size});
        i += person.size - 1;
    }
    return all;
}

// "Anna will…", «Анна, подготовьте…», «поручаю Анне…», "Anna - the report by Friday", "…, Anna."
bool TaskFinder::does(const Named& person, Words words) const {
    if (opens_with(markers_.task_of_name, words.subspan(person.end))) return true;
    if (words[person.end - 1].after == '-' && person.begin == 0) return true;
    if (person.begin == 0) return false;
    const Match before = find(markers_.task_before_name, words.first(person.begin));
    if (before && before.begin + before.size == person.begin) return true;
    return person.end == words.size() && words[person.begin - 1].after == ',' && contains(markers_.plea, words);
}

// "Tom and Priya, please…" is one doer with two names.
std::vector<TaskFinder::Named> TaskFinder::doers(Words words, const std::vector<Named>& named) const {
    std::vector<Named> result;
    for (std::size_t i = 0; i < named.size(); ++i) {
        Named person = named[i];
        bool acts = does(person, words);
        while (i + 1 < named.size() && person.end + 1 == named[i + 1].begin &&
               (words[person.end].folded == "и" || words[person.end].folded == "and")) {
            const Named& next = named[++i];
            acts = acts || does(next, words);
            person = {person.name + ", " + next.name, person.begin, next.end};
        }
        if (acts && std::ranges::find(result, person.name, &Named::name) == result.end()) result.push_back(std::move(person));
    }
    return result;
}

// A plea without a name is put to whoever was called by name just before, else to whom the remark answers.
std::string TaskFinder::addressee(std::size_t sentence, const std::vector<Named>& named) const {
    const Sentence& s = transcript_.sentences[sentence];
    if (!named.empty() || !contains(markers_.plea, s.words)) return {};
    const Spoken& remark = transcript_.remarks[s.remark];
    for (std::size_t i = sentence; i-- > remark.first;) {
        const auto called = named_in(transcript_.sentences[i].words);
        const bool vocative = !called.empty() && called[0].begin == 0 && transcript_.sentences[i].words[called[0].end - 1].after == ',';
        if (vocative) return called[0].name;
    }
    if (sentence != remark.first || s.remark == 0) return {};
    const std::string& before = transcript_.remarks[s.remark - 1].speaker;
    return before == remark.speaker ? "" : before;
}

bool TaskFinder::gives_task(bool question, Words words, bool has_due) const {
    if (question) return has_due && contains(markers_.request, words);
    return contains(markers_.task, words) || (has_due && contains(markers_.task_with_due, words));
}

// «нужно понимать, что Анна подготовит отчёт»: what only looks like a task is blotted out, the rest of the sentence still counts.
std::vector<Word> TaskFinder::without_no_tasks(std::vector<Word> words) const {
    for (std::size_t at = 0; at < words.size();) {
        const Match match = find(markers_.no_task, Words(words).subspan(at));
        if (!match) break;
        for (std::size_t i = 0; i < match.size; ++i) words[at + match.begin + i].folded.clear();
        at += match.begin + match.size;
    }
    return words;
}

std::vector<ActionItem> TaskFinder::in(std::size_t sentence) const {
    const Sentence& s = transcript_.sentences[sentence];
    const std::vector<Word> unmasked = without_no_tasks(s.words);
    const Words words = unmasked;
    if (s.question() && !contains(markers_.request, words)) return {};
    const auto due_in = [&](Words some) { return due_of(s.text, some, transcript_.language); };
    const auto named = named_in(words);
    const auto acting = doers(words, named);
    std::vector<ActionItem> tasks;
    for (std::size_t i = 0; i < acting.size(); ++i) {
        const std::size_t end = i + 1 < acting.size() ? acting[i + 1].begin : words.size();
        const std::size_t begin = acting.size() == 1 ? 0 : acting[i].begin;
        tasks.push_back({s.text, acting[i].name, due_in(words.subspan(begin, end - begin))});
        // A dash alone promises nothing: "Anna - our designer".
        const bool dash_only = words[acting[i].end - 1].after == '-' && !opens_with(markers_.task_of_name, words.subspan(acting[i].end));
        if (dash_only && tasks.back().due.empty()) tasks.pop_back();
    }
    if (!tasks.empty()) return tasks;
    const std::string due = due_in(words);
    if (!s.question() && contains(markers_.task_of_speaker, words)) return {{s.text, transcript_.remarks[s.remark].speaker, due}};
    if (gives_task(s.question(), words, !due.empty())) return {{s.text, addressee(sentence, named), due}};
    if (!s.question() && opens_with(markers_.plea, words)) {
        if (std::string to = addressee(sentence, named); !to.empty()) return {{s.text, std::move(to), due}};
    }
    return {};
}

bool TaskFinder::accepts(std::size_t sentence) const { return opens_with(markers_.acceptance, transcript_.sentences[sentence].words); }

}  // namespace persona::ai::extractive
