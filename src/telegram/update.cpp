#include "telegram/update.hpp"

#include "telegram/message.hpp"

namespace persona::telegram {
namespace {

using What = decltype(Update::what);

Callback read_callback(const Fields& query) {
    Callback out{.id = query.need_text("id"), .from = read_person(query.need_object("from")), .data = query.text("data")};
    if (const auto message = query.object("message")) {
        out.chat = read_chat(message->need_object("chat"));
        out.message = MessageId(message->need_number("message_id"));
    }
    return out;
}

PreCheckout read_pre_checkout(const Fields& query) {
    return {.id = query.need_text("id"),
            .from = read_person(query.need_object("from")),
            .currency = query.need_text("currency"),
            .payload = query.need_text("invoice_payload"),
            .amount = query.need_number("total_amount")};
}

What read_membership(const Fields& change) {
    Membership out{.from = read_person(change.need_object("from")), .chat = read_chat(change.need_object("chat"))};
    const std::string status = change.need_object("new_chat_member").need_text("status");
    out.blocked = status == "kicked" || status == "left";
    if (out.chat.type != ChatType::private_chat) return Other{.from = {}, .chat = out.chat};
    return out;
}

struct Kind {
    std::string_view key;
    What (*read)(const Fields&);
};
constexpr Kind kinds[] = {
    {"message", [](const Fields& f) -> What { return read_message(f); }},
    {"callback_query", [](const Fields& f) -> What { return read_callback(f); }},
    {"pre_checkout_query", [](const Fields& f) -> What { return read_pre_checkout(f); }},
    {"my_chat_member", read_membership},
};

// What can still be told of an update that did not read: who sent it and where to answer.
Other remains(const Fields& event) {
    Other out;
    bool sound = true;
    const auto read = [&](const Fields& from, std::string_view key) -> std::optional<Fields> {
        simdjson::dom::object object;
        if (from.raw().at_key(key).get(object) != simdjson::SUCCESS) return {};
        return Fields(object, sound);
    };
    if (const auto from = read(event, "from")) {
        Person person = read_person(*from);
        if (sound) out.from = std::move(person);
    }
    sound = true;
    const auto message = read(event, "message");
    if (const auto chat = read(message ? *message : event, "chat")) {
        const Chat where = read_chat(*chat);
        if (sound) out.chat = where;
    }
    return out;
}

What read_what(simdjson::dom::object update) {
    for (const auto& [key, read] : kinds) {
        simdjson::dom::element element;
        if (update.at_key(key).get(element) != simdjson::SUCCESS) continue;
        simdjson::dom::object object;
        if (element.get(object) != simdjson::SUCCESS) break;
        bool sound = true;
        const Fields fields(object, sound);
        What what = read(fields);
        return sound ? std::move(what) : remains(fields);
    }
    return Other{};
}

simdjson::dom::parser& parser() {
    thread_local simdjson::dom::parser instance;  // keeps its buffers between documents
    return instance;
}

std::optional<Update> read_update(simdjson::dom::element element) {
    simdjson::dom::object object;
    std::int64_t id = 0;
    if (element.get(object) != simdjson::SUCCESS || object.at_key("update_id").get(id) != simdjson::SUCCESS) return {};
    return Update{UpdateId(id), read_what(object), {}};
}

struct WhoActs {
    const Person* operator()(const Message& m) const { return m.from && m.chat.type != ChatType::channel ? &*m.from : nullptr; }
    const Person* operator()(const Other& o) const { return o.from ? &*o.from : nullptr; }
    const Person* operator()(const auto& known) const { return &known.from; }
};
struct Where {
    const Chat* operator()(const Message& m) const { return &m.chat; }
    const Chat* operator()(const Callback& c) const { return c.chat ? &*c.chat : nullptr; }
    const Chat* operator()(const PreCheckout&) const { return nullptr; }
    const Chat* operator()(const Membership& m) const { return &m.chat; }
    const Chat* operator()(const Other& o) const { return o.chat ? &*o.chat : nullptr; }
};

}  // namespace

const Person* Update::person() const { return std::visit(WhoActs(), what); }
const Chat* Update::chat() const { return std::visit(Where(), what); }

std::optional<Update> parse_update(std::string_view json) {
    simdjson::dom::element element;
    if (parser().parse(json.data(), json.size()).get(element) != simdjson::SUCCESS) return {};
    auto update = read_update(element);
    if (update) update->raw = std::string(json);
    return update;
}

std::optional<std::vector<Update>> parse_updates(std::string_view answer) {
    simdjson::dom::element element;
    simdjson::dom::array results;
    if (parser().parse(answer.data(), answer.size()).get(element) != simdjson::SUCCESS) return {};
    if (element["result"].get(results) != simdjson::SUCCESS) return {};
    std::vector<Update> out;
    for (const auto result : results) {
        auto update = read_update(result);
        if (!update) continue;
        update->raw = simdjson::minify(result);
        out.push_back(std::move(*update));
    }
    return out;
}

}  // namespace persona::telegram
