// Photos that were sent to a draft, in their order: each is taken or refused with its reason, and one card shows what is there (A2 to A9).
// Free. A person's jobs of this kind run one after the other.
#include <boost/json.hpp>

#include "base/log.hpp"
#include "bot/avatar_words.hpp"
#include "bot/flows/flows.hpp"
#include "bot/ids.hpp"
#include "bot/work/photo_check.hpp"
#include "bot/work/workshop.hpp"
#include "studio/avatars/avatars.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto download_patience = std::chrono::minutes(2);
constexpr std::size_t most_advice = 3;  // lines in the card

struct File {
    std::string id;
    MessageId message;
};

std::vector<File> files_of(const boost::json::value& args) {
    std::vector<File> out;
    for (const auto& item : args.at("files").as_array())
        out.push_back({std::string(item.at("file").as_string()), MessageId(item.at("message").as_int64())});
    return out;
}

// In place of the words that an album is being checked.
Effect checked_of(const Context& c, const jobs::Running& job, int taken, std::size_t all) {
    return Redraw{.text = c.say(Text::photos_checked, {{"taken", std::int64_t{taken}}, {"all", std::to_string(all)}}),
                  .keyboard = {},
                  .handle = live_message(job.id().value)};
}

// A single photo has no such words: then it is said anew.
jobs::Final draft_gone(Workshop& shop, const jobs::Running& job, const Client& client) {
    const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
    desk->apply({Redraw{.text = client.context.say(Text::avatar_draft_gone), .keyboard = {}, .handle = live_message(job.id().value)}});
    return finish(shop, desk);
}

// Nothing where it is no draft any more.
Task<std::optional<AvatarId>> draft_of(Workshop& shop, const jobs::Running& job, Deadline deadline) {
    const auto id = uncompact(job.args().at("avatar").as_string());
    if (!id) co_return std::nullopt;
    const auto avatar = co_await avatars::find(shop.pool, job.user(), job.key(), AvatarId(*id), deadline);
    co_return avatar && avatar->state == avatars::State::draft ? std::optional(avatar->id) : std::nullopt;
}

// One run: what the draft has, what comes to it, what is said.
class Intake {
public:
    Intake(Workshop& shop, jobs::Running& job, Client client, AvatarId draft, std::vector<avatars::Photo> photos)
        : shop_(shop),
          job_(job),
          client_(std::move(client)),
          draft_(draft),
          photos_(std::move(photos)),
          desk_(std::make_shared<Desk>(shop.outbox, client_.recipient)) {}

    // Nothing: to be tried again, for this reason.
    Task<std::optional<jobs::Ending>> take(File file, int number) {
        if (static_cast<int>(photos_.size()) >= limits().most_photos) {
            if (!std::exchange(full_, true)) refuse_plain(Text::photo_limit, file.message);
            co_return std::nullopt;
        }
        const Scratch scratch(shop_.scratch);
        const auto got = co_await shop_.api.download(file.id, scratch.path(), limits().photo_bytes, Deadline::after(download_patience));
        if (!got) co_return not_downloaded(got.error(), file);
        auto checked = co_await shop_.cpu.run([&] { return check_photo(*shop_.atelier, limits(), scratch.path()); });
        if (!checked) {
            refuse(checked.error(), file.message);
            co_return std::nullopt;
        }
        co_await keep(std::move(*checked), scratch.path(), file, number);
        co_return std::nullopt;
    }

    jobs::Ending end(std::size_t all) {
        if (taken_.size() > 1) desk_->send(telegram::delete_messages(taken_));  // one call: a chat is not flooded by an album
        if (taken_.size() == 1) desk_->apply({Unsay{taken_.front()}});
        if (!taken_.empty()) desk_->apply({card()});
        if (all > 1) desk_->apply({checked_of(c(), job_, static_cast<int>(taken_.size()), all)});
        return jobs::Done(finish(shop_, desk_));
    }

private:
    const Context& c() const { return client_.context; }
    const Limits& limits() const { return client_.context.limits; }

    void refuse_plain(Text text, MessageId message) {
        desk_->apply({Say{.text = c().say(text, {{"most", std::int64_t{limits().most_photos}}}), .keyboard = {}, .reply_to = message}});
    }

    void refuse(Text text, MessageId message) {
        const std::string side = std::to_string(limits().photo_side);
        desk_->apply({flows::photo_refusal(c(), c().say(text, {{"side", side}, {"limit", limits().photo_bytes >> 20}}), message)});
    }

