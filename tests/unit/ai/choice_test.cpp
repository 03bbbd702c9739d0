// Which engines hear a recording.
#include "ai/choice.hpp"

#include <gmock/gmock.h>

namespace persona::ai {
namespace {

const SpeechFacts moonshine{.name = "Moonshine", .languages = {"en"}, .guarded = true};
const SpeechFacts whisper{.name = "Whisper", .languages = {"ru", "en"}, .many = true, .finds = true};
const SpeechFacts whisper_en{.name = "Whisper.en", .languages = {"en"}};
const SpeechFacts openai{.name = "OpenAI", .languages = {"ru", "en"}, .remote = true, .many = true, .finds = true};

std::string chosen(const std::vector<SpeechFacts>& engines, SpeechWish wish, std::string_view language) {
    std::string out;
    for (const std::size_t i : choose_speech(engines, wish, language)) out += (out.empty() ? "" : " ") + engines[i].name;
    return out;
}

TEST(Choice, GoesByLanguageWishAndWhatIsConfigured) {
    const std::vector<SpeechFacts> all{moonshine, whisper, openai}, plain{moonshine}, cloud{moonshine, openai}, english{moonshine, whisper_en};
    using enum SpeechWish;
    struct Case {
        const std::vector<SpeechFacts>& engines;
        SpeechWish wish;
        const char *language, *order;
    };
    for (const Case& c : {
             Case{all, automatic, "en", "Moonshine Whisper OpenAI"},
             {all, automatic, "ru", "Whisper OpenAI"},
             {all, automatic, "de", "Whisper OpenAI"},
             {all, automatic, "", "Whisper Moonshine OpenAI"},
             {all, local, "ru", "Whisper"},
             {all, local, "", "Whisper Moonshine"},
             {all, SpeechWish::openai, "en", "OpenAI"},
             {all, SpeechWish::openai, "", "OpenAI"},
             {plain, automatic, "en", "Moonshine"},
             {plain, automatic, "", "Moonshine"},
             {plain, automatic, "ru", ""},
             {plain, SpeechWish::openai, "en", ""},
             {cloud, automatic, "", "Moonshine OpenAI"},
             {cloud, automatic, "ru", "OpenAI"},
             {english, automatic, "", "Moonshine"},
             {english, automatic, "en", "Moonshine Whisper.en"},
         })
        EXPECT_EQ(chosen(c.engines, c.wish, c.language), c.order) << c.language << " with " << c.engines.size();
}

TEST(Choice, NamesWhatCanBeHeard) {
    using testing::ElementsAre;
    const std::vector<SpeechFacts> all{moonshine, whisper_en, openai};
    EXPECT_THAT(heard_languages(all, SpeechWish::automatic), ElementsAre("ru", "en"));
    EXPECT_THAT(heard_languages(all, SpeechWish::local), ElementsAre("en"));
    EXPECT_THAT(heard_languages({}, SpeechWish::automatic), ElementsAre());
}

}  // namespace
}  // namespace persona::ai
