#include "bot/knowledge.hpp"

#include "bot/ids.hpp"
#include "jobs/job.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

std::optional<TranscriptRef> ref_of(const std::optional<transcripts::Ref>& ref) {
    if (!ref) return std::nullopt;
    return TranscriptRef{ref->id.value, ref->number};
}

Task<HistoryPage> page(postgres::Pool& pool, UserId user, int number, Deadline deadline) {
    HistoryPage out;
    for (auto& item : co_await transcripts::history(pool, user, number * history_page_size, history_page_size + 1, deadline))
        out.items.push_back({item.number, std::move(item.kind), std::move(item.file_name), item.at});
    out.more = out.items.size() > history_page_size;
    if (out.more) out.items.pop_back();
    co_return out;
}

Recording::Work work_of(const std::optional<jobs::Status>& job) {
    if (!job) return Recording::Work::none;
    return job->state == jobs::State::queued || job->state == jobs::State::running ? Recording::Work::running : Recording::Work::ended;
}

Task<std::optional<Recording>> recording_of(postgres::Pool& pool, UserId user, Uuid id, Deadline deadline) {
    const auto stored = co_await transcripts::recording(pool, user, id, deadline);
    if (!stored) co_return std::nullopt;
    const auto job = co_await jobs::status(pool, JobId(transcribe_job(id)), user, deadline);
    const int ahead = job ? 0 : co_await jobs::ahead(pool, user, "transcribe", deadline);
    co_return Recording{work_of(job), stored->duration, stored->price, stored->message, ahead};
}

Task<std::vector<RunningJob>> running_jobs(postgres::Pool& pool, UserId user, Deadline deadline) {
    std::vector<RunningJob> out;
    for (const auto& job : co_await jobs::active(pool, user, deadline)) out.push_back({job.id.value, job.kind, job.topic});
    co_return out;
}

}  // namespace

Task<void> learn(postgres::Pool& pool, UserId user, Need need, Data& data, Deadline deadline) {
    if (need.funds && !data.funds) {
        const auto balance = co_await wallet::balance(pool, user, deadline);
        data.funds = Funds{balance.available(), balance.held};
    }
    if (need.current && !data.current) data.current = ref_of(co_await transcripts::current(pool, user, deadline));
    if (need.jobs && !data.jobs) data.jobs = co_await running_jobs(pool, user, deadline);
    if (need.history && !data.history) data.history = co_await page(pool, user, *need.history, deadline);
    if (need.recording && !data.recording) data.recording = co_await recording_of(pool, user, *need.recording, deadline);
    if (need.transcript && !data.transcript) data.transcript = ref_of(co_await transcripts::ref(pool, user, TranscriptId(*need.transcript), deadline));
}

}  // namespace persona::bot
