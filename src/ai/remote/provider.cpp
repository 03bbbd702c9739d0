#include "ai/remote/provider.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

namespace persona::ai {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_word = 100;
constexpr auto longest_rest = std::chrono::hours(1);

std::string word(const json::object& error, std::string_view key) {
    const json::value* value = error.if_contains(key);
    if (!value || !value->is_string()) return {};
    return std::string(value->as_string()).substr(0, longest_word);
}

json::object error_of(std::string_view body) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed);
    const json::object* top = failed ? nullptr : value.if_object();
    const json::value* error = top ? top->if_contains("error") : nullptr;
    return error && error->is_object() ? error->as_object() : json::object{};
}

// Seconds, perhaps with a fraction; retry-after-ms is OpenAI's finer one. A date is not understood: the caller's own pace applies.
std::optional<Millis> retry_after(const http::Headers& headers) {
    for (const auto& [name, unit] : {std::pair{"retry-after-ms", 1.0}, std::pair{"retry-after", 1000.0}}) {
        const std::string_view text = headers.value(name);
        double value = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failed != std::errc() || end != text.data() + text.size() || !(value >= 0)) continue;
        return Millis(static_cast<Millis::rep>(std::min(value * unit, static_cast<double>(Millis(longest_rest).count()))));
    }
    return std::nullopt;
}

struct Word {
    std::string_view text;  // the error's code or type
    Fault fault;
};
// Words go before the status: the same 429 means both "slower" and "pay".
constexpr Word words[] = {
    {"insufficient_quota", Fault::quota},
    {"billing_hard_limit_reached", Fault::quota},
    {"billing_not_active", Fault::quota},
    {"invalid_api_key", Fault::unauthorized},
    {"context_length_exceeded", Fault::too_large},
    {"string_above_max_length", Fault::too_large},
    {"exceed_context_size_error", Fault::too_large},  // llama.cpp
};

Fault fault_of(unsigned status) {
    switch (status) {
        case 401:
        case 403: return Fault::unauthorized;
        case 402: return Fault::quota;
        case 413: return Fault::too_large;
        case 408:
        case 409:
        case 425:
        case 429: return Fault::busy;
        default: return status >= 500 ? Fault::busy : Fault::refused;
    }
}

}  // namespace

std::string ProviderError::text() const {
    if (status == 0) return detail;
    return fmt::format("{}{}{}{}{}", status, code.empty() ? "" : " " + code, parameter.empty() ? "" : " (" + parameter + ")",
                       detail.empty() ? "" : ": ", detail);
}

ProviderError provider_error(unsigned status, const http::Headers& headers, std::string_view body) {
    const json::object error = error_of(body);
    ProviderError out{.fault = fault_of(status),
                      .status = status,
                      .code = word(error, "code"),
                      .parameter = word(error, "param"),
                      .retry_after = retry_after(headers)};
    const std::string type = word(error, "type");
    for (const Word& known : words)
        if (known.text == out.code || known.text == type) out.fault = known.fault;
    if (out.code.empty()) out.code = type;
    return out;
}

std::expected<http::Reply, ProviderError> provider_reply(http::Result result) {
    if (!result) {
        const bool large = result.error().kind == http::Failure::Kind::too_large;
        return std::unexpected(ProviderError{
            .fault = large ? Fault::nonsense : Fault::unreachable, .status = 0, .code = {}, .parameter = {}, .detail = result.error().detail});
    }
    if (result->status / 100 != 2) return std::unexpected(provider_error(result->status, result->headers, result->body));
    return std::move(*result);
}

http::Call provider_call(const Provider& provider, std::string_view path) {
    http::Call call{.method = "POST", .url = provider.base + std::string(path)};
    if (!provider.key.empty()) call.headers.add("Authorization", "Bearer " + provider.key.reveal());
    return call;
}

}  // namespace persona::ai
