#include "ai/local/extractive/words.hpp"

#include <libstemmer.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"

namespace persona::ai::extractive {
namespace {

// Frequent words without content. A word here does not count for likeness; finders still see it.
constexpr std::string_view russian_stops =
    "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь когда "
    "даже ну вдруг ли если уже или ни быть был "
    "него до вас нибудь опять уж вам ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб чтобы без будто "
    "чего раз тоже себе под будет ж тогда кто этот "
    "того потому этого какой совсем ним здесь этом один почти мой тем нее сейчас были куда зачем всех никогда можно при наконец два об другой хоть "
    "после над больше тот через эти нас про всего них "
    "какая много разве три эту моя впрочем хорошо свою этой перед иногда лучше чуть том нельзя такой им более всегда конечно всю между это наш наша "
    "наши нам нами свой своих просто очень который "
    "которая которое которые которых значит вообще типа короче как-то что-то кстати давайте нужно должен должна должны";
constexpr std::string_view english_stops =
    "i me my myself we our ours ourselves you your yours he him his she her hers it its they them their theirs what which who whom this that these "
    "those am is are was were be been being have has had "
    "having do does did doing a an the and but if or because as until while of at by for with about against between into through during before after "
    "above below to from up down in out on off over under "
    "again further then once here there when where why how all any both each few more most other some such no nor not only own same so than too very "
    "s t can will just don should now would could also "
    "i'm i'll i've we're we'll we've you're you'll it's that's there's don't doesn't didn't can't won't let's okay ok yes well really going got get";

std::unordered_set<std::string_view> split(std::string_view list) {
    std::unordered_set<std::string_view> words;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(' ', at), list.size());
        words.insert(list.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

constexpr UChar32 fold(UChar32 c) {
    if (c == 0x2019 || c == 0x02BC) return '\'';
    if (c == 0x451 || c == 0x401) return 0x435;
    return c;
}

void append(std::string& text, UChar32 c) {
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    text.append(bytes, static_cast<std::size_t>(length));
}

UChar32 next(std::string_view text, int32_t& at) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, static_cast<int32_t>(text.size()), c);
    return c;
}

UChar32 peek(std::string_view text, int32_t at) { return at < static_cast<int32_t>(text.size()) ? next(text, at) : 0; }

bool letter(UChar32 c) { return u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK; }

// Whether `c` between `before` and `after` is part of the word.
bool joins(UChar32 before, UChar32 c, UChar32 after) {
    if (!letter(before) || !letter(after)) return false;
    if (c == '\'' || c == 0x2019 || c == 0x02BC || c == '-' || c == 0x2011) return true;
    return (c == '.' || c == ',' || c == ':' || c == '/') && u_isdigit(before) && u_isdigit(after);
}

char mark_of(UChar32 c) {
    switch (c) {
        case ',':
        case ':':
        case '.':
        case '?':
        case '!': return static_cast<char>(c);
        case ';': return '.';
        case 0x2013:
        case 0x2014:
        case '-': return '-';
        default: return ' ';
    }
}

}  // namespace

std::string folded(std::string_view text) {
    std::string result;
    for (int32_t at = 0; at < static_cast<int32_t>(text.size());) append(result, fold(u_tolower(next(text, at))));
    return result;
}

std::vector<Word> words_of(std::string_view sentence) {
    std::vector<Word> words;
    bool inside = false;
    UChar32 before = 0;
    for (int32_t at = 0; at < static_cast<int32_t>(sentence.size());) {
        const int32_t begin = at;
        const UChar32 c = next(sentence, at);
        if (letter(c) || (inside && joins(before, c, peek(sentence, at)))) {
            if (!inside) words.push_back({.begin = static_cast<std::uint32_t>(begin), .capital = static_cast<bool>(u_isupper(c))});
            append(words.back().folded, fold(u_tolower(c)));
            words.back().end = static_cast<std::uint32_t>(at);
            inside = true;
        } else {
            inside = false;
            if (!words.empty() && words.back().after == ' ') words.back().after = mark_of(c);
        }
        before = c;
    }
    return words;
}

bool stop_word(Language language, std::string_view folded_word) {
    static const std::unordered_set<std::string_view> russian = split(russian_stops);
    static const std::unordered_set<std::string_view> english = split(english_stops);
    return (language == Language::ru ? russian : english).contains(folded_word);
}

Stemmer::Stemmer(Language language) : stemmer_(sb_stemmer_new(language == Language::ru ? "russian" : "english", "UTF_8"), &sb_stemmer_delete) {
    if (!stemmer_) throw Error("libstemmer lacks a language");
}

std::string Stemmer::stem(std::string_view folded_word) const {
    const auto* symbols =
        sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(folded_word.data()), static_cast<int>(folded_word.size()));
    if (symbols == nullptr) return std::string(folded_word);
    return {reinterpret_cast<const char*>(symbols), static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
}

}  // namespace persona::ai::extractive
