// In which language a recording is heard: found beforehand, or asked about with a button for each, through probe, flow and transcription.
#include "bot/flows/flows.hpp"
#include "bot/knowledge.hpp"
#include "studio.hpp"

namespace persona::bot {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* paid_once = "95.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1";
constexpr const char* untouched = "100.00 coins, 0.00 held; charged 0, voided 0; transcripts 0, documents 0";
constexpr const char* question = "Не уверен, на каком языке говорят. На каком расшифровать за 5.00 🪙?";

struct Button {
    std::string text, data;
};

// The buttons of the last message that has the words.
std::vector<Button> buttons(const Studio& s, std::string_view words) {
    std::vector<Button> out;
    for (const auto& call : s.telegram.asked) {
        const auto* text = call.params.if_contains("text");
        const auto* markup = call.params.if_contains("reply_markup");
        if (!text || !markup || !std::string_view(text->as_string()).contains(words)) continue;
        out.clear();
        for (const auto& row : markup->at("inline_keyboard").as_array())
            for (const auto& one : row.as_array())
                out.push_back({std::string(one.at("text").as_string()), std::string(one.at("callback_data").as_string())});
    }
    return out;
}

struct RecordingLanguage : WorkTest {
    // An engine that finds the language, with this guess of every recording.
    void with_guess(ai::LanguageGuess guess, std::function<Task<void>(Studio&)> body) {
        with([=](Studio& s) -> Task<void> {
            s.shop.speech.members.front().facts = {.name = "Ears", .languages = {"ru", "en"}, .finds = true};
            s.around.heard = {"ru", "en"};
            s.ears.guessed = guess;
            s.hire();
            co_await body(s);
        });
    }
    // What the conversation makes of a press; gives what is shown over the chat.
    static Task<std::string> press(Studio& s, std::string data) {
        const auto key = co_await s.vault.key_of(anna, soon());
        const State state;
        const Event event = Pressed{std::move(data), her_message};
        const Context context = context_of(s);
        Data known;
        for (;;) {
            Step next = step({state, event, known, context});
            if (const auto* need = std::get_if<Need>(&next)) {
                co_await learn(s.pool, anna, key, s.around, *need, known, soon());
                continue;
            }
            auto effects = std::move(std::get<Outcome>(next).effects);
            std::string shown;
            for (const Effect& effect : effects)
                if (const auto* toast = std::get_if<Toast>(&effect)) shown = toast->text;
            std::erase_if(effects, [](const Effect& effect) { return std::holds_alternative<Toast>(effect); });
            if (!effects.empty()) co_await s.act(std::move(effects));
            co_return shown;
        }
    }
    // A recording in doubt; the button of this place is pressed.
    void chosen(std::size_t place, std::string code, std::string name) {
        with_guess({"ru", 0.5}, [=](Studio& s) -> Task<void> {
            co_await s.send_file(spoken(2));
            co_await s.until_said(question);
            co_await s.until_quiet();
            EXPECT_EQ(co_await s.books(), untouched) << "asked before anything is held";
            EXPECT_EQ(s.ears.heard(), "");
            const auto offered = buttons(s, question);
            EXPECT_EQ(offered.size(), 2u);
            co_await press(s, offered.at(place).data);
            co_await s.until_said("✅ Готово");
            co_await s.until_quiet();
            EXPECT_THAT(s.ears.wanted, ElementsAre(code, code));
            EXPECT_TRUE(s.said("Язык: " + name + ", распознавание: Ears."));
            EXPECT_EQ(co_await s.books(), paid_once);
        });
    }
};

TEST_F(RecordingLanguage, InDoubtTheFirstButtonStartsItInRussian) { chosen(0, "ru", "русский"); }
TEST_F(RecordingLanguage, InDoubtTheSecondButtonStartsItInEnglish) { chosen(1, "en", "английский"); }

TEST_F(RecordingLanguage, TheButtonsNameLanguageAndPrice) {
    with_guess({"en", 0.6}, [](Studio& s) -> Task<void> {
        co_await s.send_file(spoken(1));
        co_await s.until_said(question);
        std::vector<std::string> words;
        for (const Button& button : buttons(s, question)) words.push_back(button.text);
        EXPECT_THAT(words, ElementsAre("📝 русский — 5.00 🪙", "📝 английский — 5.00 🪙"));
        co_await s.until_quiet();
    });
}

TEST_F(RecordingLanguage, BothButtonsPressedItIsHeardOnceAndPaidOnce) {
    with_guess({"ru", 0.5}, [](Studio& s) -> Task<void> {
        co_await s.send_file(spoken(1));
        co_await s.until_said(question);
        const auto offered = buttons(s, question);
        EXPECT_EQ(co_await press(s, offered.at(1).data), "");
        EXPECT_THAT(co_await press(s, offered.at(0).data), HasSubstr("Эта запись уже"));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_THAT(s.ears.wanted, ElementsAre("en"));
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(RecordingLanguage, WhereTheEngineIsSureNobodyIsAsked) {
    with_guess({"ru", 0.95}, [](Studio& s) -> Task<void> {
        co_await s.send_file(spoken(2));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_FALSE(s.said("Не уверен"));
        EXPECT_THAT(s.ears.wanted, Each("ru"));
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(RecordingLanguage, ALanguageThatNobodyHearsIsRefusedBeforeAnyHold) {
    with_guess({"de", 0.95}, [](Studio& s) -> Task<void> {
        co_await s.send_file(spoken(1));
        co_await s.until_said("я слышу только");
        co_await s.until_quiet();
        EXPECT_EQ(s.ears.heard(), "");
        EXPECT_EQ(co_await s.books(), untouched);
    });
}

}  // namespace
}  // namespace persona::bot
