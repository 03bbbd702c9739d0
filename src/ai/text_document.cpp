#include "ai/text_document.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::ai {
namespace {

using namespace media;

// Every word of ours in the outputs.
struct Words {
    std::array<const char*, 5> titles;  // in the order of Output
    std::array<const char*, 3> notes;   // in the order of Mode; null: none
    const char* date;
    const char* author;
    const char* participants;
    const char* main_points;
    const char* decisions;
    const char* decision;
    const char* tasks;
    const char* deadlines;
    const char* questions;
    const char* agenda;
    const char* course;
    const char* signatures;
    const char* chair;
    const char* secretary;
    const char* without_owner;
    const char* no_decisions;
    const char* no_tasks;
    const char* no_deadlines;
    const char* no_questions;
    const char* no_agenda;
    const char* in_short;
    std::array<const char*, 4> counts;  // decisions, tasks, of them with a term, questions
};

constexpr std::array all_words = {
    Words{{"Полный официальный транскрипт", "Сводка встречи", "Протокол встречи (MoM)", "План задач (ToDo)", "Протокол заседания"},
          {"Базовый режим: предложения взяты из записи дословно, ничего не переписано и не добавлено.",
           "Базовый режим: языковая модель сейчас не отвечает, поэтому предложения взяты из записи дословно, ничего не переписано и не добавлено.",
           nullptr},
          "Дата",
          "Составил",
          "Участники",
          "Главное",
          "Решения",
          "Решение",
          "Задачи",
          "Сроки",
          "Открытые вопросы",
          "Повестка дня",
          "Ход заседания",
          "Подписи",
          "Председатель",
          "Секретарь",
          "Ответственный не назван",
          "Решений в записи не найдено.",
          "Задач в записи не найдено.",
          "Сроки в записи не названы.",
          "Открытых вопросов в записи не найдено.",
          "Повестка в записи не названа.",
          "Коротко",
          {"решений", "задач", "из них со сроком", "открытых вопросов"}},
    Words{{"Full official transcript", "Meeting summary", "Minutes of Meeting", "To-do plan", "Meeting protocol"},
          {"Basic mode: the sentences are taken from the transcript word for word, nothing is rewritten or added.",
           "Basic mode: the language model does not answer now, so the sentences are taken from the transcript word for word, nothing is rewritten "
           "or added.",
           nullptr},
          "Date",
          "Prepared by",
          "Participants",
          "Main points",
          "Decisions",
          "Decision",
          "Tasks",
          "Deadlines",
          "Open questions",
          "Agenda",
          "Proceedings",
          "Signatures",
          "Chair",
          "Secretary",
          "No owner named",
          "No decisions were found in the transcript.",
          "No tasks were found in the transcript.",
          "No deadlines are named in the transcript.",
          "No open questions were found in the transcript.",
          "No agenda is named in the transcript.",
          "In short",
          {"decisions", "tasks", "with a deadline", "open questions"}},
};

std::string comma_separated(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

class Composer {
public:
    Composer(Document& document, const DocumentContext& context)
        : document_(document),
          context_(context),
          words_(all_words[static_cast<std::size_t>(document.language)]),
          fixed_(fixed_words(document.language)) {}

    void operator()(const FullTranscript& fields) {
        head(fields.participants);
        for (const Remark& remark : fields.remarks) put(spoken(remark));
    }

    void operator()(const Summary& fields) {
        in_short({fields.decisions.size(), fields.tasks.size(), with_term(fields.tasks), 0});
        head({});
        if (!fields.points.empty()) heading(words_.main_points);
        for (const auto& point : fields.points) put(Bullet{{{point}}});
        if (!fields.decisions.empty()) heading(words_.decisions);
        for (const auto& decision : fields.decisions) put(Bullet{with_details(decision)});
        tasks(fields.tasks, false);
    }

    void operator()(const Minutes& fields) {
        in_short({fields.decisions.size(), fields.tasks.size(), with_term(fields.tasks), fields.questions.size()});
        head(fields.participants);
        if (!fields.summary.empty()) heading(words_.main_points);
        for (const auto& sentence : fields.summary) put(Bullet{{{sentence}}});
        heading(words_.decisions);
        for (const auto& decision : fields.decisions) put(Bullet{with_details(decision)});
        if (fields.decisions.empty()) put(plain(words_.no_decisions));
        tasks(fields.tasks, true);
        deadlines(fields.deadlines);
        heading(words_.questions);
        for (const auto& question : fields.questions) put(Bullet{{{question}}});
        if (fields.questions.empty()) put(plain(words_.no_questions));
    }

    void operator()(const TodoPlan& fields) {
        in_short({0, fields.tasks.size(), with_term(fields.tasks), 0});
        head({});
        if (fields.tasks.empty()) return put(plain(words_.no_tasks));
        for (const auto& owner : owners(fields.tasks)) {
            heading(owner.empty() ? words_.without_owner : owner.c_str());
            for (const ActionItem& task : fields.tasks) {
                if (task.owner == owner) put(CheckBox{false, task.text, "", task.due});
            }
        }
    }

    void operator()(const Protocol& fields) {
        put(KeyValue{words_.date, context_.date});
        put(KeyValue{words_.participants, comma_separated(fields.participants)});
        put(KeyValue{words_.chair, ""});
        put(KeyValue{words_.secretary, context_.author});
        heading(words_.agenda);
        for (const auto& item : fields.agenda) put(Bullet{{{item}}, true});
        if (fields.agenda.empty()) put(plain(words_.no_agenda));
        heading(words_.course);
        for (const Remark& remark : fields.course) put(spoken(remark));
        heading(words_.decisions);
        decision_table(fields.decisions);
        tasks(fields.tasks, true);
        heading(words_.signatures);
        put(KeyValue{words_.chair, ""});
        put(KeyValue{words_.secretary, ""});
    }

private:
    void put(Block block) { document_.blocks.push_back(std::move(block)); }
    void heading(const char* text) { put(Heading{1, text}); }
    static Paragraph plain(const char* text) { return {{{text}}}; }

    static std::size_t with_term(const std::vector<ActionItem>& tasks) {
        return static_cast<std::size_t>(std::ranges::count_if(tasks, [](const ActionItem& task) { return !task.due.empty(); }));
    }

    // The first line of a file, which a chat shows before anybody opens it.
    void in_short(const std::array<std::size_t, 4>& counts) {
        std::string text;
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (counts[i] > 0) text += fmt::format("{}{} — {}", text.empty() ? "" : ", ", words_.counts[i], counts[i]);
        if (!text.empty()) put(KeyValue{words_.in_short, text});
    }

    void head(const std::vector<std::string>& participants) {
        for (const auto& [key, value] :
             {std::pair{words_.date, context_.date}, {words_.author, context_.author}, {words_.participants, comma_separated(participants)}}) {
            if (!value.empty()) put(KeyValue{key, value});
        }
    }

    static Paragraph spoken(const Remark& remark) {
        Paragraph paragraph;
        if (!remark.time.empty()) paragraph.line.push_back({"[" + remark.time + "] "});
        if (!remark.speaker.empty()) paragraph.line.push_back({remark.speaker + ": ", true});
        paragraph.line.push_back({remark.text});
        return paragraph;
    }

    Line with_details(const Decision& decision) const {
        Line line = {{decision.text}};
        std::string details = decision.owner.empty() ? "" : fmt::format("{}: {}", fixed_.owner, decision.owner);
        if (!decision.due.empty()) details += fmt::format("{}{}: {}", details.empty() ? "" : " · ", fixed_.due, decision.due);
        if (!details.empty()) line.push_back({" (" + details + ")"});
        return line;
    }

    void tasks(const std::vector<ActionItem>& tasks, bool say_none) {
        if (tasks.empty() && !say_none) return;
        heading(words_.tasks);
        for (const ActionItem& task : tasks) put(CheckBox{false, task.text, task.owner, task.due});
        if (tasks.empty()) put(plain(words_.no_tasks));
    }

    void deadlines(const std::vector<ActionItem>& deadlines) {
        heading(words_.deadlines);
        for (const ActionItem& task : deadlines) {
            const bool named = task.owner.empty() || task.text.starts_with(task.owner);
            put(Bullet{{{task.due, true}, {(named ? " — " : " — " + task.owner + ": ") + task.text}}});
        }
        if (deadlines.empty()) put(plain(words_.no_deadlines));
    }

    void decision_table(const std::vector<Decision>& decisions) {
        if (decisions.empty()) return put(plain(words_.no_decisions));
        Table table{{"№", words_.decision, fixed_.owner, fixed_.due}, {}};
        for (const auto& decision : decisions)
            table.rows.push_back({std::to_string(table.rows.size() + 1), decision.text, decision.owner, decision.due});
        put(std::move(table));
    }

    // In the order they are first named; tasks of nobody last.
    static std::vector<std::string> owners(const std::vector<ActionItem>& tasks) {
        std::vector<std::string> names;
        for (const ActionItem& task : tasks) {
            if (std::ranges::find(names, task.owner) == names.end()) names.push_back(task.owner);
        }
        if (std::erase(names, "") > 0) names.emplace_back();
        return names;
    }

    Document& document_;
    const DocumentContext& context_;
    const Words& words_;
    const FixedWords& fixed_;
};

}  // namespace

Document compose(const TextFields& fields, Language language, const DocumentContext& context, Mode mode) {
    const Words& words = all_words[static_cast<std::size_t>(language)];
    Document document{
        .title = words.titles[fields.index()], .language = language, .author = context.author, .date = context.date, .created = context.created};
    std::visit(Composer(document, context), fields);
    if (const char* note = words.notes[static_cast<std::size_t>(mode)]) document.blocks.emplace_back(Note{note});
    return document;
}

}  // namespace persona::ai
