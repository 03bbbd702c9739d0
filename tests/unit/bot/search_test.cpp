#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/flows/entries.hpp"
#include "bot/ids.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::HasSubstr;

const Uuid some_id = *Uuid::parse("01234567-89ab-7def-8123-456789abcdef");

HistoryPage page(int size, bool more) {
    transcripts::Entry entry{.id = TranscriptId(some_id), .number = 4, .name = "Планёрка", .at = *from_iso("2026-11-22T12:00:00Z")};
    return {std::vector(static_cast<std::size_t>(size), entry), more, std::vector<std::string>(static_cast<std::size_t>(size), "…о бюджете на год…")};
}

}  // namespace

TEST(Search, AsksForWordsAndEveryTextIsASearchUntilItIsLeft) {
    Talk talk;
    EXPECT_THAT(talk.press("find:").text(), HasSubstr("Что искать?"));
    EXPECT_EQ(talk.state.place, Place::searching);
    EXPECT_THAT(talk.say("кот").text(), HasSubstr("По запросу «кот» ничего не нашлось."));
    EXPECT_EQ(talk.asked.query, "кот");
    talk.known.found = page(1, false);
    EXPECT_THAT(talk.say("бюджет").text(), HasSubstr("Нашлось по запросу «бюджет»:\n1. Планёрка — "));
    EXPECT_THAT(talk.text(), HasSubstr("\n    …о бюджете на год…"));
    EXPECT_THAT(talk.inline_data(), Contains("tr:" + compact(some_id) + ":f0"));
    EXPECT_EQ(talk.say("⬅️ Назад").state.place, Place::assistant);
}

TEST(Search, PagesBelongToTheirQuery) {
    Talk talk;
    talk.press("find:");
    talk.known.found = page(10, true);
    talk.say("бюджет");
    const std::string next = "find:1:" + flows::query_tag("бюджет");
    EXPECT_THAT(talk.inline_data(), Contains(next));
    talk.press(next);
    EXPECT_EQ(talk.asked.query, "бюджет");
    EXPECT_EQ(talk.asked.found, 1);
    EXPECT_THAT(talk.redrawn(), HasSubstr("\n11. "));
    talk.say("погода");
    EXPECT_THAT(talk.press(next).toast(), HasSubstr("прежнего поиска"));
    EXPECT_THAT(Talk().press(next).toast(), HasSubstr("прежнего поиска"));
}

TEST(Search, TheCardOfAFindLeadsBackToWhatWasFound) {
    Talk talk;
    talk.known.card = std::optional(Card{page(1, false).items.front(), {}});
    talk.state.query = "бюджет";
    talk.press("tr:" + compact(some_id) + ":f1");
    EXPECT_THAT(talk.inline_data(), Contains("find:1:" + flows::query_tag("бюджет")));
}

TEST(Search, AVeryLongQueryIsCut) {
    Talk talk;
    talk.press("find:").say(std::string(4000, 'x'));
    EXPECT_LE(talk.state.query.size(), 110u);
    EXPECT_EQ(state_from_json(to_json(talk.state)), talk.state);
}

}  // namespace persona::bot
