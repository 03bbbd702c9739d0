#include "ai/remote/enhance/engine.hpp"

#include "http/url.hpp"
#include "media/jpeg.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t most_answer = 48 << 20;  // bytes: four times 2048 pixels as a PNG of a photo is about as much
constexpr int quality = 95;                    // what a JPEG loses, the server would take for the photo's own

ProviderError nonsense(std::string detail) { return {.fault = Fault::nonsense, .detail = "the enhancement server's answer " + std::move(detail)}; }

}  // namespace

RemoteEnhance::RemoteEnhance(http::Client& http, CpuPool& cpu, const media::PictureReader& reader, RemoteEnhanceConfig config)
    : http_(http), cpu_(cpu), reader_(reader), config_(std::move(config)), patience_("the enhancement server", config_.tries) {
    const std::string& url = config_.url;
    if (!url.starts_with("https://") && !http::is_loopback(url)) throw BadConfig("PERSONA_ENHANCE_URL must be https, or http on this machine");
}

Task<std::expected<media::Picture, EnhanceError>> RemoteEnhance::enhance(media::Picture picture, std::vector<Face>, Deadline deadline) const {
    const std::string jpeg = co_await cpu_.run([&] { return media::jpeg_of(picture, quality); });
    Answer answer = co_await patience_.persist([&] { return once(picture, jpeg, deadline); }, deadline);
    if (!answer) co_return std::unexpected(EnhanceError{.passes = passes(answer.error().fault), .detail = answer.error().text()});
    co_return std::move(*answer);
}

Task<RemoteEnhance::Answer> RemoteEnhance::once(const media::Picture& picture, const std::string& jpeg, Deadline deadline) const {
    http::Call call = provider_call({.base = config_.url, .key = config_.key}, "");
    call.body = enhance_form(jpeg);
    call.max_response = most_answer;
    call.idempotent = true;
    auto reply = provider_reply(co_await http_.send(std::move(call), deadline.within(config_.patience)));
    if (!reply) co_return std::unexpected(reply.error());
    auto image = enhance_answer(std::move(*reply));
    if (!image) co_return std::unexpected(image.error());
    co_return co_await read(picture, std::move(*image), deadline);
}

Task<RemoteEnhance::Answer> RemoteEnhance::read(const media::Picture& sent, std::string bytes, Deadline deadline) const {
    const media::PictureWish wish{.most_side = 2 * std::max(sent.width, sent.height)};
    auto found = co_await cpu_.run([&](std::stop_token stop) {
        return reader_.read_bytes(bytes, wish,
                                  {.most_pixels = most_pixels_for(sent), .wall = std::min<Millis>(30s, deadline.left()), .cancel = stop});
    });
    if (!found && found.error().error == media::PictureError::cancelled) throw boost::system::system_error(asio::error::operation_aborted);
    if (!found) co_return std::unexpected(nonsense("is no picture: " + std::string(media::name(found.error().error))));
    if (!fits(found->info, sent)) co_return std::unexpected(nonsense("shows another frame or size"));
    co_return std::move(found->picture);
}

}  // namespace persona::ai
