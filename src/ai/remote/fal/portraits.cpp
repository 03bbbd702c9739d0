#include "ai/remote/fal/portraits.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "media/zip.hpp"

namespace persona::ai {
namespace {

using fal::Status;
using Reason = PortraitError::Reason;

std::unexpected<PortraitError> failed(Reason reason, std::string detail) { return std::unexpected(PortraitError{reason, std::move(detail)}); }

std::unexpected<PortraitError> another_form(std::string_view what) {
    return failed(Reason::unknown_status, fmt::format("fal.ai ended a request with no {}", what));
}

// Photos are no matter of a painting: its model refuses words, or what it painted itself.
PortraitError of_painting(PortraitError error) {
    if (error.reason == Reason::photos) error.reason = Reason::refused;
    return error;
}

}  // namespace

FalPortraits::FalPortraits(http::Client& http, CpuPool& pool, fal::Repaint repaint, fal::Config config)
    : pool_(pool),
      repaint_(std::move(repaint)),
      client_(http, std::move(config)),
      trainer_(*fal::training_dialect(client_.config().training)),
      painter_(*fal::image_dialect(client_.config().image)) {}

Task<PortraitResult<std::string>> FalPortraits::archive(std::vector<TrainingPhoto> photos) {
    std::vector<media::ZipEntry> entries;
    std::size_t bytes = 0;
    for (const TrainingPhoto& photo : photos) {
        entries.push_back({fmt::format("photo_{}.jpg", entries.size() + 1), co_await photo.jpeg()});
        bytes += entries.back().content.size();
        if (bytes > fal::Client::largest_zip) co_return failed(Reason::photos, "the photos are too large together");
    }
    if (entries.empty()) co_return failed(Reason::photos, "no photos");
    const Bytes zip = co_await pool_.run([&] { return media::zipped(entries, {}); });
    co_return std::string(as_text(zip));
}

Task<PortraitResult<std::variant<Pending, Trained>>> FalPortraits::train(TrainingOrder order, Deadline deadline) {
    auto zip = co_await archive(std::move(order.photos));
    if (!zip) co_return std::unexpected(zip.error());
    const auto address = co_await client_.upload(std::move(*zip), deadline);
    if (!address) co_return std::unexpected(address.error());
    std::string input = trainer_.input(client_.config().lessons, *address, order.comment);
    auto request = co_await client_.submit(client_.config().training, std::move(input), std::move(order.webhook), deadline);
    if (!request) co_return std::unexpected(request.error());
    co_return Pending{std::move(*request)};
}

Task<PortraitResult<std::variant<Pending, Images>>> FalPortraits::paint(ImageOrder order, Deadline deadline) {
    const bool address = order.model.model.starts_with("https://") || order.model.model.starts_with("http://");
    if (address != (painter_.takes == fal::Learnt::lora)) co_return failed(Reason::refused, "the model was learnt by another endpoint");
    const std::string subject = fal::subject_of(client_.config().lessons.trigger_word, order.gender);
    std::string input = painter_.input(order, subject, client_.config().strength.value_or(painter_.strength));
    auto request = co_await client_.submit(client_.config().image, std::move(input), std::move(order.webhook), deadline);
    if (!request) co_return std::unexpected(of_painting(request.error()));
    co_return Pending{std::move(*request)};
}

Task<PortraitResult<FalPortraits::Looked>> FalPortraits::look(const std::string& endpoint, std::string request, Deadline deadline) {
    if (!fal::is_id(request)) co_return failed(Reason::refused, "no request of fal.ai's");
    const auto standing = co_await client_.status(endpoint, request, deadline);
    if (!standing) co_return std::unexpected(standing.error());
    if (!standing->status) co_return failed(Reason::unknown_status, "fal.ai says " + standing->word);
    if (*standing->status == Status::in_queue) co_return Looked{{.place = standing->place}, {}};
    if (*standing->status == Status::in_progress) co_return Looked{{.started = true}, {}};
    if (*standing->status == Status::cancelled) co_return failed(Reason::refused, "it was cancelled");
    auto result = co_await client_.result(endpoint, request, deadline);
    if (!result) co_return std::unexpected(result.error());
    if (standing->erred) co_return failed(Reason::refused, "it failed");  // and its result says nothing of the reason
    co_return Looked{{}, std::move(*result)};
}

Task<PortraitResult<std::string>> FalPortraits::payload(const std::string& endpoint, std::string told, Deadline deadline) {
    auto heard = fal::read_told(told);
    if (!heard) co_return another_form("webhook of a known form");
    if (heard->status == "ERROR") {
        const std::string word = fal::read_error(heard->payload).word;
        co_return failed(fal::reason_of(word), word.empty() ? "it failed" : "it failed: " + word);
    }
    if (heard->status != "OK") co_return failed(Reason::unknown_status, "fal.ai tells " + heard->status);
    if (!heard->payload.empty()) co_return std::move(heard->payload);
    co_return co_await client_.result(endpoint, std::move(heard->request), deadline);
}

PortraitResult<std::string> FalPortraits::result_of(PortraitResult<Looked> looked) {
    if (!looked) return std::unexpected(looked.error());
    return std::move(*looked->result);
}

PortraitResult<Trained> FalPortraits::learnt(PortraitResult<std::string> result) const {
    if (!result) return std::unexpected(result.error());
    auto model = fal::read_learnt(trainer_.learns, *result);
    if (!model) return another_form("model");
    return Trained{std::move(*model), {}};
}

Task<PortraitResult<Images>> FalPortraits::collect(PortraitResult<std::string> result, Deadline deadline) {
    if (!result) co_return std::unexpected(of_painting(result.error()));
    const auto named = fal::read_painted(*result);
    if (!named) co_return another_form("images");
    Images out;
    PortraitError worst{Reason::refused, named->withheld > 0 ? "fal.ai withheld the images" : "no image can be used"};
    for (const std::string& url : named->urls) {
        const auto file = co_await client_.file(url, deadline);
        if (!file && file.error().reason == Reason::unreachable) worst = file.error();
        if (!file) continue;
        auto image = co_await pool_.run([&](std::stop_token stop) { return repaint_(*file, stop); });
        if (!image) log(Level::warn, "ai", "an image of fal.ai is no picture", {{"bytes", file->size()}});
        if (image) out.push_back(std::move(*image));
    }
    if (out.empty()) co_return std::unexpected(worst);
    co_return out;
}

Task<PortraitResult<std::variant<Waiting, Trained>>> FalPortraits::training(std::string request, Deadline deadline) {
    auto looked = co_await look(client_.config().training, std::move(request), deadline);
    if (looked && !looked->result) co_return looked->waiting;
    auto model = learnt(result_of(std::move(looked)));
    if (!model) co_return std::unexpected(model.error());
    co_return std::move(*model);
}

Task<PortraitResult<std::variant<Waiting, Images>>> FalPortraits::painting(std::string request, Deadline deadline) {
    auto looked = co_await look(client_.config().image, std::move(request), deadline);
    if (looked && !looked->result) co_return looked->waiting;
    auto images = co_await collect(result_of(std::move(looked)), deadline);
    if (!images) co_return std::unexpected(images.error());
    co_return std::move(*images);
}

Task<PortraitResult<Trained>> FalPortraits::trained(std::string told, Deadline deadline) {
    co_return learnt(co_await payload(client_.config().training, std::move(told), deadline));
}

Task<PortraitResult<Images>> FalPortraits::painted(std::string told, Deadline deadline) {
    co_return co_await collect(co_await payload(client_.config().image, std::move(told), deadline), deadline);
}

Task<void> FalPortraits::cancel(const std::string& endpoint, std::string request, Deadline deadline) {
    if (fal::is_id(request)) co_await client_.cancel(endpoint, std::move(request), deadline);
}

Task<void> FalPortraits::cancel_training(std::string request, Deadline deadline) {
    return cancel(client_.config().training, std::move(request), deadline);
}
Task<void> FalPortraits::cancel_painting(std::string request, Deadline deadline) {
    return cancel(client_.config().image, std::move(request), deadline);
}

}  // namespace persona::ai
