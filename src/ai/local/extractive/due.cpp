#include "ai/local/extractive/due.hpp"

#include <array>

namespace persona::ai::extractive {
namespace {

// Each table is tried in full before the next: a bound term before a loose one.
constexpr std::array<std::string_view, 17> russian_bound = {
    "не|крайний позднее|позже|срок <tens>? <day> <month> <year>? года?",
    "не позднее|позже <date>|<weekday>|завтра|<month>",
    "не позднее|позже конца <any>",
    "до|к|ко|по <tens>? <day> <month> <year>? года?",
    "до|к|ко|по <tens>? <day> числа|числу",
    "до|к|ко|по <date>",
    "до|к|ко <time>",
    "до|к обеда|обеду|вечера|вечеру|утра|утру",
    "до|к завтра|завтрашнего|завтрашнему|послезавтра дня|дню|утра|утру|вечера|вечеру?",
    "до|к|ко следующего|следующей|следующему|следующую|ближайшей|ближайшего|этой|этого? <weekday>|среды|недели|неделе|месяца|месяцу",
    "до|к|ко конца|концу|начала|началу|середины|середине этой|этого|следующей|следующего? дня|недели|месяца|квартала|года|<month> <year>?",
    "до|к|ко <month> <year>? года?",
    "до|к следующей|следующего|следующему встречи|встрече|совещания|совещанию|созвона|созвону|заседания|заседанию|собрания|собранию",
    "до|к нового|новому года|году",
    "в течение <count>? <any>",
    "к|до <weekday> <time>?",
    "сегодня|завтра до|к <time>|обеда|вечера|утра|обеду|вечеру|конца дня?",
};
constexpr std::array<std::string_view, 9> russian_loose = {
    "через <count>? день|дня|дней|неделю|недели|недель|месяц|месяца|месяцев|час|часа",
    "на этой|следующей|ближайшей|будущей неделе",
    "в следующем|этом|ближайшем месяце|квартале",
    "в|во следующий|следующую|ближайший|ближайшую|этот|эту? <weekday>",
    "в конце|начале|середине дня|недели|месяца|квартала|года|<month>",
    "<tens>? <day> <month> <year>? года?",
    "<date>",
    "сегодня|завтра|послезавтра утром|вечером|днем?",
    "в ближайшие|ближайшее дни|время",
};
constexpr std::array<std::string_view, 11> english_bound = {
    "by|before|until|till|due|on the? <month> <day> <year>?",
    "by|before|until|till|due|on the? <day> of <month> <year>?",
    "by|before|until|till|on the? <day> <month> <year>?",
    "by|before|until|till|due on? the? <day>",
    "by|before|until|till|due|on on? <date>",
    "by|before|until|till|due|no on|later? than? next|this|coming? <weekday> morning|afternoon|evening|noon?",
    "by|before|until|till|at the? end of the|this|next? day|week|month|quarter|year|<month>|<weekday>",
    "by|before|until|till next|this week|month|quarter|meeting|sprint|year",
    "by|before|until|till tomorrow|tonight|noon|eod|cob|midnight|lunch",
    "by|before|until|till <month> <year>?",
    "before the release|launch|next|meeting|deadline|call|demo meeting|call|demo?",
};
constexpr std::array<std::string_view, 7> english_loose = {
    "on <weekday> morning|afternoon|evening?",
    "next|this week|month|quarter|<weekday>",
    "in|within <count> of? day|days|week|weeks|month|months|hour|hours",
    "<month> <day> <year>?",
    "<date>",
    "tomorrow|today|tonight morning|afternoon|evening?",
    "later today|tomorrow",
};

using Tables = std::array<std::vector<Phrase>, 2>;

const Tables& tables(Language language) {
    static const Tables russian = {phrases(russian_bound), phrases(russian_loose)};
    static const Tables english = {phrases(english_bound), phrases(english_loose)};
    return language == Language::ru ? russian : english;
}

}  // namespace

std::string due_of(std::string_view sentence, std::span<const Word> words, Language language) {
    for (const auto& table : tables(language)) {
        const Match match = find(table, words);
        if (!match) continue;
        const std::size_t begin = words[match.begin].begin;
        return std::string(sentence.substr(begin, words[match.begin + match.size - 1].end - begin));
    }
    return {};
}

}  // namespace persona::ai::extractive
