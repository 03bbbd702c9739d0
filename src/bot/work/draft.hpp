// A text while it grows, as a draft in the person's chat: a preview that lives half a minute and leaves nothing behind
// (sendMessageDraft, Bot API 9.3). Nothing depends on it: what fails is not said, and a server without drafts is asked once.
#pragma once

#include "telegram/api.hpp"

namespace persona::bot {

// The last words of a UTF-8 text that have at most so many units of UTF-16 together.
std::string end_of(std::string_view text, std::size_t units);

class Draft {
public:
    // about: what the draft shows; one draft of a chat stands for it.
    Draft(telegram::Api& api, ChatId chat, const Uuid& about);

    // The end of a text that is longer than a message. True when the person saw it.
    Task<bool> show(std::string_view text);
    // While the server is not known to have no drafts.
    bool possible() const { return possible_; }
    // Once the person has seen any of it.
    bool shown() const { return shown_; }

private:
    telegram::Api& api_;
    ChatId chat_;
    std::int64_t id_;
    bool possible_ = true, shown_ = false;
    Deadline quiet_until_ = Deadline::after(Deadline::Steady::duration::zero());
};

}  // namespace persona::bot
