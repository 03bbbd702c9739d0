// The settings of one process: a table of names, defaults and kinds, filled from flags, environment and files.
// Precedence: flag, environment, $PERSONA_CONFIG, $PERSONA_DATA/persona.toml, default. `section.key` of the file is also
// PERSONA_SECTION_KEY, and with _FILE behind it the name of a file that holds the value.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/coins.hpp"
#include "base/secret.hpp"

namespace persona {

enum class SettingKind { text, secret, number, money, flag, choice, path };

struct Setting {
    std::string_view key;  // "section.key" as in persona.toml
    SettingKind kind;
    std::string_view fallback;                   // as text; empty: not set
    std::vector<std::string_view> names = {};    // further environment variables, first one wins
    std::vector<std::string_view> choices = {};  // of SettingKind::choice
    std::int64_t least = 0, most = INT64_MAX;    // of SettingKind::number
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

class Settings {
public:
    // flags: "section.key" → text. Throws BadConfig with the variable's name and never its value. An unknown key of the file
    // is refused too: a typing error must not become a default.
    static Settings load(std::span<const Setting> table, const std::map<std::string, std::string>& flags, const Environment& environment,
                         const std::vector<std::filesystem::path>& files);

    std::string text(std::string_view key) const;
    Secret secret(std::string_view key) const;
    std::int64_t number(std::string_view key) const;
    Coins money(std::string_view key) const;
    bool flag(std::string_view key) const;
    bool is_set(std::string_view key) const;  // to something other than nothing
    // {"section.key": {"value": …, "from": "environment TELEGRAM_TOKEN"}}; a secret's value is "set" or "not set".
    boost::json::object show() const;
    // The name under which the operator knows it: the environment variable.
    static std::string variable(std::string_view key);

private:
    struct Entry {
        const Setting* setting;
        std::string value, from;
    };
    const Entry& at(std::string_view key) const;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace persona
