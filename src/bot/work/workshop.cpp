#include "bot/work/workshop.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/notices/notices.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {

std::map<std::string, jobs::Handler> handlers(Workshop& workshop) {
    std::map<std::string, jobs::Handler> out{{"probe", probe_handler(workshop)},
                                             {"transcribe", transcribe_handler(workshop)},
                                             {"document", document_handler(workshop)},
                                             {"answer", answer_handler(workshop)},
                                             {"export", export_handler(workshop)}};
    if (!workshop.atelier) return out;
    out.insert({{"photos", photos_handler(workshop)},
                {"train", train_handler(workshop)},
                {"portrait", portrait_handler(workshop)},
                {"enhance", enhance_handler(workshop)}});
    return out;
}

Task<std::optional<Client>> client_of(Workshop& workshop, const jobs::Running& job, Deadline deadline) {
    return client_of(workshop, job.user(), job.key(), job.id().value, deadline);
}

Task<std::optional<Client>> client_of(Workshop& workshop, UserId user, const vault::Key& key, Uuid about, Deadline deadline) {
    const auto address = co_await accounts::address_of(workshop.pool, user, deadline);
    if (!address) co_return std::nullopt;
    Context context = context_of(workshop.around, listener_of(*address), about);
    // A private chat has its person's id.
    Recipient recipient{.user = user, .chat = ChatId(address->telegram.value), .key = key, .stream = telegram::Stream::job};
    co_return Client{std::move(context), std::move(recipient)};
}

Task<Funds> funds_of(Workshop& workshop, UserId user, Deadline deadline) {
    const auto balance = co_await wallet::balance(workshop.pool, user, deadline);
    co_return Funds{balance.available(), balance.held};
}

void charge(Workshop& workshop, postgres::Work& work, OperationId operation, Coins amount, std::string_view description) {
    wallet::capture(work, operation, amount, description);
    notices::watch_low(work, operation, workshop.around.low_balance);
}

std::string readable(const transcripts::Transcript& transcript) {
    if (transcript.source != "audio") return transcript.text();
    std::string out;
    for (const auto& line : transcript.lines) out += "[" + length_text(line.start) + "] " + line.text + "\n";
    return out;
}

Coins settle(Workshop& workshop, Desk& desk, OperationId operation, ai::Mode mode, Coins price, std::string_view description) {
    if (mode == ai::Mode::stand_in) {
        wallet::void_hold(desk.work(), operation, "the language model did not answer");
        return {};
    }
    charge(workshop, desk.work(), operation, price, description);
    return price;
}

void not_made(Desk& desk, const Context& c, std::string live, std::string words) {
    desk.apply({Redraw{.text = c.say(Text::not_made), .keyboard = {}, .handle = std::move(live), .message = {}},
                Say{.text = std::move(words), .keyboard = formats_keyboard(c.language), .reply_to = {}, .handle = {}}});
}

jobs::Final finish(Workshop& workshop, std::shared_ptr<Desk> desk) {
    postgres::Work work = desk->take_work();
    return {std::move(work), [&workshop, desk](const postgres::Committed& results) {
                desk->committed(results);
                if (desk->touched_jobs()) workshop.wake_jobs();
            }};
}

Task<jobs::Final> give_up(Workshop& workshop, const jobs::Running& job, jobs::Failure why, Text text, std::string live, bool formats) {
    const auto client = why == jobs::Failure::unreadable ? std::nullopt : co_await client_of(workshop, job, Deadline::after(5s));
    postgres::Work work;
    if (job.operation()) wallet::void_hold(work, *job.operation(), why == jobs::Failure::cancelled ? "cancelled" : "failed");
    if (!client) co_return jobs::Final(std::move(work));
    const Context& c = client->context;
    auto desk = std::make_shared<Desk>(workshop.outbox, client->recipient, std::move(work));
    const std::string words = c.say(why == jobs::Failure::cancelled ? Text::job_cancelled : text);
    if (formats && why != jobs::Failure::cancelled)
        not_made(*desk, c, std::move(live), words);
    else
        desk->apply({Redraw{.text = words, .keyboard = {}, .handle = std::move(live), .message = {}}});
    co_return finish(workshop, std::move(desk));
}

void open_scratch(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const int process = std::atoi(entry.path().filename().c_str());
        const bool lives = process > 0 && process != ::getpid() && (::kill(process, 0) == 0 || errno != ESRCH);
        if (!lives) std::filesystem::remove_all(entry.path());
    }
}

Scratch::Scratch(const std::filesystem::path& folder) : path_(folder / (std::to_string(::getpid()) + "-" + Uuid::v7().text())) {}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

}  // namespace persona::bot
