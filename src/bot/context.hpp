// What surrounds a turn: the time, the language, what things cost and what this installation can do.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/coins.hpp"
#include "bot/catalogue/text.hpp"
#include "studio/payments/order.hpp"

namespace persona::bot {

struct Prices {
    Coins transcription = Coins::hundredths(500);        // up to base_minutes
    Coins transcription_minute = Coins::hundredths(50);  // each started minute beyond
    int base_minutes = 10;
    Coins output = Coins::hundredths(100);  // a document from a transcript
    Coins answer = Coins::hundredths(50);   // of the assistant
    Coins avatar = Coins::hundredths(1000);
    Coins portrait = Coins::hundredths(200);  // each
    Coins enhancement = Coins::hundredths(300);

    // Of a measured duration.
    Coins of_recording(std::chrono::milliseconds duration) const;
};

// Coins for Telegram Stars.
struct Package {
    Coins coins;
    std::int64_t stars = 0;
    friend bool operator==(const Package&, const Package&) = default;
};

struct Sale {
    std::vector<Package> packages{
        {Coins::hundredths(100'00), 80}, {Coins::hundredths(250'00), 195}, {Coins::hundredths(500'00), 380}, {Coins::hundredths(1000'00), 750}};
    int order_minutes = 60;
    payments::Second second = payments::Second::credit;  // of two payments of one invoice
    std::string support;                                 // whom people write to about payments; empty: nobody is named
};

struct Limits {
    std::int64_t file_bytes = 20 << 20;
    int recording_minutes = 60;
    std::int64_t photo_bytes = 20 << 20;
    int photo_side = 512;                     // of the shorter side, pixels
    int least_photos = 10, most_photos = 20;  // of an avatar
};

inline constexpr int draft_days = 30;  // an avatar's draft that nobody touches is deleted after so many

// What makes pictures here.
struct Darkroom {
    std::string provider = "local";  // of portraits; empty: none are made here
    bool renders = true;             // its styles are drawn from the person's own photos: people are told
    bool enhances = true;            // photos can be made better here
};

struct Context {
    Time now;
    Language language = Language::ru;
    std::string time_zone;  // IANA name
    std::string first_name;
    std::string recording_language = {};  // "ru", "en"; empty: found in each recording
    Prices prices;
    Limits limits;
    Sale sale;
    Darkroom darkroom = {};
    bool admin = false;              // one of the operator's (ADMIN_IDS)
    bool notices = true;             // the person wants them
    bool models = false;             // a language model writes documents and answers; else the basic mode
    std::vector<std::string> heard;  // languages that can be recognised: "en", …
    Uuid event_id;                   // of (bot, update): ids of what this turn makes derive from it, so a re-run reuses them

    std::string say(Text text, Args args = {}) const { return render(text, language, args); }
    std::string coins(Coins amount) const { return render(Text::coins, language, {{"amount", amount.text()}}); }
    std::string languages() const;
    // The n-th id that this turn makes.
    Uuid id(int n) const { return Uuid::v5(event_id, std::to_string(n)); }
};

// "английский, русский"
std::string language_names(const std::vector<std::string>& codes, Language language);

}  // namespace persona::bot
