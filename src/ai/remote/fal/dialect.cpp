#include "ai/remote/fal/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "ai/remote/fal/prompts.hpp"

namespace persona::ai::fal {
namespace {

namespace json = boost::json;

constexpr int most_images = 4;
constexpr std::uint64_t seed_mask = 0x7fffffff;  // what every endpoint takes for an integer

std::string flux_pro_trainer(const Lessons& lessons, std::string_view archive, std::string_view comment) {
    return json::serialize(json::object{{"data_url", archive},
                                        {"mode", lessons.mode},
                                        {"finetune_comment", comment},
                                        {"iterations", lessons.iterations},
                                        {"priority", lessons.priority},
                                        {"captioning", lessons.captioning},
                                        {"trigger_word", lessons.trigger_word},
                                        {"lora_rank", lessons.lora_rank},
                                        {"finetune_type", lessons.finetune_type}});
}

// Photos are whole and may hold more than the face, so the trainer cuts them itself.
std::string lora_portrait_trainer(const Lessons& lessons, std::string_view archive, std::string_view) {
    return json::serialize(json::object{{"images_data_url", archive},
                                        {"trigger_phrase", lessons.trigger_word},
                                        {"steps", lessons.iterations},
                                        {"multiresolution_training", true},
                                        {"subject_crop", true},
                                        {"create_masks", false},
                                        {"data_archive_format", "zip"}});
}

std::string lora_fast_training(const Lessons& lessons, std::string_view archive, std::string_view) {
    return json::serialize(json::object{{"images_data_url", archive},
                                        {"trigger_word", lessons.trigger_word},
                                        {"steps", lessons.iterations},
                                        {"is_style", false},
                                        {"create_masks", true},
                                        {"data_archive_format", "zip"}});
}

constexpr std::array trainers{TrainingDialect{"fal-ai/flux-pro-trainer", Learnt::finetune, flux_pro_trainer},
                              TrainingDialect{"fal-ai/flux-lora-portrait-trainer", Learnt::lora, lora_portrait_trainer},
                              TrainingDialect{"fal-ai/flux-lora-fast-training", Learnt::lora, lora_fast_training}};

struct Shape {
    std::string_view ratio, size;
};
constexpr std::array<Shape, 3> shapes{{{"3:4", "portrait_4_3"}, {"1:1", "square_hd"}, {"4:3", "landscape_4_3"}}};  // by Aspect

// What both painters call by the same names.
json::object shared(const ImageOrder& order, std::string_view subject) {
    return {{"prompt", prompt_of(order.style, subject)},
            {"num_images", std::clamp(order.count, 1, most_images)},
            {"seed", static_cast<std::int64_t>(order.seed & seed_mask)},
            {"enable_safety_checker", true},
            {"output_format", "jpeg"}};
}

std::string ultra_finetuned(const ImageOrder& order, std::string_view subject, double strength) {
    json::object out = shared(order, subject);
    out["finetune_id"] = order.model.model;
    out["finetune_strength"] = strength;
    out["aspect_ratio"] = shapes[static_cast<std::size_t>(order.aspect)].ratio;
    return json::serialize(out);
}

std::string flux_lora(const ImageOrder& order, std::string_view subject, double strength) {
    json::object out = shared(order, subject);
    out["negative_prompt"] = negative_prompt;
    out["loras"] = json::array{json::object{{"path", order.model.model}, {"scale", strength}}};
    out["image_size"] = shapes[static_cast<std::size_t>(order.aspect)].size;
    out["num_inference_steps"] = 28;
    out["guidance_scale"] = 3.5;
    return json::serialize(out);
}

constexpr std::array painters{ImageDialect{"fal-ai/flux-pro/v1.1-ultra-finetuned", Learnt::finetune, 1.0, ultra_finetuned},
                              ImageDialect{"fal-ai/flux-lora", Learnt::lora, 1.15, flux_lora}};

template <class Row>
const Row* row_of(const auto& table, std::string_view endpoint) {
    const auto at = std::ranges::find(table, endpoint, &Row::endpoint);
    return at == table.end() ? nullptr : &*at;
}

std::string names(const auto& table) {
    std::string out;
    for (const auto& row : table) out += (out.empty() ? "" : ", ") + std::string(row.endpoint);
    return out;
}

}  // namespace

const TrainingDialect* training_dialect(std::string_view endpoint) { return row_of<TrainingDialect>(trainers, endpoint); }
const ImageDialect* image_dialect(std::string_view endpoint) { return row_of<ImageDialect>(painters, endpoint); }
std::string training_endpoints() { return names(trainers); }
std::string image_endpoints() { return names(painters); }

std::string subject_of(std::string_view trigger_word, Gender gender) {
    constexpr std::array<std::string_view, 3> words{"person", "man", "woman"};  // by Gender
    return fmt::format("{} {}", trigger_word, words[static_cast<std::size_t>(gender)]);
}

}  // namespace persona::ai::fal
