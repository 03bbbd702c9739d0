// The pure parts of the chat engine: splitting, requests, answers, notes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ai/remote/chat/notes.hpp"
#include "ai/remote/chat/prompts.hpp"
#include "ai/remote/chat/split.hpp"

namespace persona::ai {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::array all_outputs = {Output::full_transcript, Output::summary, Output::mom, Output::todo, Output::protocol};

std::string together(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) out += part;
    return out;
}

TEST(ChatSplit, PartsAreTheTextAndFitAndAreAlike) {
    std::string turns, one_line;
    for (int i = 0; i < 400; ++i)
        turns += "Анна: это реплика номер " + std::to_string(i) + " о бюджете.\n", one_line += "слово" + std::to_string(i) + " ";
    for (const std::string& text : {turns, one_line, std::string(5000, 'x'), std::string("\n\n\n"), std::string("short")}) {
        const auto parts = parts_of(text, 500);
        EXPECT_EQ(together(parts), text);
        for (const auto& part : parts) EXPECT_LE(estimated_tokens(part), 500u);
    }
    const auto parts = parts_of(turns, 500);
    EXPECT_GT(estimated_tokens(parts.back()), 300u) << "the end counts as much as the start";
    for (const auto& part : parts) EXPECT_TRUE(part.starts_with("Анна:") && part.ends_with("\n")) << "cut within a turn";
}

TEST(ChatWire, AsksInTheProtocolOfTheServer) {
    ChatQuestion question = ask_part(Output::summary, Language::ru, "Анна: да.", {});
    const auto body = boost::json::parse(chat_request("gpt", question, {}, false)).as_object();
    EXPECT_EQ(body.at("model"), "gpt");
    EXPECT_EQ(body.at("response_format").at("type"), "json_schema");
    EXPECT_EQ(body.at("response_format").at("json_schema").at("strict"), true);
    EXPECT_EQ(body.at("response_format").at("json_schema").at("schema").at("additionalProperties"), false);
    EXPECT_TRUE(body.contains("max_completion_tokens"));
    EXPECT_FALSE(body.contains("stream"));

    Dialect dialect;
    for (const char* parameter : {"temperature", "response_format.json_schema", "max_completion_tokens"}) {
        EXPECT_TRUE(adapt(dialect, {.fault = Fault::refused, .status = 400, .code = "unsupported_value", .parameter = parameter}));
        EXPECT_FALSE(adapt(dialect, {.fault = Fault::refused, .status = 400, .code = "unsupported_value", .parameter = parameter})) << "twice";
    }
    EXPECT_FALSE(adapt(dialect, {.fault = Fault::refused, .status = 400, .code = "", .parameter = "messages"}));
    const auto plain = boost::json::parse(chat_request("gpt", question, dialect, true)).as_object();
    for (const char* gone : {"temperature", "response_format", "max_completion_tokens"}) EXPECT_FALSE(plain.contains(gone)) << gone;
    EXPECT_TRUE(plain.contains("max_tokens"));
    EXPECT_EQ(plain.at("stream"), true);
}

TEST(ChatWire, ReadsAnswersAndNothingElse) {
    const auto whole = chat_answer(R"({"choices":[{"message":{"content":"Да."},"finish_reason":"stop"}]})");
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->text, "Да.");
    EXPECT_FALSE(whole->cut);
    EXPECT_TRUE(chat_answer(R"({"choices":[{"message":{"content":"Д"},"finish_reason":"length"}]})")->cut);
    EXPECT_TRUE(chat_answer(R"({"choices":[{"message":{"content":""},"finish_reason":"length"}]})")->cut);
    struct Case {
        const char* body;
        Fault fault;
    };
    for (const Case& c :
         {Case{"", Fault::nonsense}, Case{"<html>", Fault::nonsense}, Case{"{}", Fault::nonsense}, Case{R"({"choices":[]})", Fault::nonsense},
          Case{R"({"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]})", Fault::nonsense},
          Case{R"({"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]})", Fault::nonsense},
          Case{R"({"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]})", Fault::refused}}) {
        const auto answer = chat_answer(c.body);
        ASSERT_FALSE(answer) << c.body;
        EXPECT_EQ(answer.error().fault, c.fault) << c.body;
    }
}

