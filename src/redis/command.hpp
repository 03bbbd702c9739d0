// One command in its wire form: an array of bulk strings.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace persona::redis {

class Command {
public:
    // Command("SET", key, value, "PX", 5000): texts as bytes, integers in decimal.
    template <class... Args>
    explicit Command(std::string_view name, const Args&... args) {
        add(name);
        (add(args), ...);
    }

    Command& add(std::string_view text);
    Command& add(std::integral auto number) { return add(std::string_view(fmt::format_int(number).c_str())); }

    // May be carried out twice: sent again, once, when its reply was lost with the connection. Nothing else ever is.
    Command& idempotent() {
        idempotent_ = true;
        return *this;
    }
    bool is_idempotent() const { return idempotent_; }

    void append_to(std::string& wire) const;

private:
    std::string args_;
    unsigned count_ = 0;
    bool idempotent_ = false;
};

}  // namespace persona::redis
