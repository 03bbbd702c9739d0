// Every setting of Persona, one line each. docs/configuration.md is checked against this table by a test.
#pragma once

#include <span>

#include "base/settings.hpp"
#include "http/addresses.hpp"

namespace persona::app {

std::span<const Setting> settings_table();

// Flags, environment, $PERSONA_CONFIG, $PERSONA_DATA/persona.toml, defaults. Throws BadConfig.
Settings load_settings(const std::map<std::string, std::string>& flags = {});

// Where this installation keeps everything: PERSONA_DATA, else /var/lib/persona as root, else ~/.local/share/persona.
std::filesystem::path data_folder(const Settings& settings);
// DATABASE_URL, else POSTGRES_*, else the private cluster of the data folder.
Secret database_url(const Settings& settings);
// REDIS_URL, else REDIS_*, else the private server of the data folder.
Secret redis_url(const Settings& settings);
// PERSONA_MASTER_KEY_FILE, else DATA/keys/master.key.
std::filesystem::path master_key_file(const Settings& settings);

// A setting of addresses; name: the variable, as people know it. Throws BadConfig naming it.
http::Networks networks_of(const Settings& settings, std::string_view key, const char* name, std::string_view otherwise = {});
// Who may say for whom a request came: PERSONA_TRUSTED_PROXIES.
inline http::Networks trusted_proxies(const Settings& settings) { return networks_of(settings, "trusted_proxies", "PERSONA_TRUSTED_PROXIES"); }

}  // namespace persona::app
