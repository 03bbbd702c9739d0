#include "ai/remote/speech/wire.hpp"

#include <unicode/locid.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ai/seam.hpp"
#include "ai/speech.hpp"

namespace persona::ai {
namespace {

namespace json = boost::json;

// Whisper's own rule for a window in which nobody speaks.
constexpr double silent_above = 0.6, doubted_below = -1.0;

void put(std::string& out, std::uint32_t value, int bytes) {
    for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xff);
}

double number(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_number() ? value->to_number<double>() : 0;
}

std::string words(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string trimmed(std::string text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
    text.erase(text.find_last_not_of(blanks) + 1);
    return text;
}

// Fills text and log_probability; false where the answer has no segments.
bool take_segments(const json::object& body, SpeechAnswer& out) {
    const json::value* list = body.if_contains("segments");
    if (!list || !list->is_array() || list->as_array().empty()) return false;
    double weighted = 0, seconds = 0;
    for (const json::value& value : list->as_array()) {
        const json::object* segment = value.if_object();
        if (!segment) return false;
        const double sure = number(*segment, "avg_logprob"), length = std::max(0.01, number(*segment, "end") - number(*segment, "start"));
        if (number(*segment, "no_speech_prob") > silent_above && sure < doubted_below) continue;
        out.text += words(*segment, "text");
        weighted += sure * length;
        seconds += length;
    }
    out.log_probability = seconds > 0 ? weighted / seconds : 0;
    return true;
}

ProviderError nonsense() {
    return {.fault = Fault::nonsense, .status = 0, .code = {}, .parameter = {}, .detail = "the speech server's answer is no transcription"};
}

}  // namespace

std::string wav_of(std::span<const std::int16_t> samples) {
    const auto size = static_cast<std::uint32_t>(samples.size_bytes());
    std::string out = "RIFF";
    out.reserve(size + 44);
    put(out, 36 + size, 4);
    out += "WAVEfmt ";
    put(out, 16, 4), put(out, 1, 2), put(out, 1, 2);
    put(out, speech_rate, 4), put(out, speech_rate * 2, 4), put(out, 2, 2), put(out, 16, 2);
    out += "data";
    put(out, size, 4);
    for (const std::int16_t sample : samples) put(out, static_cast<std::uint16_t>(sample), 2);
    return out;
}

std::vector<http::Part> speech_form(const SpeechQuestion& question, std::string wav) {
    std::vector<http::Part> out;
    out.push_back(http::Part::field("model", question.model));
    out.push_back(http::Part::field("response_format", question.verbose ? "verbose_json" : "json"));
    if (!question.language.empty()) out.push_back(http::Part::field("language", question.language));
    out.push_back({.name = "file", .content = std::move(wav), .file_name = "segment.wav", .type = "audio/wav"});
    return out;
}

bool knows_no_segments(const ProviderError& refusal) {
    return refusal.fault == Fault::refused && (refusal.parameter == "response_format" || refusal.code == "unsupported_value");
}

std::expected<SpeechAnswer, ProviderError> speech_answer(std::string_view body) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed);
    const json::object* object = failed ? nullptr : value.if_object();
    const json::value* text = object ? object->if_contains("text") : nullptr;
    if (!text || !text->is_string()) return std::unexpected(nonsense());
    SpeechAnswer out{.language = language_code(words(*object, "language"))};
    if (!take_segments(*object, out)) out.text = text->as_string();
    const std::size_t whole = out.text.size(), keep = before_loop(out.text);
    out.looped = keep < whole;
    out.text = trimmed(out.text.substr(0, keep));
    return out;
}

std::string language_code(std::string_view name) {
    std::string plain(name);
    std::ranges::transform(plain, plain.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* const* code = icu::Locale::getISOLanguages(); *code; ++code) {
        if (std::string_view(*code).size() != 2) continue;
        icu::UnicodeString english;
        icu::Locale(*code).getDisplayLanguage(icu::Locale::getEnglish(), english);
        std::string called;
        english.toLower().toUTF8String(called);
        if (plain == *code || plain == called) return *code;
    }
    return {};
}

}  // namespace persona::ai
