// The parser of messages; update.cpp is its only caller.
#pragma once

#include "telegram/fields.hpp"
#include "telegram/update.hpp"

namespace persona::telegram {

Person read_person(const Fields& user);
Chat read_chat(const Fields& chat);
Message read_message(const Fields& message);

}  // namespace persona::telegram
