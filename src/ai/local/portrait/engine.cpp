#include "ai/local/portrait/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/core/utility.hpp>

#include "ai/local/portrait/styles.hpp"
#include "async/within.hpp"
#include "media/jpeg.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t most_cutouts = 4;  // one for each image of an order
constexpr int most_images = 4;
constexpr int photo_side = 2048;  // a face that fills a seventh of it still fills its cutout

std::unexpected<PortraitError> never() {
    return std::unexpected(PortraitError{PortraitError::Reason::refused, "the local engine leaves nothing pending"});
}

// The JPEG files; fewer where it was told to stop.
Images images_of(const std::vector<portraits::Cutout>& cutouts, const ImageOrder& order, const std::stop_token& stop) {
    Images images;
    for (int i = 0; i < std::clamp(order.count, 1, most_images) && !stop.stop_requested(); ++i) {
        const auto& cutout = cutouts[static_cast<std::size_t>(i) % cutouts.size()];
        images.push_back(media::jpeg_of(portraits::rendered(cutout, order.style, order.aspect, order.seed + static_cast<std::uint64_t>(i))));
    }
    return images;
}

std::vector<portraits::Cutout> cutouts_of(const std::vector<std::string>& files) {
    std::vector<portraits::Cutout> cutouts;
    for (const std::string& file : files)
        if (auto cutout = portraits::Cutout::of(file); cutout && cutouts.size() < most_cutouts) cutouts.push_back(std::move(*cutout));
    return cutouts;
}

}  // namespace

LocalPortraits::LocalPortraits(CpuPool& cpu, const FaceFinder& faces, const std::filesystem::path& models)
    : cpu_(cpu), faces_(faces), segmentation_(models) {
    cv::setNumThreads(1);  // the pool counts the cores
}

Task<PortraitResult<std::variant<Pending, Trained>>> LocalPortraits::train(TrainingOrder order, Deadline deadline) {
    auto files = co_await within(deadline, "learning a person", learn(std::move(order.photos)));
    if (files.empty()) co_return std::unexpected(PortraitError{PortraitError::Reason::photos, "no photo shows a person who can be cut out"});
    std::string model = fmt::format(R"({{"engine":"local","version":1,"cutouts":{}}})", files.size());
    co_return Trained{std::move(model), std::move(files)};
}

Task<std::vector<std::string>> LocalPortraits::learn(std::vector<TrainingPhoto> photos) {
    std::ranges::sort(photos, std::greater{}, &TrainingPhoto::clearness);
    std::vector<std::string> files;
    for (TrainingPhoto& photo : photos) {
        if (files.size() == most_cutouts) break;
        const media::Picture picture = co_await photo.pixels({.most_side = photo_side});
        std::string file = co_await cpu_.run([&] {
            const std::vector<Face> faces = faces_.find(picture);
            const auto cutout = faces.empty() ? std::nullopt : portraits::cut(picture, faces.front(), segmentation_);
            return cutout ? cutout->bytes() : std::string();
        });
        if (!file.empty()) files.push_back(std::move(file));
    }
    co_return files;
}

Task<PortraitResult<std::variant<Pending, Images>>> LocalPortraits::paint(ImageOrder order, Deadline deadline) {
    auto images = co_await within(deadline, "painting a portrait", render(std::move(order)));
    if (!images) co_return std::unexpected(std::move(images.error()));
    co_return std::move(*images);
}

Task<PortraitResult<Images>> LocalPortraits::render(ImageOrder order) {
    bool usable = true, stopped = false;
    Images images = co_await cpu_.run([&](std::stop_token stop) {
        const auto cutouts = cutouts_of(order.model.files);
        usable = !cutouts.empty();
        Images all = usable ? images_of(cutouts, order, stop) : Images();
        stopped = stop.stop_requested();
        return all;
    });
    if (stopped) throw boost::system::system_error(asio::error::operation_aborted);
    if (!usable) co_return std::unexpected(PortraitError{PortraitError::Reason::refused, "what was learnt holds no cutout"});
    co_return images;
}

Task<PortraitResult<std::variant<Waiting, Trained>>> LocalPortraits::training(std::string, Deadline) { co_return never(); }
Task<PortraitResult<std::variant<Waiting, Images>>> LocalPortraits::painting(std::string, Deadline) { co_return never(); }
Task<PortraitResult<Trained>> LocalPortraits::trained(std::string, Deadline) { co_return never(); }
Task<PortraitResult<Images>> LocalPortraits::painted(std::string, Deadline) { co_return never(); }

}  // namespace persona::ai
