#include "ai/local/enhance/engine.hpp"

#include <opencv2/core/utility.hpp>

#include "ai/local/enhance/recipe.hpp"
#include "async/within.hpp"

namespace persona::ai {

LocalEnhance::LocalEnhance(CpuPool& cpu, const std::filesystem::path& upscaler) : cpu_(cpu) {
    cv::setNumThreads(1);  // the pool counts the cores
    if (std::filesystem::exists(upscaler)) upscaler_ = std::make_unique<const enhancement::Upscaler>(upscaler);
}
LocalEnhance::~LocalEnhance() = default;

Task<std::expected<media::Picture, EnhanceError>> LocalEnhance::enhance(media::Picture picture, std::vector<Face> faces, Deadline deadline) const {
    const bool whole = picture.rgb.size() == static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3;
    if (picture.width <= 0 || picture.height <= 0 || !whole) co_return std::unexpected(EnhanceError{.passes = false, .detail = "no picture"});
    if (std::max(picture.width, picture.height) > most_side())
        co_return std::unexpected(EnhanceError{.passes = false, .detail = "larger than was asked for"});
    co_return co_await within(deadline, "enhancing a photo", on_pool(std::move(picture), std::move(faces)));
}

Task<media::Picture> LocalEnhance::on_pool(media::Picture picture, std::vector<Face> faces) const {
    auto out = co_await cpu_.run([&](std::stop_token stop) { return enhancement::enhanced(picture, faces, upscaler_.get(), stop); });
    if (!out) throw boost::system::system_error(asio::error::operation_aborted);
    co_return std::move(*out);
}

}  // namespace persona::ai
