// What Mini Apps are opened with: vectors of Telegram's own servers and of @telegram-apps/init-data-node; forgeries; clocks.
#include "telegram/init_data.hpp"

#include <gtest/gtest.h>

#include "http/url.hpp"

namespace persona::telegram {
namespace {

// From the documentation of @telegram-apps/init-data-node.
const std::string sample =
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C%"
    "22username"
    "%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648&hash="
    "c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2";
const Secret sample_token("5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8");
constexpr Time sample_time{std::chrono::seconds(1662771648)};

// Signed by Telegram itself; the name holds a plus and other signs.
const std::string telegrams =
    "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%"
    "3A%22"
    "vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%"
    "5C%2F"
    "t.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type="
    "private&"
    "auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6&signature="
    "zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ";
constexpr BotId telegrams_bot{7342037359};
constexpr Time telegrams_time{std::chrono::seconds(1733584787)};

const Secret token("424242:e2e-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw");
constexpr Time now{std::chrono::seconds(1'790'000'000)};

std::string signed_text(InitFields fields, bool plus_as_it_is = false) {
    const std::string hash = init_data_hash(fields, token);
    http::Form form;
    for (auto& [name, value] : fields) form.add(name, value);
    form.add("hash", hash);
    std::string text = form.encoded();
    for (std::size_t at = 0; plus_as_it_is && (at = text.find("%2B", at)) != std::string::npos;) text.replace(at, 3, "+");
    return text;
}
InitFields fields_at(Time time, std::string name = "Anna") {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    return {{"auth_date", std::to_string(seconds)}, {"user", R"({"id":5000000001,"first_name":")" + name + R"("})"}, {"start_param", "topup"}};
}
std::optional<InitFault> fault_of(std::string_view text, Time at = now) {
    const auto opened = open_init_data(text, token, at);
    return opened ? std::nullopt : std::optional(opened.error());
}

TEST(InitData, OpensWhatTheDocumentationSigns) {
    const auto opened = open_init_data(sample, sample_token, sample_time + 1h);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->user.id, TelegramId(279058397));
    EXPECT_EQ(opened->user.first_name, "Vladislav");
    EXPECT_EQ(opened->user.language_code, "ru");
    EXPECT_EQ(opened->at, sample_time);
}

TEST(InitData, OpensWhatTelegramSigns) {
    const Bytes key = *from_hex(init_data_key);
    const auto opened = open_init_data_for(telegrams_bot, key, telegrams, telegrams_time + 1h);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->user.first_name, "Vladislav + - ? /");
    EXPECT_EQ(open_init_data_for(BotId(1), key, telegrams, telegrams_time + 1h).error(), InitFault::forged);
    EXPECT_EQ(open_init_data_for(telegrams_bot, Bytes(32, 7), telegrams, telegrams_time + 1h).error(), InitFault::forged);
    EXPECT_EQ(open_init_data_for(telegrams_bot, key, sample, telegrams_time).error(), InitFault::forged) << "it has no signature";
    EXPECT_EQ(open_init_data_for(telegrams_bot, key, telegrams, telegrams_time + 25h).error(), InitFault::expired);
}

TEST(InitData, NamesOfEverySignAreReadAsTheyAre) {
    for (const char* name : {"A+B", "100% + %2B", "Анна & Ко = ?", "a b", "%20", "+", "C++ + Rust", "\xf0\x9f\x8e\xa4"})
        for (const bool plus_as_it_is : {false, true}) {
            const auto opened = open_init_data(signed_text(fields_at(now, name), plus_as_it_is), token, now);
            ASSERT_TRUE(opened) << name << plus_as_it_is;
            EXPECT_EQ(opened->user.first_name, name);
            EXPECT_EQ(opened->start_param, "topup");
        }
}

TEST(InitData, EveryChangedByteIsAForgery) {
    const std::string good = signed_text(fields_at(now));
    ASSERT_FALSE(fault_of(good));
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        EXPECT_TRUE(fault_of(bad)) << bad;
    }
    EXPECT_EQ(fault_of(good + "&admin=1"), InitFault::forged);
    EXPECT_EQ(open_init_data(good, Secret("424242:another-token-of-another-bot"), now).error(), InitFault::forged);
    EXPECT_EQ(fault_of(good.substr(0, good.find("&hash="))), InitFault::forged);
    EXPECT_EQ(fault_of(good.substr(0, good.size() - 1)), InitFault::forged);
    EXPECT_EQ(fault_of(good.substr(0, good.find("&hash=")) + "&hash="), InitFault::forged);
}

TEST(InitData, IsGoodForADayAndForClocksThatDiffer) {
    const std::string text = signed_text(fields_at(now));
    EXPECT_FALSE(fault_of(text, now + 24h));
    EXPECT_EQ(fault_of(text, now + 24h + 1s), InitFault::expired);
    EXPECT_FALSE(fault_of(text, now - 60s));
    EXPECT_EQ(fault_of(text, now - 61s), InitFault::from_future);
}

TEST(InitData, WhatIsSignedButNobodysIsRefused) {
    for (const char* user : {"", "{}", "null", R"({"id":0})", R"({"id":-5})", R"({"id":"5"})", R"({"id":5,"is_bot":true})", R"({"id":5)", "[5]"}) {
        InitFields fields = fields_at(now);
        fields[1].second = user;
        EXPECT_EQ(fault_of(signed_text(fields)), InitFault::malformed) << user;
    }
    for (const char* date : {"", "soon", "-5", "0", "1e9", "99999999999999999999", " 1790000000"}) {
        InitFields fields = fields_at(now);
        fields[0].second = date;
        EXPECT_EQ(fault_of(signed_text(fields)), InitFault::malformed) << date;
    }
    InitFields twice = fields_at(now);
    twice.push_back(twice[1]);
    EXPECT_EQ(fault_of(signed_text(twice)), InitFault::malformed);
    for (const std::string& text : {std::string(), std::string("hash"), std::string("&&&"), std::string("user=%"), std::string(9000, 'a')})
        EXPECT_TRUE(fault_of(text)) << text;
}

}  // namespace
}  // namespace persona::telegram
