#include "ai/local/extractive/findings.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ai/local/extractive/due.hpp"
#include "ai/local/extractive/tasks.hpp"

namespace persona::ai::extractive {
namespace {

class Finder {
public:
    explicit Finder(const Transcript& transcript)
        : transcript_(transcript), tasks_(transcript), markers_(markers(transcript.language)), stemmer_(transcript.language) {
        findings_.marked.resize(transcript.sentences.size());
    }

    Findings all() {
        for (std::size_t i = 0; i < transcript_.sentences.size(); ++i) sentence(i);
        for (const ActionItem& task : findings_.tasks) {
            if (!task.due.empty()) findings_.deadlines.push_back(task);
        }
        std::ranges::move(dates_, std::back_inserter(findings_.deadlines));
        return std::move(findings_);
    }

private:
    const Sentence& at(std::size_t i) const { return transcript_.sentences[i]; }

    void sentence(std::size_t i) {
        const Sentence& s = at(i);
        if (opens_list(i) || s.words.size() < 2) return;
        if (!transcript_.remarks[s.remark].item) list_ = List::none;
        const bool decided = !s.question() && (list_ == List::decisions || says_decision(s));
        std::vector<ActionItem> tasks = tasks_.in(i);
        if (tasks.empty() && list_ == List::tasks) tasks.push_back({s.text, "", due_of(s.text, s.words, transcript_.language)});
        if (decided) add_decision(i, tasks);
        if (!tasks.empty()) return add_tasks(i, tasks);
        if (decided) return;
        if (contains(markers_.date, s.words)) add_date(i);
        if (open_question(i))
            add_question(i);
        else if (says_agenda(s))
            add(findings_.agenda, i);
    }

    // «Решили:» above a list makes its items decisions.
    bool opens_list(std::size_t i) {
        constexpr std::size_t longest = 4;
        const Sentence& s = at(i);
        if (!s.text.ends_with(':') || s.words.size() > longest) return false;
        if (opens_with(markers_.decision_list, s.words))
            list_ = List::decisions;
        else if (opens_with(markers_.task_list, s.words))
            list_ = List::tasks;
        else
            return false;
        findings_.marked[i] = true;
        return true;
    }

    bool says_decision(const Sentence& s) const {
        return s.words.size() > 2 && contains(markers_.decision, s.words) && !contains(markers_.undecided, s.words);
    }

    bool says_agenda(const Sentence& s) const {
        constexpr std::size_t longest = 30;
        return s.words.size() > 2 && s.words.size() <= longest && !s.question() && contains(markers_.agenda, s.words);
    }

    void add(std::vector<std::string>& to, std::size_t i) {
        findings_.marked[i] = true;
        if (known_.insert(at(i).text).second) to.push_back(at(i).text);
    }

    // "That is still unclear." after an open question says nothing new.
    void add_question(std::size_t i) {
        constexpr std::size_t echo = 6;
        const bool repeats = i > 0 && at(i - 1).question() && known_.contains(at(i - 1).text) && at(i).words.size() <= echo && !at(i).question();
        if (repeats)
            findings_.marked[i] = true;
        else
            add(findings_.questions, i);
    }

    void add_date(std::size_t i) {
        std::string due = due_of(at(i).text, at(i).words, transcript_.language);
        if (due.empty() || !known_.insert(at(i).text).second) return;
        dates_.push_back({at(i).text, "", std::move(due)});
        findings_.marked[i] = true;
    }

    void add_decision(std::size_t i, const std::vector<ActionItem>& tasks) {
        const Sentence& s = at(i);
        findings_.marked[i] = true;
        if (!known_.insert("d " + s.text).second) return;
        findings_.decisions.push_back({s.text, tasks.empty() ? "" : tasks[0].owner, due_of(s.text, s.words, transcript_.language)});
    }

    void add_tasks(std::size_t i, const std::vector<ActionItem>& tasks) {
        findings_.marked[i] = true;
        if (answers_task(i, tasks)) return;
        for (ActionItem task : tasks) {
            const auto [known, added] = task_at_.try_emplace(task.owner + '\n' + task.text, findings_.tasks.size());
            if (added) add_task(i, std::move(task), known->second);
            last_ = {i, known->second};
        }
    }

