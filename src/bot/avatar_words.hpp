// How avatars, styles and photos are named to people: shared by the flows and the ends of jobs.
#pragma once

#include "bot/turn.hpp"

namespace persona::bot {

std::string avatar_name(const Context& context, const avatars::Avatar& avatar);
std::string gender_text(const Context& context, ai::Gender gender);
// Ready, but its model is of use to another provider alone.
bool is_foreign(const Context& context, const avatars::Avatar& avatar);
// "обучается", "готов", "ошибка обучения: …"
std::string state_text(const Context& context, const avatars::Avatar& avatar);
// What a class of failure means to the person.
std::string reason_text(const Context& context, std::string_view reason);
std::string style_text(const Context& context, ai::Style style);
// The bundled picture that shows a style.
std::string style_picture(ai::Style style);
std::string aspect_text(ai::Aspect aspect);  // "3:4"

// The one message that shows a draft's photos; photo jobs and buttons change it.
std::string gallery_message(const Uuid& draft);
// "Фото 3 из 9. Не хватает ещё 1 фото."
std::string gallery_caption(const Context& context, int at, int count);
// at: from 0.
telegram::InlineKeyboard gallery_keyboard(const Context& context, const Uuid& photo, int count);

// What follows a training that ended well or badly.
telegram::InlineKeyboard avatar_ready_keyboard(const Context& context);
telegram::InlineKeyboard train_again_keyboard(const Context& context, const avatars::Avatar& avatar, Coins price);
// Under each portrait.
telegram::InlineKeyboard image_keyboard(const Context& context, const Uuid& image, bool kept);
// Under an enhanced photo.
telegram::InlineKeyboard enhanced_keyboard(const Context& context, const Uuid& image);

// The ids of a training follow from the avatar and the attempt: a repeated press meets the same hold and the same job.
Uuid training_job(const Uuid& avatar, int attempt);
Uuid training_operation(const Uuid& avatar, int attempt);

}  // namespace persona::bot
