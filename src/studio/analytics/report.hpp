// A report as data, and its three forms: for a terminal, a spreadsheet and a script.
#pragma once

#include <string>
#include <vector>

namespace persona::analytics {

struct Column {
    enum class Kind {
        text,
        count,   // a whole number
        amount,  // coins, "12.50"
    };
    std::string name;
    Kind kind = Kind::text;
};
struct Report {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;  // each as long as columns
};

// Columns side by side, numbers to the right; ends with a line break.
std::string as_table(const Report& report);
// RFC 4180 with a line of names. A text that a spreadsheet would take for a formula gets an apostrophe before it.
std::string as_csv(const Report& report);
// An array of objects; counts are numbers, amounts are strings: they must never become floating point.
std::string as_json(const Report& report);

}  // namespace persona::analytics
