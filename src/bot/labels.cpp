#include "bot/labels.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <unordered_map>

namespace persona::bot {
namespace {

struct Old {
    std::string_view text;
    Text label;
};

// What the old bot's keyboards said where it differs from today's labels (legacy.md).
constexpr std::array old_labels{
    Old{"Меню", Text::label_main},
    Old{"↩️ Вернуться в меню", Text::label_main},
    Old{"Назад в меню", Text::label_main},
    Old{"Отмена", Text::label_cancel},
    Old{"❌ Отмена", Text::label_cancel},
    Old{"Аудио", Text::label_audio},
    Old{"Повторить", Text::label_audio},
    Old{"Транскрипт", Text::label_text_file},
    Old{"Повторить генерацию протокола", Text::label_protocol},
    Old{"MoM", Text::label_mom},
    Old{"Протокол заседания", Text::label_protocol},
    Old{"Сводка", Text::label_summary},
    Old{"Мои файлы", Text::label_history},
    Old{"Удалить файл", Text::label_delete_last},
    Old{"Образы", Text::label_styles},
};

const std::unordered_map<std::string, Text>& index() {
    static const auto* map = [] {
        auto* out = new std::unordered_map<std::string, Text>;
        for (const Old& old : old_labels) out->emplace(folded(old.text), old.label);
        for (int i = 0; i < static_cast<int>(Text::count_); ++i) {
            const auto text = static_cast<Text>(i);
            if (!name(text).starts_with("label_")) continue;
            for (const Language language : {Language::ru, Language::en})
                if (pattern(text, language).find('{') == std::string_view::npos) (*out)[folded(pattern(text, language))] = text;
        }
        return out;
    }();
    return *map;
}

}  // namespace

std::string folded(std::string_view text) {
    const auto wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}).foldCase();
    icu::UnicodeString kept;
    bool blank = false;
    for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
        const UChar32 c = wide.char32At(at);
        if (u_isalnum(c)) {
            if (blank && !kept.isEmpty()) kept.append(u' ');
            blank = false;
            kept.append(c);
        } else if (u_isUWhiteSpace(c)) {
            blank = true;
        }
    }
    std::string out;
    kept.toUTF8String(out);
    return out;
}

std::optional<Text> label_of(std::string_view text) {
    if (text.size() > 200) return std::nullopt;
    const auto found = index().find(folded(text));
    return found == index().end() ? std::nullopt : std::optional(found->second);
}

}  // namespace persona::bot
