// Texts of pieces that heard some seconds twice.
#include "ai/seam.hpp"

#include <gtest/gtest.h>

namespace persona::ai {
namespace {

TEST(Seam, T6_NoWordIsLostOrDoubled) {
    struct Case {
        const char *left, *right, *joined;
    };
    for (const Case& c : {
             Case{"one two three four", "three four five", "one two three four five"},
             Case{"Мы решили это сделать завтра.", "сделать завтра. Потом поедем.", "Мы решили это сделать завтра. Потом поедем."},
             Case{"we meet at the sta", "at the station tomorrow", "we meet at the station tomorrow"},          // left ends within a word
             Case{"we meet at the station", "eet at the station tomorrow", "we meet at the station tomorrow"},  // right begins within one
             Case{"Он ещё раз сказал", "еще раз сказал: нет", "Он ещё раз сказал нет"},
             Case{"it is, in fact — good", "In fact, good enough", "it is, in fact — good enough"},  // marks differ
             Case{"nothing in common", "here at all", "nothing in common here at all"},
             Case{"he said and", "and that was all", "he said and and that was all"},  // one short word is chance
             Case{"это совершенно", "совершенно верно", "это совершенно верно"},       // one long word is none
             Case{"again and again", "again and again and again", "again and again and again"},
             Case{"the end", "the end", "the end"},
             Case{"", "begins here", "begins here"},
             Case{"ends here", "", "ends here"},
             Case{"", "", ""},
         })
        EXPECT_EQ(joined(c.left, c.right), c.joined) << c.left << " | " << c.right;
}

TEST(Seam, LooksNoFurtherThanItsWindow) {
    std::string left = "the same words";
    for (int i = 0; i < 12; ++i) left += " w" + std::to_string(i);
    EXPECT_EQ(joined(left, "the same words again"), left + " the same words again");
}

TEST(Seam, OfEqualRunsTheOneThatDropsLeast) { EXPECT_EQ(joined("yes we can and yes we can", "yes we can do it"), "yes we can and yes we can do it"); }

TEST(Seam, ATextThatRepeatsItselfIsCut) {
    std::string loop = "This was said.";
    for (int i = 0; i < 9; ++i) loop += " Thank you for watching this.";
    EXPECT_EQ(loop.substr(0, before_loop(loop)), "This was said. Thank you for watching this.");
    for (const std::string text : {"", "one one one", "no, no, no, he said", "Раз, два, три."}) EXPECT_EQ(before_loop(text), text.size());
}

}  // namespace
}  // namespace persona::ai
