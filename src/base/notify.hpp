// "I am ready", as systemd's services say it (sd_notify): our own processes do, so that nobody who starts them has to poll.
#pragma once

namespace persona {

// Tells whoever started us (systemd or `persona up`) by $NOTIFY_SOCKET that we are ready; does nothing where nobody asked.
void say_ready();

}  // namespace persona
