// A Lua script that Redis keeps by the hash of its text.
#pragma once

#include <string>

namespace persona::redis {

class Script {
public:
    // name: for the log and the metrics.
    Script(std::string name, std::string text);

    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }
    // SHA-1 in lower-case hexadecimal, as EVALSHA wants it.
    const std::string& sha() const { return sha_; }

private:
    std::string name_, text_, sha_;
};

}  // namespace persona::redis
