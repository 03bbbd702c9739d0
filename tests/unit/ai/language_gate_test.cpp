#include "ai/language_gate.hpp"

#include <gtest/gtest.h>

namespace persona::ai {
namespace {

struct Heard {
    int seconds;
    double log_probability;
    int tokens;
};

LanguageGate fed(const std::vector<Heard>& pieces) {
    LanguageGate gate;
    Millis at{};
    std::size_t index = 0;
    for (const Heard& heard : pieces) {
        const Millis end = at + std::chrono::seconds(heard.seconds);
        gate.add({index++, at, end, heard.tokens > 0 ? "words" : "", heard.log_probability, heard.tokens});
        at = end;
    }
    return gate;
}

TEST(LanguageGate, DecidesByTheWholeRecording) {
    struct Case {
        const char* what;
        std::vector<Heard> pieces;
        Hearing end, so_far;
    };
    for (const Case& c : {
             Case{"nothing", {}, Hearing::no_speech, Hearing::undecided},
             {"music: surely without words", {{20, -0.1, 0}, {20, -0.3, 0}}, Hearing::no_speech, Hearing::undecided},
             {"Russian: silent and in doubt", {{20, -1.4, 0}}, Hearing::not_heard, Hearing::undecided},
             {"music before English", {{20, -0.2, 0}, {10, -0.1, 35}}, Hearing::heard, Hearing::undecided},
             {"English", {{10, -0.1, 35}}, Hearing::heard, Hearing::undecided},
             {"Russian, short", {{10, -1.2, 25}}, Hearing::not_heard, Hearing::undecided},
             {"Russian, long: refused on the way", {{20, -1.2, 50}, {20, -1.0, 50}}, Hearing::not_heard, Hearing::not_heard},
             {"a bad word in a good meeting", {{20, -0.1, 60}, {2, -1.5, 5}, {20, -0.15, 60}}, Hearing::heard, Hearing::undecided},
             {"a lucky sentence in Russian", {{20, -1.2, 60}, {4, -0.1, 15}, {20, -1.1, 60}}, Hearing::not_heard, Hearing::not_heard},
             {"sure of almost no words", {{15, -0.3, 12}}, Hearing::not_heard, Hearing::undecided},
             {"doubtful: not refused early", {{40, -0.45, 120}}, Hearing::not_heard, Hearing::undecided},
         }) {
        EXPECT_EQ(name(fed(c.pieces).at_end()), name(c.end)) << c.what;
        EXPECT_EQ(name(fed(c.pieces).so_far()), name(c.so_far)) << c.what;
    }
}

}  // namespace
}  // namespace persona::ai
