#include "sandbox/model/faults.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace persona::sandbox {
namespace {

struct Named {
    std::string_view name;
    Fault::Kind kind;
    int status;
    std::string_view description;
};
constexpr std::array<Named, 6> kinds = {{{"429", Fault::Kind::refuse, 429, "Too Many Requests: retry after "},
                                         {"500", Fault::Kind::refuse, 500, "Internal Server Error"},
                                         {"error", Fault::Kind::refuse, 400, "Bad Request"},
                                         {"drop_before", Fault::Kind::drop_before, 0, ""},
                                         {"drop_after", Fault::Kind::drop_after, 0, ""},
                                         {"slow", Fault::Kind::slow, 0, ""}}};

constexpr std::string_view download = "file";

bool same_method(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::expected<Fault, std::string> Faults::add(const json::object& wanted) {
    const auto known = std::ranges::find(kinds, text_of(wanted, "kind"), &Named::name);
    if (known == kinds.end()) return std::unexpected("kind must be 429, 500, error, drop_before, drop_after or slow");
    Fault fault;
    fault.id = next_++;
    fault.kind = known->kind;
    fault.name = known->name;
    fault.status = static_cast<int>(integer_of(wanted, "status", known->status));
    fault.count = static_cast<int>(integer_of(wanted, "count", 1));
    fault.delay = std::chrono::milliseconds(integer_of(wanted, "delay_ms", 1000));
    if (wanted.contains("method")) fault.method = text_of(wanted, "method");
    if (wanted.contains("chat_id")) fault.chat_id = integer_of(wanted, "chat_id");
    if (fault.status == 429) fault.retry_after = integer_of(wanted, "retry_after", 1);
    fault.description = known->description;
    if (fault.retry_after) fault.description = "Too Many Requests: retry after " + std::to_string(*fault.retry_after);
    if (wanted.contains("description")) fault.description = text_of(wanted, "description");
    pending_.push_back(fault);
    return fault;
}

std::optional<Fault> Faults::take(std::string_view method, std::int64_t chat_id) {
    const auto fits = [&](const Fault& fault) {
        const bool named = fault.method == "*" ? !same_method(method, "getUpdates") && method != download : same_method(fault.method, method);
        return named && (!fault.chat_id || *fault.chat_id == chat_id);
    };
    const auto found = std::ranges::find_if(pending_, fits);
    if (found == pending_.end()) return std::nullopt;
    Fault fault = *found;
    if (--found->count <= 0) pending_.erase(found);
    return fault;
}

json::array Faults::list() const {
    json::array out;
    for (const auto& fault : pending_)
        out.push_back({{"id", fault.id}, {"method", fault.method}, {"kind", fault.name}, {"count", fault.count}, {"status", fault.status}});
    return out;
}

}  // namespace persona::sandbox
