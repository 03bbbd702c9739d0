// What a turn does: plain values that the desk makes SQL and messages of, in their order.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ai/portrait.hpp"
#include "base/coins.hpp"
#include "bot/catalogue/text.hpp"
#include "studio/payments/order.hpp"
#include "telegram/call.hpp"

namespace persona::bot {

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

}  // namespace persona::bot
