#include "app/openai.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "http/url.hpp"

namespace persona::app {
namespace {

constexpr std::string_view openai = "https://api.openai.com/v1";

// A key must not go over the net in the clear; a server on this machine is another matter.
bool is_private(const std::string& base) {
    for (const char* host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (http::origin_of(base) == host || http::origin_of(base).starts_with(std::string(host) + ":")) return true;
    return base.starts_with("https://");
}

}  // namespace

std::optional<ai::Provider> openai_provider(const Settings& settings, const std::string& wish) {
    const std::string base = http::without_end_slash(settings.text("openai.base_url"));
    const std::string wanted = settings.text(wish);
    const bool given = settings.is_set("openai.api_key") || base != openai;
    if (wanted == "local" || (wanted == "auto" && !given)) return std::nullopt;
    if (!given)
        throw BadConfig(fmt::format("PERSONA_{} is openai, so OPENAI_API_KEY must be set, or OPENAI_BASE_URL name a server of your own",
                                    wish == "text" ? "TEXT" : "SPEECH"));
    if (!base.starts_with("https://") && !base.starts_with("http://")) throw BadConfig("OPENAI_BASE_URL must begin with https:// or http://");
    if (settings.is_set("openai.api_key") && !is_private(base)) throw BadConfig("OPENAI_BASE_URL must be https for a key to be sent there");
    return ai::Provider{base, settings.is_set("openai.api_key") ? settings.secret("openai.api_key") : Secret()};
}

}  // namespace persona::app
