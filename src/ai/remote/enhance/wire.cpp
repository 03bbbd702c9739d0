#include "ai/remote/enhance/wire.hpp"

#include <boost/json.hpp>
#include <cmath>

namespace persona::ai {
namespace {

namespace json = boost::json;

constexpr int most_enlarged = 4;
constexpr double most_stretched = 0.02;
constexpr std::size_t longest_refusal = 64 << 10, longest_reason = 100;

// Of {"error": "…"}; nothing where it is something else.
std::optional<std::string> reason_of(std::string_view body) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed);
    const json::object* object = failed ? nullptr : value.if_object();
    const json::value* error = object ? object->if_contains("error") : nullptr;
    if (!error) return {};
    return error->is_string() ? std::string(error->as_string()).substr(0, longest_reason) : "no words";
}

}  // namespace

std::vector<http::Part> enhance_form(std::string jpeg) {
    std::vector<http::Part> out;
    out.push_back({.name = "image", .content = std::move(jpeg), .file_name = "photo.jpg", .type = "image/jpeg"});
    return out;
}

std::expected<std::string, ProviderError> enhance_answer(http::Reply reply) {
    const std::size_t first = reply.body.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || reply.body[first] != '{' || reply.body.size() > longest_refusal) return std::move(reply.body);
    const auto reason = reason_of(reply.body);
    const std::string detail = reason ? "the enhancement server refused: " + redact(*reason) : "the enhancement server's answer is no image";
    return std::unexpected(ProviderError{.fault = reason ? Fault::refused : Fault::nonsense, .detail = detail});
}

bool fits(const media::PictureInfo& got, const media::Picture& sent) {
    if (got.width < sent.width || got.height < sent.height) return false;
    if (got.width > most_enlarged * sent.width || got.height > most_enlarged * sent.height) return false;
    const double wider = static_cast<double>(got.width) / sent.width, higher = static_cast<double>(got.height) / sent.height;
    return std::abs(wider / higher - 1) <= most_stretched;
}

std::int64_t most_pixels_for(const media::Picture& sent) {
    return static_cast<std::int64_t>(sent.width) * sent.height * most_enlarged * most_enlarged;
}

}  // namespace persona::ai
