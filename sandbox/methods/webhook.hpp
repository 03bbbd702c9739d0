// Which updates a bot asks for; said by setWebhook and getUpdates alike.
#pragma once

#include "sandbox/methods/context.hpp"

namespace persona::sandbox {

// Keeps the list of the call where it has one.
void allow_updates(Context& call);

}  // namespace persona::sandbox
