// One turn of the conversation, whole: what a flow is given, what it may ask for and what it answers. A flow is a pure
// function Turn → Step; it does no I/O, so that every dialogue is tested as a table.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/coins.hpp"
#include "bot/catalogue/text.hpp"
#include "bot/event.hpp"
#include "bot/state.hpp"
#include "studio/analytics/figures.hpp"
#include "studio/analytics/used.hpp"
#include "studio/avatars/avatar.hpp"
#include "studio/payments/order.hpp"
#include "studio/payments/promo_code.hpp"
#include "studio/portraits/image.hpp"
#include "studio/transcripts/entry.hpp"
#include "studio/wallet/entry.hpp"
#include "telegram/call.hpp"

namespace persona::bot {

// Where a page of the ledger begins: behind or before a row of it, 0 for the newest.
struct LedgerCursor {
    std::int64_t before = 0, after = 0;
};

// A picture of an avatar's portraits, by its place from 0, newest first.
struct Frame {
    Uuid avatar;
    int at = 0;
};

struct Need {
    bool funds = false;
    bool current = false;        // the current transcript
    bool jobs = false;           // what is queued or running for this person
    std::optional<int> history;  // a page, from 0
    std::optional<int> found;    // a page of what query finds
    std::optional<Uuid> card;    // a transcript with what was made of it
    std::optional<Uuid> document;
    bool last_file = false;  // the newest file of all
    std::optional<Uuid> recording;
    std::optional<Uuid> transcript;
    std::string query;  // with found
    std::optional<LedgerCursor> ledger;
    bool promo = false;                 // what counts for the next top-up
    std::string code;                   // what this promo code would give
    std::optional<std::int64_t> usage;  // a page of what was paid for: before this row, 0 for the newest
    bool summary = false;               // the operator's figures
    std::optional<TelegramId> person;   // somebody's coins, for an operator
    bool draft = false;                 // the avatar that gathers photos
    bool avatars = false;               // the others
    std::optional<Frame> frame;
    std::optional<Uuid> image;
};

struct Funds {
    Coins available, held;
};

struct TranscriptRef {
    Uuid id;
    std::int64_t number = 0;
    std::string name{};  // as the library shows it
};

struct RunningJob {
    Uuid id;
    std::string kind;
    std::string topic;  // what it is about: "<document>:<transcript>", empty for others
};

struct HistoryPage {
    std::vector<transcripts::Entry> items;  // newest first, at most history_page_size
    bool more = false;
    std::vector<std::string> excerpts{};  // of what a search found: one for each, or none at all
};
constexpr int history_page_size = 10;

struct LedgerPage {
    std::vector<wallet::Entry> items;  // newest first, at most history_page_size
    bool newer = false, older = false;
};

struct UsagePage {
    std::vector<analytics::Used> items;  // newest first, at most history_page_size
    bool more = false;
};

// Somebody whom an operator speaks about.
struct Purse {
    UserId user;
    Coins available;
};

struct AvatarDraft {
    avatars::Avatar avatar;
    std::vector<avatars::Photo> photos;  // in the order they were sent
};

struct Card {
    transcripts::Entry entry;
    std::vector<transcripts::Made> documents;  // newest first, at most most_documents
};
constexpr int most_documents = 12;

// A recording that was measured; its price is fixed.
struct Recording {
    enum class Work { none, running, ended } work = Work::none;
    std::chrono::milliseconds duration{0};
    Coins price;
    std::optional<MessageId> message;  // the person's message with the file
    int ahead = 0;                     // others that wait in the line before it
};

// A present outer optional: it was looked for; an absent inner one: there is none.
struct Data {
    std::optional<Funds> funds;
    std::optional<std::optional<TranscriptRef>> current;
    std::optional<std::vector<RunningJob>> jobs;
    std::optional<HistoryPage> history, found;
    std::optional<std::optional<Card>> card;
    std::optional<std::optional<transcripts::Made>> document, last_file;
    std::optional<std::optional<Recording>> recording;
    std::optional<std::optional<TranscriptRef>> transcript;
    std::optional<LedgerPage> ledger;
    std::optional<std::optional<promo::Waiting>> promo;
    std::optional<promo::Offer> offer;  // of code
    std::optional<UsagePage> usage;
    std::optional<analytics::Summary> summary;
    std::optional<std::optional<Purse>> person;
    std::optional<std::optional<AvatarDraft>> draft;
    std::optional<std::vector<avatars::Avatar>> avatars;  // the main one first, then the newest
    std::optional<std::optional<portraits::Image>> frame, image;
};

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

struct Turn {
    const State& state;
    const Event& event;
    const Data& data;
    const Context& context;
};

using Keyboard = std::variant<std::monostate, telegram::ReplyKeyboard, telegram::InlineKeyboard>;

struct Say {
    std::string text;
    Keyboard keyboard;
    std::optional<MessageId> reply_to;
    std::string handle;  // where it will be edited
};
// Replaces the text and inline keyboard of a message of ours, named by handle or by Telegram's id.
struct Redraw {
    std::string text;
    telegram::InlineKeyboard keyboard;
    std::string handle;
    std::optional<MessageId> message;
};
// The answer to a pressed button; without one it is answered empty.
struct Toast {
    std::string text;
    bool alert = false;
};
struct Payment {
    Uuid operation;
    Coins price;
    std::string service;
};
// A picture as a message; without one its caption as text.
struct Show {
    std::string picture;  // a blob of the person's, or "asset:<path>"; may be empty
    std::string caption;
    telegram::InlineKeyboard keyboard;
    std::string handle = {};  // where it will be changed
    std::optional<MessageId> reply_to = {};
};
// Puts another picture and caption into a message of ours, named by handle or by Telegram's id.
struct Reshow {
    std::string picture;
    std::string caption;
    telegram::InlineKeyboard keyboard;
    std::string handle = {};
    std::optional<MessageId> message = {};
};
// Other buttons under a message of ours.
struct Rebutton {
    MessageId message;
    telegram::InlineKeyboard keyboard;
};
// Takes a message out of the chat, ours or the person's.
struct Unsay {
    MessageId message;
};
// "is sending a photo…": a sign of life for some seconds.
struct Busy {
    std::string action;
};
struct StartJob {
    Uuid id;
    std::string kind;
    std::string topic;
    boost::json::object args;
    std::optional<Payment> payment;  // held in the same transaction
    std::int64_t units = 0;          // how much work it is, for the time that others wait; 0: unknown
};
struct CancelJob {
    Uuid id;
};
struct ChooseLanguage {
    Language language;
};
struct ChooseRecordingLanguage {
    std::string language;  // "ru", "en"; empty: found in each recording
};
// A stored file, once more.
struct SendFile {
    std::string blob, file_name, caption;
    telegram::InlineKeyboard keyboard;
};
struct MakeCurrent {
    Uuid transcript;
};
struct Rename {
    Uuid transcript;
    std::string name;
};
// With all that was made of it.
struct EraseTranscript {
    Uuid transcript;
};
struct EraseDocument {
    Uuid document;
};

// What was said in the dialogue with the assistant.
struct ForgetDialogue {};

struct ChooseNotices {
    bool wanted;
};

// An order, and its invoice in Stars. The order is stored in the same transaction as the invoice that names it.
struct SellCoins {
    payments::Order order;
    int minutes;
    std::string title, description, label;  // at most 32, 255 and 32 characters
};
struct UsePromo {
    std::string code;
    Uuid use;
};
// A code that was tried in vain.
struct MissPromo {};
// By an operator; the key makes it act once.
struct AdjustCoins {
    UserId user;
    Coins amount;  // below zero: taken
    std::string reason;
    Uuid key;
};

struct BeginAvatar {
    Uuid id;
};
struct DescribeAvatar {
    Uuid id;
    std::string name;
    ai::Gender gender;
};
struct RemovePhoto {
    Uuid photo;
};
// attempt: as it was shown.
struct SubmitAvatar {
    Uuid id;
    int attempt;
    std::string provider;
    int least_photos;
};
struct MakeMainAvatar {
    Uuid id;
};
// With its photos and portraits.
struct EraseAvatar {
    Uuid id;
};
struct KeepImage {
    Uuid id;
};
struct EraseImage {
    Uuid id;
};

using Effect =
    std::variant<Say, Redraw, Toast, StartJob, CancelJob, ChooseLanguage, ChooseRecordingLanguage, SendFile, MakeCurrent, Rename, EraseTranscript,
                 EraseDocument, ForgetDialogue, ChooseNotices, SellCoins, UsePromo, MissPromo, AdjustCoins, Show, Reshow, Rebutton, Unsay, Busy,
                 BeginAvatar, DescribeAvatar, RemovePhoto, SubmitAvatar, MakeMainAvatar, EraseAvatar, KeepImage, EraseImage>;

struct Outcome {
    State next;
    std::vector<Effect> effects;
};

using Step = std::variant<Need, Outcome>;

// Never throws on any input. Asks at most three times.
Step step(const Turn& turn);

}  // namespace persona::bot
