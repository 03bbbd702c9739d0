// A value that must never leave the process: its text is registered for redaction, it cannot be formatted or streamed.
#pragma once

#include <string>
#include <string_view>

namespace persona {

class Secret {
public:
    Secret() = default;
    // Registers the value with the redactor; values under 6 characters are kept but cannot be told from ordinary text.
    explicit Secret(std::string value);

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string value_;
};

// Replaces every registered secret, and everything of the shape of a bot token, by "[redacted]". Thread-safe.
std::string redact(std::string_view text);

}  // namespace persona
