#include "base/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/assert.hpp"
#include "base/error.hpp"

namespace persona {
namespace {

std::string read_value_file(const std::string& variable, const std::string& path) {
    std::ifstream in(path);
    if (!in) throw BadConfig(variable + " names a file that cannot be read");
    std::stringstream text;
    text << in.rdbuf();
    std::string value = text.str();
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
    return value;
}

std::string toml_text(const toml::node& node) {
    if (const auto text = node.value<std::string>()) return *text;
    if (node.is_boolean()) return *node.value<bool>() ? "true" : "false";
    if (const auto number = node.as_integer()) return std::to_string(number->get());
    if (const auto number = node.as_floating_point()) return fmt::format("{}", number->get());
    return {};
}

// "section.key" → text of every leaf.
void flatten(const toml::table& table, const std::string& prefix, std::map<std::string, std::string>& out) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const auto* inner = node.as_table())
            flatten(*inner, name, out);
        else
            out[name] = toml_text(node);
    }
}

std::map<std::string, std::string> read_toml(const std::filesystem::path& file) {
    std::map<std::string, std::string> out;
    try {
        flatten(toml::parse_file(file.string()), "", out);
    } catch (const toml::parse_error& e) { throw BadConfig(fmt::format("{}:{}: {}", file.string(), e.source().begin.line, e.description())); }
    return out;
}

bool whole_number(const std::string& text, std::int64_t& out) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

// What a value must be, in words; nothing when it is that.
std::optional<std::string> fault(const Setting& setting, const std::string& value) {
    std::int64_t number = 0;
    switch (setting.kind) {
        case SettingKind::number:
            if (whole_number(value, number) && number >= setting.least && number <= setting.most) return std::nullopt;
            return setting.most == INT64_MAX ? fmt::format("must be a whole number, at least {}", setting.least)
                                             : fmt::format("must be a whole number from {} to {}", setting.least, setting.most);
        case SettingKind::money: {
            const auto coins = Coins::parse(value);
            if (coins && *coins >= Coins{}) return std::nullopt;
            return "must be an amount with at most two decimals, not below zero";
        }
        case SettingKind::flag:
            if (value == "true" || value == "false" || value == "1" || value == "0") return std::nullopt;
            return "must be true or false";
        case SettingKind::choice:
            if (std::ranges::find(setting.choices, value) != setting.choices.end()) return std::nullopt;
            return fmt::format("must be one of: {}", fmt::join(setting.choices, ", "));
        default: return std::nullopt;
    }
}

struct Found {
    std::string value, from;
};

std::optional<Found> in_environment(const Setting& setting, const Environment& environment) {
    std::vector<std::string> names{Settings::variable(setting.key)};
    for (const auto name : setting.names) names.emplace_back(name);
    for (const std::string& name : names) {
        if (const auto value = environment(name); value && !value->empty()) return Found{*value, "environment " + name};
        if (const auto path = environment(name + "_FILE"); path && !path->empty())
            return Found{read_value_file(name + "_FILE", *path), "environment " + name + "_FILE"};
    }
    return std::nullopt;
}

}  // namespace

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

std::string Settings::variable(std::string_view key) {
    std::string out = "PERSONA_";
    for (const char c : key) out += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

Settings Settings::load(std::span<const Setting> table, const std::map<std::string, std::string>& flags, const Environment& environment,
                        const std::vector<std::filesystem::path>& files) {
    std::vector<std::pair<std::string, std::map<std::string, std::string>>> read;
    for (const auto& file : files)
        if (std::filesystem::exists(file)) read.emplace_back(file.string(), read_toml(file));
    for (const auto& [file, values] : read)
        for (const auto& [key, value] : values)
            if (std::ranges::none_of(table, [&](const Setting& s) { return s.key == key; })) throw BadConfig(file + ": unknown setting " + key);

    Settings out;
    for (const Setting& setting : table) {
        Entry entry{&setting, std::string(setting.fallback), "default"};
        const std::string key(setting.key);
        for (const auto& [file, values] : read)
            if (const auto at = values.find(key); at != values.end() && entry.from == "default") entry = {&setting, at->second, file};
        if (const auto found = in_environment(setting, environment)) entry = {&setting, found->value, found->from};
        if (const auto flag = flags.find(key); flag != flags.end()) entry = {&setting, flag->second, "flag"};
        if (setting.kind == SettingKind::secret) (void)Secret(entry.value);  // known to the redactor before anything is said of it
        const std::string name = entry.from.starts_with("environment ") ? entry.from.substr(12) : variable(setting.key);
        if (!entry.value.empty())
            if (const auto wrong = fault(setting, entry.value)) throw BadConfig(name + " " + *wrong);
        out.entries_.emplace(key, std::move(entry));
    }
    return out;
}

const Settings::Entry& Settings::at(std::string_view key) const {
    const auto found = entries_.find(key);
    PERSONA_ASSERT(found != entries_.end());
    return found->second;
}

std::string Settings::text(std::string_view key) const { return at(key).value; }
Secret Settings::secret(std::string_view key) const { return Secret(at(key).value); }
bool Settings::is_set(std::string_view key) const { return !at(key).value.empty(); }
Coins Settings::money(std::string_view key) const { return Coins::parse(at(key).value).value_or(Coins{}); }
bool Settings::flag(std::string_view key) const { return at(key).value == "true" || at(key).value == "1"; }

std::int64_t Settings::number(std::string_view key) const {
    std::int64_t out = 0;
    whole_number(at(key).value, out);
    return out;
}

boost::json::object Settings::show() const {
    boost::json::object out;
    for (const auto& [key, entry] : entries_) {
        const bool secret = entry.setting->kind == SettingKind::secret;
        const std::string value = !secret ? entry.value : entry.value.empty() ? "not set" : "set";
        out[key] = boost::json::object{{"value", value}, {"from", entry.from}};
    }
    return out;
}

}  // namespace persona