    std::optional<jobs::Ending> not_downloaded(const telegram::ApiError& error, const File& file) {
        log(Level::warn, "bot", "a photo was not downloaded", {{"error", error.description}});
        if (telegram::is_too_big(error))
            refuse(Text::photo_large, file.message);
        else if (error.kind == telegram::ApiErrorKind::refused)
            refuse(Text::photo_failed, file.message);
        else
            return jobs::Again{std::max<Millis>(error.retry_after, 2s), error.description};
        return std::nullopt;
    }

    // The same bytes have the same name (A6).
    Task<void> keep(CheckedPhoto photo, std::filesystem::path file, File sent, int number) {
        const auto original = co_await shop_.blobs.put_file(job_.user(), job_.key(), file);
        if (std::ranges::any_of(photos_, [&](const avatars::Photo& p) { return p.original == original.name.value; })) {
            refuse(Text::photo_same, sent.message);
            co_return;
        }
        const auto picture = co_await shop_.blobs.put(job_.user(), job_.key(), std::move(photo.picture));
        const auto preview = co_await shop_.blobs.put(job_.user(), job_.key(), std::move(photo.preview));
        for (const auto& blob : {original, picture, preview}) storage::add_row(desk_->work(), blob);
        avatars::Photo added{.id = Uuid::v5(job_.id().value, std::to_string(number)),
                             .original = original.name.value,
                             .picture = picture.name.value,
                             .preview = preview.name.value,
                             .likeness = photo.likeness,
                             .clearness = photo.clearness};
        advise(photo);
        avatars::add_photo(desk_->work(), job_.user(), job_.key(), draft_, added, limits().most_photos);
        photos_.push_back(std::move(added));
        taken_.push_back(sent.message);
    }

    // The photo is not among the others yet.
    void advise(const CheckedPhoto& photo) {
        const std::string number = std::to_string(photos_.size() + 1);
        const auto same =
            std::ranges::find_if(photos_, [&](const avatars::Photo& p) { return media::distance(p.likeness, photo.likeness) <= media::alike; });
        if (same != photos_.end())
            advice_.push_back(c().say(Text::advice_alike, {{"i", number}, {"like", std::to_string(same - photos_.begin() + 1)}}));
        for (const Text text : photo.advice) advice_.push_back(c().say(text, {{"i", number}}));
    }

    Effect card() const {
        const int count = static_cast<int>(photos_.size());
        std::string caption = gallery_caption(c(), count - 1, count);
        for (std::size_t i = 0; i < advice_.size() && i < most_advice; ++i) caption += "\n" + advice_[i];
        return Reshow{.picture = photos_.back().preview,
                      .caption = std::move(caption),
                      .keyboard = gallery_keyboard(c(), photos_.back().id, count),
                      .handle = gallery_message(draft_.value)};
    }

    Workshop& shop_;
    jobs::Running& job_;
    Client client_;
    AvatarId draft_;
    std::vector<avatars::Photo> photos_;
    std::shared_ptr<Desk> desk_;
    std::vector<std::string> advice_;
    std::vector<MessageId> taken_;  // the person's messages: the card shows what was in them
    bool full_ = false;
};

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    const auto deadline = Deadline::after(patience);
    auto client = co_await client_of(shop, job, deadline);
    if (!client) co_return jobs::Cancelled{};
    const auto draft = co_await draft_of(shop, job, deadline);
    if (!draft) co_return jobs::Done(draft_gone(shop, job, *client));
    Intake intake(shop, job, std::move(*client), *draft, co_await avatars::photos(shop.pool, job.user(), job.key(), *draft, deadline));
    const auto files = files_of(job.args());
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (const auto ending = co_await intake.take(files[i], static_cast<int>(i))) co_return *ending;
        job.progress(static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(files.size()));
    }
    co_return intake.end(files.size());
}

// The draft is gone meanwhile, or every try failed: each photo is still in the chat, and may be sent again.
Task<jobs::Final> fail(Workshop& shop, const jobs::Running& job, jobs::Failure why) {
    const auto deadline = Deadline::after(patience);
    const auto client = why == jobs::Failure::unreadable ? std::nullopt : co_await client_of(shop, job, deadline);
    if (!client) co_return jobs::Final{};
    if (!co_await draft_of(shop, job, deadline)) co_return draft_gone(shop, job, *client);
    const auto desk = std::make_shared<Desk>(shop.outbox, client->recipient);
    const auto files = files_of(job.args());
    for (const File& file : files) desk->apply({flows::photo_refusal(client->context, client->context.say(Text::photo_failed), file.message)});
    if (files.size() > 1) desk->apply({checked_of(client->context, job, 0, files.size())});
    co_return finish(shop, desk);
}

}  // namespace

jobs::Handler photos_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job, jobs::Failure why) { return fail(shop, job, why); },
            .parallel = 0};
}

}  // namespace persona::bot
