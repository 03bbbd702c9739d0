#include "app/foundation.hpp"

#include <fstream>
#include <sstream>

#include "app/darkroom.hpp"
#include "app/models.hpp"
#include "app/money.hpp"
#include "app/text_engines.hpp"
#include "base/error.hpp"
#include "base/number.hpp"
#include "postgres/migrations.hpp"

namespace persona::app {
namespace {

constexpr std::size_t cpu_threads = 2;
constexpr std::int64_t most_stars = 10'000;        // of an invoice; Telegram says so for paid media and sells no more at once
constexpr std::size_t most_attachment = 50 << 20;  // Telegram takes no more from a bot
constexpr postgres::Query epoch_query{"app.epoch", "SELECT epoch FROM system_epoch"};

std::string read_asset(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Corrupt("a picture that came with the program is missing: " + path.filename().string());
    return {std::istreambuf_iterator<char>(in), {}};
}

// The schema is brought up to date before anything reads it; several processes may come at once, one of them does it.
Secret migrated(Secret dsn) {
    postgres::migrate(dsn);
    return dsn;
}

// One of a list that is written with blanks behind its commas.
std::string_view without_blanks_before(std::string_view text) { return text.substr(std::min(text.find_first_not_of(' '), text.size())); }

// "100:80": coins, Stars.
bot::Package package_of(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto coins = Coins::parse(text.substr(0, colon));
    const auto stars = whole_number(without_blanks_before(text.substr(std::min(colon + 1, text.size()))));
    if (!coins || !coins->positive() || !stars || *stars < 1 || *stars > most_stars)
        throw BadConfig("PERSONA_STARS_PACKAGES is written as COINS:STARS,COINS:STARS with 1 to 10000 Stars");
    return {*coins, *stars};
}

// D1: nobody where it is empty.
std::vector<TelegramId> admins(const Settings& settings) {
    std::vector<TelegramId> out;
    std::istringstream all(settings.text("admin_ids"));
    for (std::string one; std::getline(all, one, ',');) {
        const auto id = whole_number(without_blanks_before(one));
        if (!id || *id <= 0) throw BadConfig("ADMIN_IDS is written as Telegram ids: 5000000001,5000000002");
        out.emplace_back(*id);
    }
    return out;
}

bot::Limits limits(const Settings& settings) {
    const std::int64_t file_bytes = telegram::download_limit(settings.flag("telegram.local"));
    bot::Limits out{.file_bytes = file_bytes,
                    .recording_minutes = static_cast<int>(settings.number("audio.max_seconds") / 60),
                    .photo_bytes = std::min<std::int64_t>(settings.number("photo.max_bytes"), file_bytes),
                    .photo_side = static_cast<int>(settings.number("photo.min_side")),
                    .least_photos = static_cast<int>(settings.number("avatar.min_photos")),
                    .most_photos = static_cast<int>(settings.number("avatar.max_photos"))};
    if (out.least_photos > out.most_photos) throw BadConfig("AVATAR_MIN_PHOTOS must not be above AVATAR_MAX_PHOTOS");
    return out;
}

bot::Sale sale(const Settings& settings) {
    bot::Sale out{.packages = {}, .order_minutes = static_cast<int>(settings.number("order_minutes")), .support = settings.text("support")};
    std::istringstream all(settings.text("stars.packages"));
    for (std::string one; std::getline(all, one, ',');) out.packages.push_back(package_of(one));
    out.second = second_stars(settings);
    return out;
}

}  // namespace

telegram::ApiConfig api_config(const Settings& settings) {
    if (!settings.is_set("telegram.token")) throw BadConfig("TELEGRAM_TOKEN is not set");
    const Secret token = settings.secret("telegram.token");
    const std::string& text = token.reveal();
    const std::size_t colon = text.find(':');
    const bool digits = colon != std::string::npos && colon > 0 && colon <= 15 && text.find_first_not_of("0123456789") == colon;
    if (!digits || text.size() - colon < 21) throw BadConfig("TELEGRAM_TOKEN has not the form of a bot's token (digits, a colon, 35 characters)");
    const std::string base = http::without_end_slash(settings.text("telegram.api_url"));
    if (!base.starts_with("https://") && !http::is_loopback(base)) throw BadConfig("TELEGRAM_API_URL must be https, or http on this machine");
    return {.token = token, .base = base, .local = settings.flag("telegram.local")};
}

bot::Surroundings surroundings(const Settings& settings, std::vector<std::string> heard) {
    return {.prices = {.transcription = settings.money("price.transcription"),
                       .transcription_minute = settings.money("price.transcription_minute"),
                       .base_minutes = static_cast<int>(settings.number("price.transcription_minutes")),
                       .output = settings.money("price.output"),
                       .answer = settings.money("price.answer"),
                       .avatar = settings.money("price.avatar"),
                       .portrait = settings.money("price.portrait"),
                       .enhancement = settings.money("price.enhancement")},
            .limits = limits(settings),
            .sale = sale(settings),
            .darkroom = darkroom(settings),
            .models = chat_config(settings).has_value(),
            .heard = std::move(heard),
            .welcome = settings.money("wallet.initial_balance"),
            .time_zone = settings.text("time_zone"),
            .low_balance = settings.money("notice.low_balance"),
            .quiet = {static_cast<int>(settings.number("notice.quiet_from")), static_cast<int>(settings.number("notice.quiet_until"))},
            .admins = admins(settings),
            .promo_tries = static_cast<int>(settings.number("promo.tries"))};
}

Foundation::Foundation(Executor executor, const Settings& s)
    : settings(s),
      data(data_folder(s)),
      cpu(cpu_threads),
      http(executor),
      pool(executor, {.dsn = migrated(database_url(s)), .size = static_cast<std::size_t>(s.number("postgres.connections"))}),
      vault(vault::Keyring::from_file(master_key_file(s)), pool),
      blobs(cpu, {.folder = data / "blobs"}),
      api(http, api_config(s), [this](const telegram::Attachment& file, Deadline deadline) { return attachment(file, deadline); }),
      outbox(executor, pool, vault, api,
             {.per_chat_rate = static_cast<double>(s.number("send_rate")),
              .per_chat_burst = static_cast<int>(std::max<std::int64_t>(20, s.number("send_rate")))}),
      redis(executor, redis::Config::from_url(redis_url(s).reveal())) {}

Task<void> Foundation::open() {
    try {
        co_await vault.open(Deadline::after(30s));
    } catch (const Corrupt& e) { throw BadConfig(std::string("PERSONA_MASTER_KEY_FILE is not the key of this database: ") + e.what()); }
    epoch = (co_await pool.read(Deadline::after(10s), epoch_query)).value<std::string>();
}

Task<void> Foundation::close() {
    co_await redis.stop();
    http.close();
    pool.close();
}

Task<std::string> Foundation::attachment(const telegram::Attachment& file, Deadline deadline) {
    if (file.blob.starts_with(asset_mark))
        co_return co_await cpu.run([path = asset(file.blob.substr(asset_mark.size()))] { return read_asset(path); });
    // By value: the coroutine may outlive the caller's reference.
    const storage::BlobName name(file.blob);
    const UserId owner(file.owner);
    const vault::Key key = co_await vault.key_of(owner, deadline);
    co_return co_await blobs.read(name, key, most_attachment);
}

}  // namespace persona::app
