#include "studio/analytics/report.hpp"

#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/number.hpp"

namespace persona::analytics {
namespace {

// Characters as a terminal shows them, near enough: code points.
std::size_t width(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) out += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return out;
}

std::string padded(const std::string& text, std::size_t to, bool right) {
    const std::string blanks(to > width(text) ? to - width(text) : 0, ' ');
    return right ? blanks + text : text + blanks;
}

// A line break of a text would break the table.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return text;
}

std::string quoted(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
}

std::string csv_cell(const Column& column, const std::string& text) {
    const bool formula = column.kind == Column::Kind::text && !text.empty() && std::string_view("=+-@\t\r\n").contains(text.front());
    return quoted(formula ? "'" + text : text);
}

boost::json::value json_cell(const Column& column, const std::string& text) {
    if (column.kind != Column::Kind::count) return boost::json::string(text);
    const auto number = whole_number(text);
    if (!number) throw Error("a count of a report is no number");
    return *number;
}

std::string csv_line(const Report& report, auto cell) {
    std::string out;
    for (std::size_t i = 0; i < report.columns.size(); ++i) out += (i ? "," : "") + cell(i);
    return out + "\r\n";
}

}  // namespace

std::string as_table(const Report& report) {
    std::vector<std::size_t> widths;
    for (const Column& column : report.columns) widths.push_back(width(column.name));
    for (const auto& row : report.rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    const auto line = [&](auto cell) {
        std::string out;
        for (std::size_t i = 0; i < widths.size(); ++i)
            out += (i ? "  " : "") + padded(one_line(cell(i)), widths[i], report.columns[i].kind != Column::Kind::text);
        return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
    };
    std::string out = line([&](std::size_t i) { return report.columns[i].name; });
    for (const auto& row : report.rows) out += line([&](std::size_t i) { return row[i]; });
    return out;
}

std::string as_csv(const Report& report) {
    std::string out = csv_line(report, [&](std::size_t i) { return quoted(report.columns[i].name); });
    for (const auto& row : report.rows) out += csv_line(report, [&](std::size_t i) { return csv_cell(report.columns[i], row[i]); });
    return out;
}

std::string as_json(const Report& report) {
    boost::json::array out;
    for (const auto& row : report.rows) {
        boost::json::object line;
        for (std::size_t i = 0; i < row.size(); ++i) line[report.columns[i].name] = json_cell(report.columns[i], row[i]);
        out.push_back(std::move(line));
    }
    return boost::json::serialize(out) + "\n";
}

}  // namespace persona::analytics
