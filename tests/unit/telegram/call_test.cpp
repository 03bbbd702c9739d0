// Every call we build, judged by the Bot API's own description (sandbox/bot_api.json is made from the machine-readable one).
#include "telegram/call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;
using testing::IsEmpty;

// What is wrong with a value: unknown or missing fields, wrong types and lengths, all the way down.
class Judge {
public:
    Judge() : spec_(json::parse(read_file(places::data() / "../../sandbox/bot_api.json")).as_object()) {}

    std::vector<std::string> faults(const Call& call) {
        faults_.clear();
        const auto& methods = spec_.at("methods").as_object();
        if (!methods.contains(call.method)) return {"no method " + call.method};
        json::object params = call.params;
        if (call.file) params[call.file->field] = "attach";  // sent beside, as a file
        fields(methods.at(call.method).as_object(), params, call.method);
        return faults_;
    }

private:
    void fields(const json::object& shape, const json::object& value, const std::string& at) {
        for (const auto& [name, field] : shape)
            if (field.as_object().contains("r") && !value.contains(name)) faults_.push_back(at + ": " + std::string(name) + " is missing");
        for (const auto& [name, inner] : value) {
            const std::string place = at + "." + std::string(name);
            if (!shape.contains(name))
                faults_.push_back(place + " does not exist");
            else
                field(shape.at(name).as_object(), inner, place);
        }
    }
    void field(const json::object& shape, const json::value& value, const std::string& at) {
        const auto before = faults_;
        std::vector<std::string> best;
        for (const auto& type : shape.at("t").as_array()) {
            faults_ = before;
            fits(std::string(type.as_string()), value, at);
            if (faults_ == before) return limits(shape, value, at);
            best = faults_;
        }
        faults_ = best;
    }
    void fits(const std::string& type, const json::value& value, const std::string& at) {
        constexpr std::string_view array = "Array of ";
        const auto& types = spec_.at("types").as_object();
        if (type.starts_with(array)) {
            if (!value.is_array()) return faults_.push_back(at + " is no array");
            for (const auto& element : value.get_array()) fits(type.substr(array.size()), element, at + "[]");
        } else if (types.contains(type)) {
            if (!value.is_object()) return faults_.push_back(at + " is no " + type);
            fields(types.at(type).at("fields").as_object(), value.get_object(), at);
        } else if ((type == "String" && !value.is_string()) || (type == "Integer" && !value.is_int64()) || (type == "Boolean" && !value.is_bool())) {
            faults_.push_back(at + " is no " + type);
        }
    }
    void limits(const json::object& shape, const json::value& value, const std::string& at) {
        if (!shape.contains("max") || !value.is_string()) return;
        const std::string text(value.get_string());
        const auto size = static_cast<std::int64_t>(shape.at("u") == "bytes" ? text.size() : utf16_units(text));
        if (size > shape.at("max").as_int64() || size < shape.at("min").as_int64())
            faults_.push_back(at + " has a length of " + std::to_string(size));
    }

    json::object spec_;
    std::vector<std::string> faults_;
};

Call in_chat(Call call) {
    call.params["chat_id"] = 5'000'000'000;
    return call;
}
Call editing(Call call) {
    call.params["message_id"] = 1;
    return in_chat(std::move(call));
}

const InlineKeyboard inline_keyboard{{{{.text = "⬅️", .data = "a:prev", .url = {}}, {.text = "site", .data = {}, .url = "https://example.org"}}, {}}};

TEST(Call, EveryCallIsOneOfTheBotApi) {
    const std::string longest(4096, 'x'), caption(1024, 'x'), answer(200, 'x'), data(64, 'x');
    const Call calls[] = {
        in_chat(send_message("Привет")),
        in_chat(send_message(longest, MessageId(7))),
        in_chat(with(send_message("меню"), ReplyKeyboard{{{"🎤 Аудио", "📄"}, {"⬅️ Назад"}}})),
        in_chat(with(send_message("без меню"), ReplyKeyboard{})),
        in_chat(with(send_message("кнопки"), inline_keyboard)),
        in_chat(with(send_message("кнопки"), InlineKeyboard{})),
        in_chat(with(send_message("кнопка"), InlineKeyboard{{{{.text = "x", .data = data, .url = {}}}}})),
        in_chat(send_document({.field = "document", .blob = "b", .file_name = "a.txt"}, caption, MessageId(7))),
        in_chat(with(send_document({.field = "document", .blob = "b", .file_name = "a.txt"}, ""), inline_keyboard)),
        editing(with(edit_message_text("правка"), inline_keyboard)),
        in_chat(delete_message(MessageId(7))),
        answer_callback("id"),
        answer_callback("id", answer, true),
        in_chat(chat_action("typing")),
        {"getUpdates", {{"limit", 100}, {"timeout", 50}, {"offset", 1}, {"allowed_updates", json::array{"message"}}}, {}},
        {"deleteWebhook", {{"drop_pending_updates", false}}, {}},
        {"getFile", {{"file_id", "f"}}, {}},
        {"answerPreCheckoutQuery", {{"pre_checkout_query_id", "q"}, {"ok", false}, {"error_message", "sorry"}}, {}},
    };
    Judge judge;
    for (const Call& call : calls) EXPECT_THAT(judge.faults(call), IsEmpty()) << json::serialize(call.params).substr(0, 200);
}

TEST(Call, TheJudgeSeesWhatIsWrong) {
    Judge judge;
    EXPECT_FALSE(judge.faults(send_message("no chat")).empty());
    EXPECT_FALSE(judge.faults({"sendMesage", {}, {}}).empty());
    Call wrong = in_chat(with(send_message("x"), inline_keyboard));
    wrong.params["reply_markup"].as_object()["inline_keyboard"].as_array()[0].as_array()[0].as_object()["data"] = "x";
    EXPECT_FALSE(judge.faults(wrong).empty());
    Call large = in_chat(send_message("x"));
    large.params["text"] = std::string(4097, 'x');
    EXPECT_FALSE(judge.faults(large).empty());
}

TEST(Call, CountsLengthsAsTelegramDoes) {
    EXPECT_EQ(utf16_units(""), 0U);
    EXPECT_EQ(utf16_units("abc"), 3U);
    EXPECT_EQ(utf16_units("Привет"), 6U);
    EXPECT_EQ(utf16_units("😀"), 2U);
    EXPECT_EQ(utf16_units("👨‍👩‍👧"), 8U);
}

TEST(CallDeathTest, RefusesWhatTelegramWouldRefuse) {
    EXPECT_DEATH((void)send_message(std::string(4097, 'x')), "assertion");
    EXPECT_DEATH((void)send_message(""), "assertion");
    EXPECT_DEATH((void)with(send_message("x"), InlineKeyboard{{{{.text = "x", .data = std::string(65, 'x'), .url = {}}}}}), "assertion");
    EXPECT_DEATH((void)with(send_message("x"), InlineKeyboard{{{{.text = "x", .data = {}, .url = {}}}}}), "assertion");
}

}  // namespace
}  // namespace persona::telegram