TEST(ChatWire, AStreamIsTheSameHoweverItIsCut) {
    const std::string stream =
        ": comment\r\n\r\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\r\n\r\n"
        "data: {\"choices\":[{\"delta\":{\"content\":\"При\"}}]}\n\ndata:{\"choices\":[{\"delta\":{\"content\":\"вет\"},\"finish_reason\":null}]}\n\n"
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{}}\n\ndata: [DONE]\n\n";
    for (std::size_t size = 1; size <= stream.size(); size += 7) {
        ChatStream reader;
        for (std::size_t at = 0; at < stream.size(); at += size) reader.feed(std::string_view(stream).substr(at, size));
        ASSERT_TRUE(reader.ended()) << size;
        EXPECT_EQ(reader.ended()->text, "Привет") << size;
    }
    ChatStream broken;
    EXPECT_TRUE(broken.feed("data: {\"choices\":[{\"delta\":{\"content\":\"При\"}}]}\n"));
    EXPECT_EQ(broken.so_far(), "При");
    EXPECT_EQ(broken.ended().error().fault, Fault::nonsense) << "a stream without its end is no answer";
    ChatStream whole;
    whole.feed(R"({"choices":[{"message":{"content":"Да."},"finish_reason":"stop"}]})");
    EXPECT_EQ(whole.ended()->text, "Да.") << "a server that does not stream";
}

TEST(ChatNotes, ComeBackAsTheyWereWritten) {
    const Notes notes{.participants = {"Анна"},
                      .agenda = {"Бюджет"},
                      .points = {"Рост 12%."},
                      .questions = {"Кто?"},
                      .remarks = {{"00:10", "Анна", "Начнём."}},
                      .decisions = {{"Купить", "Игорь", "пятница"}},
                      .tasks = {{"Купить", "", ""}},
                      .deadlines = {{"Отчёт", "", "1 мая"}}};
    for (const Output output : all_outputs) {
        const auto json = to_json(output, notes);
        EXPECT_EQ(json.size(), notes_schema(output).at("required").as_array().size());
        const auto back = notes_from(output, boost::json::serialize(json));
        ASSERT_TRUE(back);
        EXPECT_EQ(to_json(output, *back), json);
        EXPECT_TRUE(notes_from(output, "```json\n" + boost::json::serialize(json) + "\n```")) << "a fence is forgiven";
    }
}

TEST(ChatNotes, WhatIsNotOfTheSchemaIsRefused) {
    for (const char* text : {"", "Sure! Here are the tasks.", "[]", "{}", R"({"tasks":"none"})", R"({"tasks":[{"text":"a","owner":"b"}]})",
                             R"({"tasks":[{"text":"a","owner":null,"due":""}]})", R"({"tasks":[{"text":"a","owner":"b","due":"c","more":"d"}]})",
                             R"({"tasks":[],"points":[]})", R"({"tasks":[{"text":"a","owner":"b","due":"c"}])"})
        EXPECT_FALSE(notes_from(Output::todo, text)) << text;
    const auto notes = notes_from(Output::todo, R"({"tasks":[{"text":" ","owner":"b","due":""},{"text":" Позвонить ","owner":"","due":""}]})");
    ASSERT_TRUE(notes);
    ASSERT_EQ(notes->tasks.size(), 1u);
    EXPECT_EQ(notes->tasks[0].text, "Позвонить");
}

TEST(ChatNotes, JoinedSayEachThingOnce) {
    const Notes all = joined({{.participants = {"Анна"}, .tasks = {{"Отправить отчёт.", "Анна", ""}}},
                              {.participants = {"Анна", "Игорь"}, .tasks = {{"отправить отчет", "", ""}, {"Купить", "", ""}}}});
    EXPECT_THAT(all.participants, ElementsAre("Анна", "Игорь"));
    ASSERT_EQ(all.tasks.size(), 2u);
    EXPECT_EQ(all.tasks[0].owner, "Анна");
}

TEST(ChatPrompts, EachQuestionHasAMarkOfItsOwn) {
    const auto first = ask_part(Output::mom, Language::en, "Hello </data>", {2, 3}),
               second = ask_part(Output::mom, Language::en, "Hello </data>", {2, 3});
    EXPECT_NE(first.messages[0].content, second.messages[0].content);
    EXPECT_THAT(first.messages[1].content, HasSubstr("Part 2 of 3"));
    EXPECT_THAT(first.messages[0].content, Not(HasSubstr("Hello")));
}

}  // namespace
}  // namespace persona::ai
