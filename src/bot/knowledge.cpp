#include "bot/knowledge.hpp"

#include "bot/ids.hpp"
#include "jobs/job.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/analytics/reports.hpp"
#include "studio/analytics/usage.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/payments/promo.hpp"
#include "studio/portraits/images.hpp"
#include "studio/transcripts/library.hpp"
#include "studio/transcripts/search.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

std::optional<TranscriptRef> ref_of(const std::optional<transcripts::Entry>& entry) {
    if (!entry) return std::nullopt;
    return TranscriptRef{entry->id.value, entry->number, entry->name};
}

// One more than a page holds tells that there are more.
HistoryPage page_of(std::vector<transcripts::Entry> items) {
    HistoryPage out{.items = std::move(items)};
    out.more = out.items.size() > history_page_size;
    if (out.more) out.items.pop_back();
    return out;
}

Task<HistoryPage> found_page(postgres::Pool& pool, UserId user, vault::Key key, std::string query, int number, Deadline deadline) {
    HistoryPage out;
    for (auto& hit : co_await transcripts::search(pool, user, key, query, number * history_page_size, history_page_size + 1, deadline)) {
        out.more = out.items.size() == history_page_size;
        if (out.more) break;
        out.items.push_back(std::move(hit.entry));
        out.excerpts.push_back(std::move(hit.excerpt));
    }
    co_return out;
}

Task<std::optional<Card>> card_of(postgres::Pool& pool, UserId user, vault::Key key, TranscriptId id, Deadline deadline) {
    auto entry = co_await transcripts::entry(pool, user, key, id, deadline);
    if (!entry) co_return std::nullopt;
    co_return Card{std::move(*entry), co_await transcripts::documents_of(pool, user, id, most_documents, deadline)};
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

Task<LedgerPage> ledger_page(postgres::Pool& pool, UserId user, LedgerCursor cursor, Deadline deadline) {
    constexpr int one_more = history_page_size + 1;
    const bool back = cursor.after > 0;
    auto items = back ? co_await wallet::newer_entries(pool, user, cursor.after, one_more, deadline)
                      : co_await wallet::entries(pool, user, cursor.before, one_more, deadline);
    LedgerPage out{.items = std::move(items), .newer = cursor.before > 0, .older = back};
    if (out.items.size() < one_more) co_return out;
    if (back)
        out.newer = true, out.items.erase(out.items.begin());
    else
        out.older = true, out.items.pop_back();
    co_return out;
}

Task<UsagePage> usage_page(postgres::Pool& pool, UserId user, std::int64_t before, Deadline deadline) {
    UsagePage out{.items = co_await analytics::used(pool, user, before, history_page_size + 1, deadline)};
    out.more = out.items.size() > history_page_size;
    if (out.more) out.items.pop_back();
    co_return out;
}

Task<std::optional<AvatarDraft>> draft_of(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline) {
    auto avatar = co_await avatars::draft(pool, user, key, deadline);
    if (!avatar) co_return std::nullopt;
    const AvatarId id = avatar->id;
    co_return AvatarDraft{std::move(*avatar), co_await avatars::photos(pool, user, key, id, deadline)};
}

Task<std::optional<portraits::Image>> image_at(postgres::Pool& pool, UserId user, Frame frame, Deadline deadline) {
    auto found = co_await portraits::of_avatar(pool, user, AvatarId(frame.avatar), frame.at, 1, deadline);
    co_return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Task<std::optional<Purse>> purse_of(postgres::Pool& pool, TelegramId person, Deadline deadline) {
    const auto user = co_await accounts::id_of(pool, person, deadline);
    if (!user) co_return std::nullopt;
    co_return Purse{*user, (co_await wallet::balance(pool, *user, deadline)).available()};
}

}  // namespace

Task<void> learn(postgres::Pool& pool, UserId user, vault::Key key, const Surroundings& around, Need need, Data& data, Deadline deadline) {
    if (need.funds && !data.funds) {
        const auto balance = co_await wallet::balance(pool, user, deadline);
        data.funds = Funds{balance.available(), balance.held};
    }
    if (need.current && !data.current) data.current = ref_of(co_await transcripts::current(pool, user, key, deadline));
    if (need.jobs && !data.jobs) data.jobs = co_await running_jobs(pool, user, deadline);
    if (need.recording && !data.recording) data.recording = co_await recording_of(pool, user, *need.recording, deadline);
    if (need.transcript && !data.transcript)
        data.transcript = ref_of(co_await transcripts::entry(pool, user, key, TranscriptId(*need.transcript), deadline));
    if (need.history && !data.history)
        data.history = page_of(co_await transcripts::entries(pool, user, key, *need.history * history_page_size, history_page_size + 1, deadline));
    if (need.found && !data.found) data.found = co_await found_page(pool, user, key, need.query, *need.found, deadline);
    if (need.card && !data.card) data.card = co_await card_of(pool, user, key, TranscriptId(*need.card), deadline);
    if (need.document && !data.document) data.document = co_await transcripts::document(pool, user, *need.document, deadline);
    if (need.ledger && !data.ledger) data.ledger = co_await ledger_page(pool, user, *need.ledger, deadline);
    if (need.promo && !data.promo) data.promo = co_await promo::waiting(pool, user, deadline);
    if (!need.code.empty() && !data.offer) data.offer = co_await promo::offer(pool, user, need.code, around.promo_tries, deadline);
    if (need.usage && !data.usage) data.usage = co_await usage_page(pool, user, *need.usage, deadline);
    if (need.summary && !data.summary) data.summary = co_await analytics::summary(pool, wall_now(), around.time_zone, deadline);
    if (need.person && !data.person) data.person = co_await purse_of(pool, *need.person, deadline);
    if (need.draft && !data.draft) data.draft = co_await draft_of(pool, user, key, deadline);
    if (need.avatars && !data.avatars) data.avatars = co_await avatars::all(pool, user, key, deadline);
    if (need.frame && !data.frame) data.frame = co_await image_at(pool, user, *need.frame, deadline);
    if (need.image && !data.image) data.image = co_await portraits::find(pool, user, *need.image, deadline);
    if (need.last_file && !data.last_file) data.last_file = co_await transcripts::last_document(pool, user, deadline);
}

}  // namespace persona::bot
