// The operator's figures for a look in passing.
#pragma once

#include <cstdint>

#include "base/coins.hpp"

namespace persona::analytics {

struct Figures {
    Coins revenue, topups;  // less what was given or taken back
    std::int64_t new_users = 0, operations = 0;
};
struct Summary {
    Figures today, week, month;  // 1, 7 and 30 days, today included
};

}  // namespace persona::analytics
