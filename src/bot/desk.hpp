// Where effects become SQL: one Work, the messages that go out with it, and what is said at once after the commit.
#pragma once

#include <optional>
#include <vector>

#include "bot/turn.hpp"
#include "jobs/job.hpp"
#include "postgres/work.hpp"
#include "studio/assistant/memory.hpp"
#include "telegram/outbox.hpp"
#include "vault/seal.hpp"

namespace persona::bot {

// Whom the effects concern.
struct Recipient {
    UserId user;
    ChatId chat;
    vault::Key key;
    telegram::Stream stream = telegram::Stream::dialogue;
};

// The Work in the making. Lives from the first effect to the commit; the outbox outlives it.
class Desk {
public:
    // work: what stands before the effects in the same transaction.
    Desk(telegram::Outbox& outbox, Recipient recipient, postgres::Work work = {})
        : outbox_(outbox), recipient_(std::move(recipient)), work_(std::move(work)) {}

    postgres::Work& work() { return work_; }
    // Leaves this Desk without a Work: commit() of the pool takes it.
    postgres::Work take_work() { return std::move(work_); }
    void apply(const std::vector<Effect>& effects);
    // The person is one of the operator's: their decisions go into the audit log, sealed with the system's key.
    void act_for_operator(vault::Key system) { system_ = std::move(system); }
    // A call that is no text: a document.
    void send(telegram::Call call);

    // After the commit of work(): hands what was stored to the sender.
    void committed(const postgres::Committed& results);
    const std::optional<Toast>& toast() const { return toast_; }
    // Jobs were queued or cancelled: ring the workers.
    bool touched_jobs() const { return touched_jobs_; }
    std::optional<Language> chosen_language() const { return chosen_language_; }
    const std::optional<std::string>& chosen_recording_language() const { return chosen_recording_language_; }
    std::optional<bool> chosen_notices() const { return chosen_notices_; }

private:
    void add(telegram::Outgoing message);
    telegram::Attachment photo(const std::string& picture) const;
    void operator()(const Say& say);
    void operator()(const Redraw& redraw);
    void operator()(const Toast& toast) { toast_ = toast; }
    void operator()(const StartJob& job);
    void operator()(const CancelJob& job);
    void operator()(const ChooseLanguage& choice);
    void operator()(const ChooseRecordingLanguage& choice);
    void operator()(const ForgetDialogue&) { assistant::forget(work_, recipient_.user); }
    void operator()(const SendFile& file);
    void operator()(const MakeCurrent& choice);
    void operator()(const Rename& change);
    void operator()(const EraseTranscript& choice);
    void operator()(const EraseDocument& choice);
    void operator()(const ChooseNotices& choice);
    void operator()(const SellCoins& sale);
    void operator()(const UsePromo& use);
    void operator()(const MissPromo&);
    void operator()(const AdjustCoins& decision);
    void operator()(const Show& show);
    void operator()(const Reshow& reshow);
    void operator()(const Rebutton& change);
    void operator()(const Unsay& choice);
    void operator()(const Busy& sign) { busy_ = sign.action; }
    void operator()(const BeginAvatar& draft);
    void operator()(const DescribeAvatar& change);
    void operator()(const RemovePhoto& choice);
    void operator()(const SubmitAvatar& order);
    void operator()(const MakeMainAvatar& choice);
    void operator()(const EraseAvatar& choice);
    void operator()(const KeepImage& choice);
    void operator()(const EraseImage& choice);

    telegram::Outbox& outbox_;
    Recipient recipient_;
    postgres::Work work_;
    std::vector<telegram::Outbox::Pending> pending_;
    std::optional<Toast> toast_;
    std::optional<Language> chosen_language_;
    std::optional<std::string> chosen_recording_language_;
    std::optional<bool> chosen_notices_;
    std::optional<vault::Key> system_;
    std::string busy_;  // a chat action to be shown; nothing depends on it
    bool touched_jobs_ = false;
};

}  // namespace persona::bot
