#include "bot/surroundings.hpp"

namespace persona::bot {

Listener listener_of(const accounts::Address& a) {
    return {a.language, a.telegram_language, a.time_zone, a.first_name, a.recording_language, a.notices};
}

Context context_of(const Surroundings& around, const Listener& listener, Uuid event_id) {
    return {.now = wall_now(),
            .language = language_of(listener.language, listener.telegram_language),
            .time_zone = listener.time_zone.empty() ? around.time_zone : listener.time_zone,
            .first_name = listener.first_name,
            .recording_language = listener.recording_language,
            .prices = around.prices,
            .limits = around.limits,
            .sale = around.sale,
            .darkroom = around.darkroom,
            .notices = listener.notices,
            .models = around.models,
            .heard = around.heard,
            .event_id = event_id};
}

}  // namespace persona::bot
