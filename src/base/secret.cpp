#include "base/secret.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace persona {
namespace {

constexpr std::string_view mark = "[redacted]";

// Longer ones first: a secret may be the beginning of another.
struct LongerFirst {
    bool operator()(const std::string& a, const std::string& b) const { return a.size() != b.size() ? a.size() > b.size() : a < b; }
};

struct Registry {
    std::shared_mutex mutex;
    std::set<std::string, LongerFirst> values;
};

// Lives for ever: log lines are written until the last moment of the process.
Registry& registry() {
    static auto* instance = new Registry;
    return *instance;
}

bool token_character(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; }

// Telegram's tokens: 6 to 12 digits, a colon, 30 or more of [A-Za-z0-9_-].
void redact_tokens(std::string& text) {
    for (std::size_t colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
        std::size_t first = colon;
        while (first > 0 && text[first - 1] >= '0' && text[first - 1] <= '9') --first;
        std::size_t last = colon + 1;
        while (last < text.size() && token_character(text[last])) ++last;
        if (colon - first < 6 || last - colon - 1 < 30) continue;
        text.replace(first, last - first, mark);
        colon = first + mark.size() - 1;
    }
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {
    if (value_.size() < 6) return;
    std::unique_lock lock(registry().mutex);
    registry().values.insert(value_);
}

std::string redact(std::string_view text) {
    std::string out(text);
    {
        std::shared_lock lock(registry().mutex);
        for (const std::string& value : registry().values)
            for (std::size_t at = out.find(value); at != std::string::npos; at = out.find(value, at + mark.size()))
                out.replace(at, value.size(), mark);
    }
    redact_tokens(out);
    return out;
}

}  // namespace persona
