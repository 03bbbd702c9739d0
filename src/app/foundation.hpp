// What every role stands on: settings, database, keys, Redis, the Bot API. Built once by main, destroyed in reverse order.
#pragma once

#include <memory>

#include "app/settings_table.hpp"
#include "async/cpu_pool.hpp"
#include "bot/surroundings.hpp"
#include "http/client.hpp"
#include "postgres/pool.hpp"
#include "redis/redis.hpp"
#include "storage/blob_store.hpp"
#include "telegram/api.hpp"
#include "telegram/outbox.hpp"
#include "vault/vault.hpp"

namespace persona::app {

// Throws BadConfig naming TELEGRAM_TOKEN when it is missing or has not a token's form.
telegram::ApiConfig api_config(const Settings& settings);
bot::Surroundings surroundings(const Settings& settings, std::vector<std::string> heard);

class Foundation {
public:
    // Blocking parts first: keys are read, the schema is brought up to date. Throws BadConfig, Unavailable, Corrupt.
    Foundation(Executor executor, const Settings& settings);
    // The vault proves its key; the epoch is read. Nothing may be written before. Throws BadConfig for the key of another database.
    Task<void> open();
    // Ends connections; everything that uses them must have ended.
    Task<void> close();

    const Settings& settings;
    std::filesystem::path data;
    CpuPool cpu;
    http::Client http;
    postgres::Pool pool;
    vault::Vault vault;
    storage::BlobStore blobs;
    telegram::Api api;
    telegram::Outbox outbox;
    redis::Redis redis;  // last: it is under way as soon as it is made, so nothing may fail behind it
    std::string epoch;   // of the database, known after open()

private:
    Task<std::string> attachment(const telegram::Attachment& file, Deadline deadline);
};

}  // namespace persona::app
