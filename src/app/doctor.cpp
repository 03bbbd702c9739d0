// persona doctor: what a start needs, looked at one by one.
#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <iostream>

#include "ai/local/onnx.hpp"
#include "ai/local/portrait/segmentation.hpp"
#include "app/commands.hpp"
#include "app/darkroom.hpp"
#include "app/foundation.hpp"
#include "app/models.hpp"
#include "app/settings_table.hpp"
#include "app/speech_engines.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "bot/avatar_words.hpp"
#include "media/decode.hpp"
#include "media/picture_reader.hpp"
#include "postgres/migrations.hpp"
#include "vault/keyring.hpp"

namespace persona::app {
namespace {

std::string token(const Settings& settings) {
    (void)api_config(settings);
    return "has a token's form";
}

std::string master_key(const Settings& settings) {
    (void)vault::Keyring::from_file(master_key_file(settings));
    return master_key_file(settings).string();
}

std::string database(const Settings& settings) {
    const int missing = postgres::missing_migrations(database_url(settings));
    if (missing) throw BadConfig(missing < 0 ? "the database is newer than this program" : "migrations are missing: persona db migrate");
    return "schema up to date";
}

std::string languages(const Settings& settings) {
    const auto heard = heard_languages(settings);
    if (heard.empty()) throw BadConfig("no speech model in " + model_paths(settings).folder.string() + ": run cmake/models/fetch");
    return bot::language_names(heard, bot::Language::en);
}

std::string decoder(const Settings&) {
    const media::Decoder decoder(media::Decoder::installed_program());
    return media::Decoder::installed_program().string();
}

std::string picture_reader(const Settings&) {
    const media::PictureReader reader(media::PictureReader::installed_program());
    return media::PictureReader::installed_program().string();
}

// They are loaded: a file of the right name may be another model, and both are small.
std::string faces(const Settings& settings) {
    const ai::ModelPaths paths = model_paths(settings);
    if (!can_render(paths)) throw BadConfig("no model of faces and people in " + paths.folder.string() + ": run cmake/models/fetch");
    ai::load_onnx_runtime(paths.onnx_runtime());
    const ai::FaceFinder finder(paths.folder);
    const ai::portraits::Segmentation people(paths.folder);
    return paths.folder.string();
}

std::string styles(const Settings&) {
    for (const ai::Style style : ai::all_styles) {
        const auto file = asset(bot::style_picture(style).substr(asset_mark.size()));
        if (!std::filesystem::exists(file)) throw BadConfig("a picture is missing: " + file.string());
    }
    return asset("styles").string();
}

struct Check {
    const char* what;
    std::string (*look)(const Settings& settings);  // what was found; throws with what is wrong
};
constexpr std::array checks{
    Check{"bot token", token},
    Check{"master key", master_key},
    Check{"PostgreSQL", database},
    Check{"languages that can be heard", languages},
    Check{"decoder", decoder},
    Check{"reader of pictures", picture_reader},
    Check{"models of faces and people", faces},
    Check{"pictures of the styles", styles},
    Check{"portraits", portraits_by},
    Check{"enhancement", enhancement_by},
};

}  // namespace

int doctor(const Settings& settings, bool json) {
    boost::json::object report;
    bool well = true;
    for (const Check& check : checks) {
        std::string found, fault;
        try {
            found = check.look(settings);
        } catch (const std::exception& e) { fault = redact(e.what()); }
        well = well && fault.empty();
        report[check.what] = boost::json::object{{"ok", fault.empty()}, {"detail", fault.empty() ? found : fault}};
        if (!json) std::cout << (fault.empty() ? "ok    " : "FAULT ") << check.what << ": " << (fault.empty() ? found : fault) << "\n";
    }
    if (json) std::cout << boost::json::serialize(report) << "\n";
    return well ? 0 : 1;
}

}  // namespace persona::app
