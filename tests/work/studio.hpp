// What the handlers of jobs stand on, in one process: a database, blobs, an outbox that sends, a Bot API server by script, and
// workers that can be killed. One person, with 100 coins.
#pragma once

#include <gmock/gmock.h>

#include "async/within.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/workshop.hpp"
#include "engines.hpp"
#include "jobs/worker.hpp"
#include "photographers.hpp"
#include "recordings.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"
#include "support/people.hpp"
#include "unit/telegram/bot_api_server.hpp"

namespace persona::bot {

inline Deadline soon() { return Deadline::after(30s); }
inline constexpr UserId anna{1};
inline constexpr ChatId chat{5000000001};
inline constexpr MessageId her_message{77};

inline const ai::Silero& voice_activity() {
    static const ai::Silero silero = ai::local_voice_activity({places::models()});
    return silero;
}

struct Studio;

// A worker that ends as a killed process does: its jobs stay claimed.
struct Hired {
    Hired(Studio& studio, jobs::WorkerConfig config);
    TaskGroup group;
    jobs::Worker worker;
};

struct Studio {
    Studio(Executor on, const std::string& dsn, const std::filesystem::path& decoder_program);

    Task<void> open();
    Task<void> close();

    jobs::WorkerConfig quick() const {
        return {.parallel = 2, .lease = 3s, .heartbeat = 50ms, .poll = 20ms, .max_attempts = 3, .first_backoff = 1ms, .most_backoff = 2ms};
    }
    Hired& hire() { return *hired.emplace_back(std::make_unique<Hired>(*this, quick())); }
    // All workers end what they have in hand and go.
    Task<void> dismiss();
    // As kill -9 and the end of the lease. release: lets go whatever of the worker waits on a thread.
    Task<void> kill(Hired& victim, std::function<void()> release = [] {});

    // The person's file arrived: the live message and the free job that measures it. Gives the recording's id.
    Task<Uuid> send_file(std::string content, std::string mode = "audio", std::string name = "file");
    Task<Uuid> send_text(std::string text) { return order_probe({{"text", std::move(text)}}, "text"); }
    // What the person's press on a button did.
    Task<void> act(std::vector<Effect> effects);
    // A document of the current transcript, as the flow orders it. Gives the job's id.
    Task<Uuid> order_document(std::string_view kind, const Uuid& transcript);
    // A question about a transcript, as the flow orders it. Gives the job's id.
    Task<Uuid> ask_question(std::string question, Uuid transcript);
    // A transcript of one line.
    Task<Uuid> keep_transcript(std::string text);

    // Returns when it is true; the test fails when it is not in time.
    Task<void> until(std::function<bool()> condition, std::string what);
    Task<void> until_said(std::string words);
    // No job is left and everything was sent.
    Task<void> until_quiet();
    // One number or word of the database.
    Task<std::string> ask(postgres::Query query);
    // "95.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1"
    Task<std::string> books();

    // All texts sent or edited, in order.
    std::vector<std::string> texts() const;
    bool said(std::string_view words) const;
    std::size_t documents_sent() const { return telegram.count("sendDocument"); }

    Executor executor;
    TemporaryFolder folder;
    postgres::Pool pool;
    vault::Vault vault;
    CpuPool cpu{2};
    http::Client http;
    telegram::test::BotApiServer telegram;
    storage::BlobStore blobs;
    telegram::Api api;
    telegram::Outbox outbox;
    media::Decoder decoder;
    Ears ears;
    Pen pen{cpu};
    Voice assistant{cpu};
    media::PictureReader reader;
    Photographer photographer;
    Retoucher retoucher;
    Atelier atelier;
    Surroundings around;
    Workshop shop;
    Signal changed;
    TaskGroup group;
    std::vector<std::unique_ptr<Hired>> hired;

private:
    Task<Uuid> order_probe(boost::json::object args, std::string mode);
    Task<Recipient> recipient();
    std::int64_t last_message_ = 100;
};

// At the end of each test: nothing of the ledger is wrong, and no plain recording is left behind.
struct WorkTest : testing::Test {
    void with(std::function<Task<void>(Studio&)> body, std::filesystem::path decoder = places::programs() / "persona-decoder");
};

// The body, with a server of the test's own that the workers ask; however it ends, the workers go first and the server after them.
template <class Server>
Task<void> beside(Studio& studio, Server& server, Task<void> body) {
    std::exception_ptr error;
    try {
        co_await std::move(body);
    } catch (...) { error = std::current_exception(); }
    co_await studio.dismiss();
    co_await server.stop();
    if (error) std::rethrow_exception(error);
}

Context context_of(const Studio& studio);

}  // namespace persona::bot
