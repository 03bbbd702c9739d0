#include "ai/remote/fal/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "ai/remote/fal/dialect.hpp"
#include "base/error.hpp"
#include "http/url.hpp"

namespace persona::ai::fal {
namespace {

constexpr std::size_t longest_trigger = 40;
constexpr int most_iterations = 10'000;

struct Choice {
    std::string_view variable;
    const std::string& value;
    std::initializer_list<std::string_view> words;
};

void check(const Choice& choice) {
    if (std::ranges::find(choice.words, choice.value) == choice.words.end())
        throw BadConfig(fmt::format("{} must be one of {}", choice.variable, fmt::join(choice.words, ", ")));
}

bool visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_trigger(std::string_view text) {
    const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && text.size() <= longest_trigger && std::ranges::all_of(text, plain);
}

void check(const Lessons& lessons) {
    for (const Choice& choice : {Choice{"FAL_MODE", lessons.mode, {"character", "product", "style", "general"}},
                                 {"FAL_PRIORITY", lessons.priority, {"speed", "quality", "high_res_only"}},
                                 {"FAL_FINETUNE_TYPE", lessons.finetune_type, {"full", "lora"}}})
        check(choice);
    if (lessons.iterations < 1 || lessons.iterations > most_iterations) throw BadConfig("FAL_ITERATIONS must be 1 to 10000");
    if (lessons.lora_rank != 16 && lessons.lora_rank != 32) throw BadConfig("FAL_LORA_RANK must be 16 or 32");
    if (!is_trigger(lessons.trigger_word)) throw BadConfig("FAL_TRIGGER_WORD must be up to 40 letters, digits and _");
}

// An endpoint that learns one thing and another that paints from another would fail at every portrait, after the training was paid.
void check_pair(const Config& config) {
    const auto* training = training_dialect(config.training);
    if (!training) throw BadConfig("FAL_TRAINING_ENDPOINT must be one of " + training_endpoints());
    const auto* image = image_dialect(config.image);
    if (!image) throw BadConfig("FAL_IMAGE_ENDPOINT must be one of " + image_endpoints());
    if (training->learns != image->takes) throw BadConfig("FAL_IMAGE_ENDPOINT does not take what FAL_TRAINING_ENDPOINT learns");
}

}  // namespace

std::string checked_address(std::string url, std::string_view variable) {
    url = http::without_end_slash(std::move(url));
    if (!visible(url) || (!url.starts_with("https://") && !http::is_loopback(url)))
        throw BadConfig(fmt::format("{} must be https, or http on this machine", variable));
    return url;
}

Config checked(Config config) {
    if (config.key.empty() || !visible(config.key.reveal())) throw BadConfig("FAL_KEY must be a key of fal.ai");
    config.queue_url = checked_address(std::move(config.queue_url), "FAL_QUEUE_URL");
    config.rest_url = checked_address(std::move(config.rest_url), "FAL_REST_URL");
    check(Choice{"FAL_QUEUE_PRIORITY", config.queue_priority, {"low", "normal"}});
    if (config.strength && !(*config.strength >= 0 && *config.strength <= 2)) throw BadConfig("FAL_STRENGTH must be 0 to 2");
    check(config.lessons);
    check_pair(config);
    return config;
}

}  // namespace persona::ai::fal
