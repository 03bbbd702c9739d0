#include "ai/remote/fal/wire.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace persona::ai::fal {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 128, longest_url = 2048, longest_word = 40, most_images = 4;
constexpr std::int64_t last_place = 1'000'000;
constexpr std::array<std::string_view, 5> status_words{"IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED"};

// Of photos that nobody can learn from (docs.fal.ai/errors); anything else is the order's own end.
constexpr std::array<std::string_view, 9> photo_words{"image_too_small",
                                                      "image_too_large",
                                                      "image_load_error",
                                                      "face_detection_error",
                                                      "unsupported_image_format",
                                                      "content_policy_violation",
                                                      "invalid_archive",
                                                      "archive_file_count_below_minimum",
                                                      "archive_file_count_exceeds_maximum"};

json::value parsed(std::string_view body) {
    boost::system::error_code failed;
    json::value value = json::parse(body, failed);
    return failed ? json::value() : value;
}

const json::value* find(const json::value* value, std::string_view key) {
    const json::object* object = value ? value->if_object() : nullptr;
    return object ? object->if_contains(key) : nullptr;
}

std::string_view text(const json::value* value) {
    const json::string* words = value ? value->if_string() : nullptr;
    return words ? std::string_view(*words) : std::string_view();
}

bool letter(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

// An address that can be written into a request line.
bool is_url(std::string_view text) {
    const bool known = text.starts_with("https://") || text.starts_with("http://");
    return known && text.size() <= longest_url && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

// A machine's word: anything else is for people and may quote what we sent.
std::string word(std::string_view given) {
    const bool plain = given.size() <= longest_word && std::ranges::all_of(given, [](char c) { return letter(c) || c == '.'; });
    return plain ? std::string(given) : std::string();
}

std::optional<int> place(const json::value* value) {
    const std::int64_t* number = value ? value->if_int64() : nullptr;
    return number && *number >= 0 && *number <= last_place ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

bool withheld(const json::value* flags, std::size_t index) {
    const json::array* list = flags ? flags->if_array() : nullptr;
    return list && index < list->size() && list->at(index).is_bool() && list->at(index).get_bool();
}

}  // namespace

bool is_id(std::string_view text) { return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, letter); }

std::optional<std::string> read_submitted(std::string_view body) {
    const json::value value = parsed(body);
    const std::string_view id = text(find(&value, "request_id"));
    return is_id(id) ? std::optional(std::string(id)) : std::nullopt;
}

std::optional<Standing> read_status(std::string_view body) {
    const json::value value = parsed(body);
    const std::string_view said = text(find(&value, "status"));
    if (said.empty()) return std::nullopt;
    Standing out{.word = word(said), .place = place(find(&value, "queue_position"))};
    const auto at = std::ranges::find(status_words, said);
    if (at != status_words.end()) out.status = static_cast<Status>(at - status_words.begin());
    const json::value* error = find(&value, "error");
    out.erred = out.status == Status::failed || out.status == Status::cancelled || (out.status == Status::completed && error && !error->is_null());
    return out;
}

std::optional<Upload> read_upload(std::string_view body) {
    const json::value value = parsed(body);
    Upload out{std::string(text(find(&value, "upload_url"))), std::string(text(find(&value, "file_url")))};
    return is_url(out.put_url) && is_url(out.file_url) ? std::optional(std::move(out)) : std::nullopt;
}

std::string upload_body(std::string_view file_name, std::string_view type) {
    return json::serialize(json::object{{"file_name", file_name}, {"content_type", type}});
}

std::optional<std::string> read_learnt(Learnt kind, std::string_view body) {
    const json::value value = parsed(body);
    const bool lora = kind == Learnt::lora;
    const std::string_view named = lora ? text(find(find(&value, "diffusers_lora_file"), "url")) : text(find(&value, "finetune_id"));
    return (lora ? is_url(named) : is_id(named)) ? std::optional(std::string(named)) : std::nullopt;
}

std::optional<Painted> read_painted(std::string_view body) {
    const json::value value = parsed(body);
    const json::value* images = find(&value, "images");
    if (!images || !images->is_array()) return std::nullopt;
    Painted out;
    for (std::size_t i = 0; i < std::min(images->get_array().size(), most_images); ++i) {
        const std::string_view url = text(find(&images->get_array()[i], "url"));
        if (!is_url(url)) return std::nullopt;
        if (withheld(find(&value, "has_nsfw_concepts"), i))
            ++out.withheld;
        else
            out.urls.emplace_back(url);
    }
    return out;
}

Said read_error(std::string_view body) {
    const json::value value = parsed(body);
    const json::value* detail = find(&value, "detail");
    const json::array* list = detail ? detail->if_array() : nullptr;
    if (!list || list->empty()) return {word(text(find(&value, "error_type")))};
    return {word(text(find(&list->front(), "type"))), list->front().is_object()};
}

PortraitError::Reason reason_of(std::string_view word) {
    return std::ranges::find(photo_words, word) == photo_words.end() ? PortraitError::Reason::refused : PortraitError::Reason::photos;
}

std::optional<Told> read_told(std::string_view body) {
    const json::value value = parsed(body);
    Told out{std::string(text(find(&value, "request_id"))), std::string(text(find(&value, "gateway_request_id"))),
             word(text(find(&value, "status")))};
    const json::value* payload = find(&value, "payload");
    if (payload && !payload->is_null()) out.payload = json::serialize(*payload);
    const bool sound = is_id(out.request) && (out.gateway_request.empty() || is_id(out.gateway_request)) && !out.status.empty();
    return sound ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace persona::ai::fal