    void add_task(std::size_t i, ActionItem task, std::size_t& place) {
        if (task.due.empty()) task.due = due_in_answer(i, task.owner);
        if (says_more(i, task)) {
            place = last_->task;
            findings_.tasks[place] = std::move(task);
        } else {
            findings_.tasks.push_back(std::move(task));
        }
    }

    // "Anna, take this." - "Yes, I'll call them on Monday.": one task, told by the sentence that says what it is.
    bool answers_task(std::size_t i, const std::vector<ActionItem>& answer) {
        const Sentence& s = at(i);
        const std::string& speaker = transcript_.remarks[s.remark].speaker;
        if (s.remark == 0 || i != transcript_.remarks[s.remark].first || !tasks_.accepts(i) || answer[0].owner != speaker) return false;
        constexpr std::size_t bare = 3;
        const bool asked = last_ && at(last_->sentence).remark + 1 == s.remark && findings_.tasks[last_->task].owner == speaker;
        if (!asked) return s.words.size() <= bare;
        ActionItem& task = findings_.tasks[last_->task];
        if (task.due.empty()) task.due = answer[0].due;
        if (contains(markers_.pronoun, at(last_->sentence).words) && at(last_->sentence).words.size() < s.words.size()) task.text = s.text;
        return true;
    }

    // "We need a guide. Alexey will write the guide by Friday.": the second sentence says what the first left open.
    bool says_more(std::size_t i, const ActionItem& task) const {
        if (!last_ || last_->sentence + 1 != i || at(last_->sentence).remark != at(i).remark || task.owner.empty()) return false;
        const ActionItem& before = findings_.tasks[last_->task];
        return before.owner.empty() && before.due.empty() && share_a_stem(at(last_->sentence), at(i));
    }

    bool share_a_stem(const Sentence& a, const Sentence& b) const {
        constexpr std::size_t telling = 8;  // bytes: four Russian letters, eight English ones
        std::unordered_set<std::string> stems;
        for (const Word& word : a.words) {
            if (word.folded.size() >= telling && !stop_word(transcript_.language, word.folded)) stems.insert(stemmer_.stem(word.folded));
        }
        return std::ranges::any_of(b.words, [&](const Word& word) { return stems.contains(stemmer_.stem(word.folded)); });
    }

    // "Can you send it?" - "Yes, by Friday."
    std::string due_in_answer(std::size_t i, const std::string& owner) const {
        const std::size_t next = at(i).remark + 1;
        if (owner.empty() || next >= transcript_.remarks.size() || transcript_.remarks[next].speaker != owner) return {};
        const Spoken& answer = transcript_.remarks[next];
        if (answer.count == 0 || !tasks_.accepts(answer.first)) return {};
        return due_of(at(answer.first).text, at(answer.first).words, transcript_.language);
    }

    // A question that nobody answers: what follows in its remark and the next says "I don't know", or nothing follows.
    bool open_question(std::size_t i) const {
        const Sentence& s = at(i);
        constexpr std::size_t shortest = 3;
        if (s.words.size() < shortest) return false;
        if (!s.question()) return contains(markers_.question, s.words);
        const std::size_t remark = s.remark;
        const Spoken& own = transcript_.remarks[remark];
        std::size_t end = own.first + own.count;
        if (remark + 1 < transcript_.remarks.size()) end += std::min<std::size_t>(transcript_.remarks[remark + 1].count, 2);
        end = std::min(end, i + 4);
        if (i + 1 >= end) return true;
        return std::ranges::any_of(transcript_.sentences.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                   transcript_.sentences.begin() + static_cast<std::ptrdiff_t>(end),
                                   [&](const Sentence& answer) { return contains(markers_.unknown_answer, answer.words); });
    }

    enum class List { none, decisions, tasks };

    const Transcript& transcript_;
    TaskFinder tasks_;
    const Markers& markers_;
    Stemmer stemmer_;
    Findings findings_;
    List list_ = List::none;  // the list whose items are being read
    std::vector<ActionItem> dates_;
    std::unordered_set<std::string> known_;
    std::unordered_map<std::string, std::size_t> task_at_;  // owner and text -> its place in the list
    struct Last {
        std::size_t sentence;
        std::size_t task;
    };
    std::optional<Last> last_;  // the newest sentence that gave a task
};

}  // namespace

Findings findings_of(const Transcript& transcript) { return Finder(transcript).all(); }

}  // namespace persona::ai::extractive
