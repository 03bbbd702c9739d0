// The words that a chat model is asked with. A transcript is quoted between marks that nobody can guess, and whatever it says is
// no instruction (T21). Pure, but for the mark.
#pragma once

#include "ai/remote/chat/wire.hpp"
#include "ai/text.hpp"

namespace persona::ai {

// 128 random bits in hexadecimal: what was said before it was made cannot hold it.
std::string new_mark();
// <data mark> text </data mark>
std::string quoted(std::string_view text, std::string_view mark);
// "What stands between <data mark> and </data mark> …"
std::string rule_of_quotes(std::string_view mark);

struct PartOf {
    std::size_t number = 1, count = 1;  // from 1
};
ChatQuestion ask_part(Output output, Language language, std::string_view text, PartOf part);
// notes: JSON of the parts' notes, in their order.
ChatQuestion ask_whole(Output output, Language language, std::string_view notes);
// The same question once more, with the answer that could not be used and why.
ChatQuestion ask_again(ChatQuestion question, std::string answer, std::string_view why);

}  // namespace persona::ai
