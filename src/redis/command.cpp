#include "redis/command.hpp"

namespace persona::redis {

Command& Command::add(std::string_view text) {
    const fmt::format_int size(text.size());
    args_.append(1, '$').append(size.data(), size.size()).append("\r\n").append(text).append("\r\n");
    ++count_;
    return *this;
}

void Command::append_to(std::string& wire) const {
    const fmt::format_int count(count_);
    wire.append(1, '*').append(count.data(), count.size()).append("\r\n").append(args_);
}

}  // namespace persona::redis
