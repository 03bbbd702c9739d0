// What a flow may ask for, and what it gets: plain values that the database's rooms fill (knowledge.cpp).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/coins.hpp"
#include "studio/analytics/figures.hpp"
#include "studio/analytics/used.hpp"
#include "studio/avatars/avatar.hpp"
#include "studio/payments/promo_code.hpp"
#include "studio/portraits/image.hpp"
#include "studio/transcripts/entry.hpp"
#include "studio/wallet/entry.hpp"

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

}  // namespace persona::bot
