// What the handlers of jobs work with. Owned by main; everything in it outlives the worker.
#pragma once

#include <filesystem>
#include <functional>

#include "ai/choice.hpp"
#include "ai/dialogue.hpp"
#include "ai/local/silero.hpp"
#include "ai/text.hpp"
#include "async/cpu_pool.hpp"
#include "bot/desk.hpp"
#include "bot/surroundings.hpp"
#include "bot/work/atelier.hpp"
#include "jobs/handler.hpp"
#include "media/decode.hpp"
#include "media/docx_template.hpp"
#include "storage/blob_store.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "telegram/api.hpp"
#include "telegram/outbox.hpp"

namespace persona::bot {

struct Workshop {
    postgres::Pool& pool;
    vault::Vault& vault;
    telegram::Outbox& outbox;
    telegram::Api& api;
    storage::BlobStore& blobs;
    CpuPool& cpu;
    const media::Decoder& decoder;
    ai::SpeechSet speech;               // empty: nothing can be heard here
    const ai::Silero* voice = nullptr;  // with speech
    const ai::TextEngine& text;
    const ai::DialogueEngine& dialogue;
    const Surroundings& around;
    std::filesystem::path scratch;  // private folder for files that a decoder reads
    std::function<void()> wake_jobs;
    const media::DocxTemplate* look = nullptr;  // of Word files; null: our own
    const Atelier* atelier = nullptr;           // null: jobs of photos are left to other workers
};

// The handlers by kind, for jobs::Worker.
std::map<std::string, jobs::Handler> handlers(Workshop& workshop);

jobs::Handler probe_handler(Workshop& workshop);
jobs::Handler transcribe_handler(Workshop& workshop);
jobs::Handler document_handler(Workshop& workshop);
jobs::Handler answer_handler(Workshop& workshop);
jobs::Handler export_handler(Workshop& workshop);
jobs::Handler photos_handler(Workshop& workshop);
jobs::Handler train_handler(Workshop& workshop);
jobs::Handler portrait_handler(Workshop& workshop);
jobs::Handler enhance_handler(Workshop& workshop);

// The person a job works for, and a Desk to speak to them in the stream of jobs.
struct Client {
    Context context;
    Recipient recipient;
};
// Nothing when the user is gone. about: what the ids of this turn derive from.
Task<std::optional<Client>> client_of(Workshop& workshop, UserId user, const vault::Key& key, Uuid about, Deadline deadline);
Task<std::optional<Client>> client_of(Workshop& workshop, const jobs::Running& job, Deadline deadline);
// Captures, and has the person told when few coins are left.
void charge(Workshop& workshop, postgres::Work& work, OperationId operation, Coins amount, std::string_view description);
Task<Funds> funds_of(Workshop& workshop, UserId user, Deadline deadline);
// "[0:20] text" where there are times, so that documents and answers keep them.
std::string readable(const transcripts::Transcript& transcript);
// The last word: what the Desk holds, sent on after the commit.
jobs::Final finish(Workshop& workshop, std::shared_ptr<Desk> desk);
// Charges the price of what the engine made; what another made in its stead is free, and its hold is voided. Gives what was charged.
Coins settle(Workshop& workshop, Desk& desk, OperationId operation, ai::Mode mode, Coins price, std::string_view description);
// Ends the live message of a document and says why, with the formats to choose from.
void not_made(Desk& desk, const Context& context, std::string live, std::string words);
// Tells people who wait for a transcription of their place, as it changes, until cancelled. Any number of workers may.
Task<void> tell_line(Workshop& workshop);
// One look of it.
Task<void> tell_line_once(Workshop& workshop);
// Void the hold, tell the person in the job's live message.
Task<jobs::Final> give_up(Workshop& workshop, const jobs::Running& job, jobs::Failure why, Text text, std::string live, bool formats);

// Makes the scratch folder (0700) and removes what processes left there that were killed: plain recordings of people. Files of
// workers that live, on the same data folder, stay.
void open_scratch(const std::filesystem::path& folder);

// A file that is gone when this is. Its name begins with the number of this process.
class Scratch {
public:
    explicit Scratch(const std::filesystem::path& folder);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace persona::bot
