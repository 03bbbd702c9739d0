#include "bot/turn.hpp"

namespace persona::bot {

Coins Prices::of_recording(std::chrono::milliseconds duration) const {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(duration).count();
    return minutes <= base_minutes ? transcription : transcription + transcription_minute * (minutes - base_minutes);
}

std::string language_names(const std::vector<std::string>& codes, Language language) {
    std::string out;
    for (const std::string& code : codes) {
        const std::string name = code == "en" ? render(Text::heard_en, language) : code == "ru" ? render(Text::heard_ru, language) : code;
        out += (out.empty() ? "" : ", ") + name;
    }
    return out.empty() ? render(Text::heard_nothing, language) : out;
}

std::string Context::languages() const { return language_names(heard, language); }

}  // namespace persona::bot
