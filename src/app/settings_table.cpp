#include "app/settings_table.hpp"

#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "http/url.hpp"
#include "ops/supervise/private_postgres.hpp"
#include "ops/supervise/private_redis.hpp"

namespace persona::app {
namespace {

using enum SettingKind;

const std::array table{
    Setting{"data", path, ""},
    Setting{"http", text, "127.0.0.1:8080"},
    Setting{"sandbox", text, "127.0.0.1:8081"},
    Setting{"public_url", text, ""},
    Setting{"trusted_proxies", text, ""},
    Setting{"language", choice, "ru", {}, {"ru", "en"}},
    Setting{"time_zone", text, "Europe/Moscow"},
    Setting{"admin_ids", text, "", {"ADMIN_IDS"}},
    Setting{"master_key_file", path, ""},
    Setting{"send_rate", number, "1", {}, {}, 1, 100'000},
    Setting{"workers", number, "2", {}, {}, 1, 64},
    Setting{"update_rate", number, "2", {}, {}, 1, 100'000},
    Setting{"update_burst", number, "40", {}, {}, 1, 1'000'000},
    Setting{"log.level", choice, "info", {"LOG_LEVEL"}, {"debug", "info", "warn", "error"}},
    Setting{"log.file", path, ""},

    Setting{"telegram.token", secret, "", {"TELEGRAM_TOKEN"}},
    Setting{"telegram.api_url", text, "https://api.telegram.org", {"TELEGRAM_API_URL"}},
    Setting{"telegram.local", flag, "false", {"TELEGRAM_LOCAL"}},
    Setting{"telegram.webhook_url", text, "", {"TELEGRAM_WEBHOOK_URL"}},
    Setting{"telegram.webhook_secret", secret, "", {"TELEGRAM_WEBHOOK_SECRET"}},

    Setting{"database.url", secret, "", {"DATABASE_URL"}},
    Setting{"postgres.host", text, "", {"POSTGRES_HOST"}},
    Setting{"postgres.port", number, "5432", {"POSTGRES_PORT"}, {}, 1, 65535},
    Setting{"postgres.db", text, "persona", {"POSTGRES_DB"}},
    Setting{"postgres.user", text, "persona", {"POSTGRES_USER"}},
    Setting{"postgres.password", secret, "", {"POSTGRES_PASSWORD"}},
    Setting{"postgres.connections", number, "16", {}, {}, 1, 500},

    Setting{"redis.url", secret, "", {"REDIS_URL"}},
    Setting{"redis.host", text, "", {"REDIS_HOST"}},
    Setting{"redis.port", number, "6379", {"REDIS_PORT"}, {}, 1, 65535},
    Setting{"redis.db", number, "0", {"REDIS_DB"}, {}, 0, 1000},
    Setting{"redis.password", secret, "", {"REDIS_PASSWORD"}},

    Setting{"speech", choice, "auto", {}, {"local", "openai", "auto"}},
    Setting{"text", choice, "auto", {}, {"local", "openai", "auto"}},
    Setting{"openai.base_url", text, "https://api.openai.com/v1", {"OPENAI_BASE_URL"}},
    Setting{"openai.api_key", secret, "", {"OPENAI_API_KEY"}},
    Setting{"openai.speech_model", text, "whisper-1", {"OPENAI_SPEECH_MODEL"}},
    Setting{"whisper.model", path, ""},
    Setting{"whisper.threads", number, "2", {}, {}, 1, 64},
    Setting{"openai.text_model", text, "gpt-4o-mini", {"OPENAI_TEXT_MODEL"}},
    Setting{"models", path, ""},
    Setting{"template", path, ""},
    Setting{"audio.max_seconds", number, "14400", {"MAX_AUDIO_DURATION"}, {}, 60, 36'000},

    Setting{"wallet.initial_balance", money, "100.00", {"INITIAL_BALANCE"}},
    Setting{"price.transcription", money, "5.00", {"TRANSCRIPT_COST"}},
    Setting{"price.transcription_minute", money, "0.50"},
    Setting{"price.transcription_minutes", number, "10", {}, {}, 1, 600},
    Setting{"price.output", money, "1.00"},
    Setting{"price.answer", money, "0.50"},
    Setting{"price.avatar", money, "10.00", {"AVATAR_CREATION_COST"}},
    Setting{"price.portrait", money, "2.00"},
    Setting{"price.enhancement", money, "3.00", {"PHOTO_ENHANCE_COST"}},

    Setting{"photo.max_bytes", number, "20971520", {"MAX_PHOTO_SIZE"}, {}, 100'000, 32 << 20},  // a training reads no larger one
    Setting{"photo.min_side", number, "512", {"PHOTO_MIN_RES"}, {}, 64, 4096},
    Setting{"avatar.min_photos", number, "10", {"AVATAR_MIN_PHOTOS"}, {}, 1, 100},
    Setting{"avatar.max_photos", number, "20", {"AVATAR_MAX_PHOTOS"}, {}, 1, 100},
    Setting{"avatar.face", choice, "required", {}, {"required", "ignored"}},
    Setting{"avatar.delete_photos", flag, "false"},
    Setting{"avatar.training_minutes", number, "120", {}, {}, 1, 1440},
    Setting{"portraits", choice, "auto", {}, {"auto", "local", "fal"}},
    Setting{"fal.key", secret, "", {"FAL_KEY"}},
    Setting{"fal.queue_url", text, "https://queue.fal.run", {"FAL_QUEUE_URL"}},
    Setting{"fal.rest_url", text, "https://rest.fal.ai", {"FAL_REST_URL"}},
    Setting{"fal.jwks_url", text, "https://rest.fal.ai/.well-known/jwks.json", {"FAL_JWKS_URL"}},
    Setting{"fal.training_endpoint", text, "fal-ai/flux-pro-trainer", {"FAL_TRAINING_ENDPOINT"}},
    Setting{"fal.image_endpoint", text, "fal-ai/flux-pro/v1.1-ultra-finetuned", {"FAL_IMAGE_ENDPOINT"}},
    Setting{"fal.queue_priority", choice, "normal", {"FAL_QUEUE_PRIORITY"}, {"low", "normal"}},
    Setting{"fal.mode", choice, "character", {"FAL_MODE"}, {"character", "product", "style", "general"}},
    Setting{"fal.iterations", number, "500", {"FAL_ITERATIONS"}, {}, 1, 10'000},
    Setting{"fal.priority", choice, "quality", {"FAL_PRIORITY"}, {"speed", "quality", "high_res_only"}},
    Setting{"fal.captioning", flag, "true", {"FAL_CAPTIONING"}},
    Setting{"fal.trigger_word", text, "TOK", {"FAL_TRIGGER_WORD"}},
    Setting{"fal.lora_rank", number, "32", {"FAL_LORA_RANK"}, {}, 16, 32},
    Setting{"fal.finetune_type", choice, "full", {"FAL_FINETUNE_TYPE"}, {"full", "lora"}},
    Setting{"enhance.engine", choice, "auto", {}, {"auto", "local", "remote", "off"}},
    Setting{"enhance.url", text, ""},
    Setting{"enhance.key", secret, ""},

    Setting{"stars.packages", text, "100:80,250:195,500:380,1000:750"},
    Setting{"stars.second", choice, "credit", {}, {"credit", "refund"}},
    Setting{"order_minutes", number, "60", {}, {}, 5, 10'080},
    Setting{"coin_price", money, "1.00", {"COIN_PRICE"}},
    Setting{"yookassa.shop_id", text, "", {"YOOKASSA_SHOP_ID"}},
    Setting{"yookassa.secret_key", secret, "", {"YOOKASSA_SECRET_KEY"}},
    Setting{"yookassa.url", text, "https://api.yookassa.ru/v3", {"YOOKASSA_URL"}},
    Setting{"yookassa.trusted", text, "", {"YOOKASSA_TRUSTED"}},
    Setting{"yookassa.capture", flag, "true", {"YOOKASSA_CAPTURE"}},
    Setting{"support", text, ""},
    Setting{"promo.tries", number, "10", {}, {}, 1, 1000},
    Setting{"notice.low_balance", money, "10.00"},
    Setting{"notice.quiet_from", number, "22", {}, {}, 0, 23},
    Setting{"notice.quiet_until", number, "9", {}, {}, 0, 23},
};

std::string percent(const std::string& text) { return http::percent_encode(text); }

}  // namespace

std::span<const Setting> settings_table() { return table; }

Settings load_settings(const std::map<std::string, std::string>& flags) {
    const auto environment = process_environment();
    std::vector<std::filesystem::path> files;
    if (const auto file = environment("PERSONA_CONFIG")) files.emplace_back(*file);
    // The data folder itself may come from a flag or the environment, never from the file inside it.
    const auto first = Settings::load(table, flags, environment, files);
    files.push_back(data_folder(first) / "persona.toml");
    return Settings::load(table, flags, environment, files);
}

std::filesystem::path data_folder(const Settings& settings) {
    if (settings.is_set("data")) return std::filesystem::absolute(settings.text("data"));
    if (::geteuid() == 0) return "/var/lib/persona";
    const auto home = process_environment()("HOME");
    if (!home) throw BadConfig("PERSONA_DATA is not set and there is no HOME");
    return std::filesystem::path(*home) / ".local/share/persona";
}

Secret database_url(const Settings& settings) {
    if (settings.is_set("database.url")) return settings.secret("database.url");
    if (!settings.is_set("postgres.host")) return Secret(ops::PrivatePostgres::dsn(data_folder(settings)));
    const std::string password = settings.secret("postgres.password").reveal();
    return Secret("postgresql://" + percent(settings.text("postgres.user")) + (password.empty() ? "" : ":" + percent(password)) + "@" +
                  settings.text("postgres.host") + ":" + settings.text("postgres.port") + "/" + percent(settings.text("postgres.db")));
}

Secret redis_url(const Settings& settings) {
    if (settings.is_set("redis.url")) return settings.secret("redis.url");
    if (!settings.is_set("redis.host")) return Secret("unix://" + ops::PrivateRedis::socket(data_folder(settings)).string());
    const std::string password = settings.secret("redis.password").reveal();
    return Secret("redis://" + (password.empty() ? "" : ":" + percent(password) + "@") + settings.text("redis.host") + ":" +
                  settings.text("redis.port") + "/" + settings.text("redis.db"));
}

std::filesystem::path master_key_file(const Settings& settings) {
    if (settings.is_set("master_key_file")) return settings.text("master_key_file");
    return data_folder(settings) / "keys" / "master.key";
}

http::Networks networks_of(const Settings& settings, std::string_view key, const char* name, std::string_view otherwise) {
    auto read = http::Networks::parse(settings.is_set(key) ? settings.text(key) : std::string(otherwise));
    if (!read) throw BadConfig(std::string(name) + " must be addresses or networks with commas between: 10.0.0.0/8, ::1");
    return std::move(*read);
}

}  // namespace persona::app
