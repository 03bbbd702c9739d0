#include "ai/remote/chat/notes.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <unordered_set>

#include "ai/local/extractive/words.hpp"

namespace persona::ai {
namespace {

namespace json = boost::json;

using Strings = std::vector<std::string>;
using Member = std::variant<Strings Notes::*, std::vector<Remark> Notes::*, std::vector<Decision> Notes::*, std::vector<ActionItem> Notes::*>;

constexpr unsigned used_by(std::initializer_list<Output> outputs) {
    unsigned bits = 0;
    for (const Output output : outputs) bits |= 1U << static_cast<unsigned>(output);
    return bits;
}

struct Section {
    std::string_view name;
    Member member;
    unsigned outputs;
    std::string_view what;
};
using enum Output;
constexpr Section sections[] = {
    {"participants", &Notes::participants, used_by({full_transcript, mom, protocol}),
     "who takes part, each once, as they are named in the transcript"},
    {"agenda", &Notes::agenda, used_by({protocol}), "the questions that were discussed, each as a short noun phrase"},
    {"points", &Notes::points, used_by({summary, mom}), "what mattered: results, numbers, reasons, risks; one finished sentence each"},
    {"remarks", &Notes::remarks, used_by({full_transcript, protocol}), "who said what, in the order of the transcript; time as it is written there"},
    {"decisions", &Notes::decisions, used_by({summary, mom, protocol}),
     "what was decided, not what was only proposed; with who answers for it and the term"},
    {"tasks", &Notes::tasks, used_by({summary, mom, todo, protocol}), "what somebody is to do, implied tasks too; text opens with a verb"},
    {"deadlines", &Notes::deadlines, used_by({mom}), "every binding date; due is never empty"},
    {"questions", &Notes::questions, used_by({mom}), "what was left open"},
};

// The fields of an entry; the first must not be blank.
template <class Entry>
struct Field {
    std::string_view name;
    std::string Entry::* member;
};
constexpr auto fields_in(const Remark*) {
    return std::array{Field<Remark>{"text", &Remark::text}, Field<Remark>{"speaker", &Remark::speaker}, Field<Remark>{"time", &Remark::time}};
}
template <class Item>  // Decision and ActionItem
constexpr auto fields_in(const Item*) {
    return std::array{Field<Item>{"text", &Item::text}, Field<Item>{"owner", &Item::owner}, Field<Item>{"due", &Item::due}};
}

std::string trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
    return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

json::object string_schema() { return {{"type", "string"}}; }

json::object closed_object(json::object properties) {
    json::array required;
    for (const auto& property : properties) required.emplace_back(property.key());
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}, {"additionalProperties", false}};
}

json::object schema_of(const std::string*) { return string_schema(); }
template <class Entry>
json::object schema_of(const Entry* entry) {
    json::object properties;
    for (const auto& field : fields_in(entry)) properties[field.name] = string_schema();
    return closed_object(std::move(properties));
}

bool read(const json::value& value, std::string& out) {
    if (!value.is_string()) return false;
    out = trimmed(value.as_string());
    return true;
}
template <class Entry>
bool read(const json::value& value, Entry& out) {
    const json::object* object = value.if_object();
    const auto fields = fields_in(&out);
    if (!object || object->size() != fields.size()) return false;
    return std::ranges::all_of(fields, [&](const auto& field) {
        const json::value* text = object->if_contains(field.name);
        return text && read(*text, out.*field.member);
    });
}

json::value written(const std::string& text) { return json::value(text); }
template <class Entry>
json::value written(const Entry& entry) {
    json::object out;
    for (const auto& field : fields_in(&entry)) out[field.name] = entry.*field.member;
    return out;
}

const std::string& main_text(const std::string& text) { return text; }
template <class Entry>
const std::string& main_text(const Entry& entry) {
    return entry.text;
}

template <class Entry>
bool read_list(const json::value& value, std::vector<Entry>& out) {
    const json::array* list = value.if_array();
    if (!list) return false;
    for (const json::value& item : *list) {
        Entry entry;
        if (!read(item, entry)) return false;
        if (!main_text(entry).empty()) out.push_back(std::move(entry));
    }
    return true;
}

bool in(const Section& section, Output output) { return (section.outputs & used_by({output})) != 0; }

// Letters and digits only, so that "Отложить." and "отложить" are one.
std::string alike(std::string_view text) {
    std::string key;
    for (const auto& word : extractive::words_of(text)) key += word.folded + ' ';
    return key;
}

template <class Entry>
void join(std::vector<Entry>& into, const std::vector<Entry>& from) {
    std::unordered_set<std::string> known;
    for (const Entry& entry : into) known.insert(alike(main_text(entry)));
    for (const Entry& entry : from)
        if (known.insert(alike(main_text(entry))).second) into.push_back(entry);
}
// A remark that is made twice was said twice.
void join(std::vector<Remark>& into, const std::vector<Remark>& from) { into.insert(into.end(), from.begin(), from.end()); }

// Evenly over the list, the first and the last among them.
template <class Entry>
std::vector<Entry> some(std::vector<Entry> all, std::size_t most) {
    if (all.size() <= most) return all;
    std::vector<Entry> out;
    for (std::size_t i = 0; i < most; ++i) out.push_back(std::move(all[i * (all.size() - 1) / (most - 1)]));
    return out;
}

// Models like to wrap JSON in a fence, whatever they were told.
std::string_view without_fence(std::string_view text) {
    const std::size_t begin = text.find('{'), end = text.rfind('}');
    const bool fenced = text.find("```") < begin;
    return fenced && begin != std::string_view::npos && end > begin ? text.substr(begin, end - begin + 1) : text;
}

}  // namespace

bool Notes::empty() const {
    return std::ranges::all_of(sections,
                               [this](const Section& s) { return std::visit([this](auto member) { return (this->*member).empty(); }, s.member); });
}

json::object notes_schema(Output output) {
    json::object properties;
    for (const Section& section : sections) {
        if (!in(section, output)) continue;
        const auto items = std::visit([]<class E>(std::vector<E> Notes::*) { return schema_of(static_cast<const E*>(nullptr)); }, section.member);
        properties[section.name] = {{"type", "array"}, {"description", section.what}, {"items", items}};
    }
    return closed_object(std::move(properties));
}

std::string notes_legend(Output output) {
    std::string out;
    for (const Section& section : sections)
        if (in(section, output)) out.append("- ").append(section.name).append(": ").append(section.what).append("\n");
    return out;
}

std::optional<Notes> notes_from(Output output, std::string_view text) {
    boost::system::error_code failed;
    const json::value value = json::parse(without_fence(text), failed);
    const json::object* object = failed ? nullptr : value.if_object();
    if (!object) return std::nullopt;
    Notes notes;
    std::size_t known = 0;
    for (const Section& section : sections) {
        if (!in(section, output)) continue;
        const json::value* list = object->if_contains(section.name);
        if (!list || !std::visit([&](auto member) { return read_list(*list, notes.*member); }, section.member)) return std::nullopt;
        ++known;
    }
    std::erase_if(notes.deadlines, [](const ActionItem& item) { return item.due.empty(); });
    return known == object->size() ? std::optional(std::move(notes)) : std::nullopt;
}

json::object to_json(Output output, const Notes& notes) {
    json::object out;
    for (const Section& section : sections) {
        if (!in(section, output)) continue;
        json::array list;
        std::visit(
            [&](auto member) {
                for (const auto& entry : notes.*member) list.push_back(written(entry));
            },
            section.member);
        out[section.name] = std::move(list);
    }
    return out;
}

Notes joined(const std::vector<Notes>& parts) {
    Notes out;
    for (const Notes& part : parts)
        for (const Section& section : sections) std::visit([&](auto member) { join(out.*member, part.*member); }, section.member);
    return out;
}

TextFields fields_of(Output output, Notes n) {
    switch (output) {
        case full_transcript: return FullTranscript{std::move(n.participants), std::move(n.remarks)};
        case summary: return Summary{some(std::move(n.points), 7), some(std::move(n.decisions), 6), some(std::move(n.tasks), 8)};
        case mom:
            return Minutes{std::move(n.participants), some(std::move(n.points), 12), std::move(n.decisions),
                           std::move(n.tasks),        std::move(n.deadlines),        std::move(n.questions)};
        case todo: return TodoPlan{std::move(n.tasks)};
        case protocol:
            return Protocol{std::move(n.participants), std::move(n.agenda), std::move(n.remarks), std::move(n.decisions), std::move(n.tasks)};
    }
    return Summary{};
}

}  // namespace persona::ai
