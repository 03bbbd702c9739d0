// What a person does with photos, as the flows order it, and what they are shown.
#pragma once

#include "bot/avatar_words.hpp"
#include "media/jpeg.hpp"
#include "studio.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/portraits/requests.hpp"
#include "unit/media/picture_maker.hpp"

namespace persona::bot {

inline constexpr int few_photos = 2;  // of an avatar in these tests

// Another one for each seed.
inline std::string photo(unsigned seed, int width = 512, int height = 512) { return media::jpeg_of(media::scene(seed, width, height)); }

Task<AvatarId> begin_draft(Studio& studio);
// They arrived for a draft: one job checks them all. Gives its id. The messages have the numbers 201, 202, …
Task<Uuid> send_photos(Studio& studio, AvatarId draft, std::vector<std::string> contents);
// A draft with `count` photos, whose messages are gone.
Task<AvatarId> draft_with(Studio& studio, int count = few_photos);
// "✅ Создать аватар", or the retry button after `attempt` trainings. Gives the job.
Task<Uuid> order_training(Studio& studio, AvatarId avatar, int attempt = 0);
Task<AvatarId> ready_avatar(Studio& studio);
Task<Uuid> order_portraits(Studio& studio, AvatarId avatar, int count = 1);
Task<Uuid> order_enhancement(Studio& studio, std::string content);
Task<Uuid> order_enhancement_of(Studio& studio, std::string file);

// As until_said and until_quiet, where a pause between tries is over at once.
Task<void> hurry_until(Studio& studio, std::function<bool()> condition, std::string what);
Task<void> hurry_until_said(Studio& studio, std::string words);
Task<void> hurry_until_quiet(Studio& studio);
// The deadline of a provider's work has passed.
Task<void> let_time_pass(Studio& studio, Uuid job);

Task<std::optional<avatars::Avatar>> look(Studio& studio, AvatarId avatar);
Task<std::vector<avatars::Photo>> photos_of(Studio& studio, AvatarId avatar);
// "90.00 coins, 0.00 held; charged 1, voided 0; ready 1"
Task<std::string> avatar_books(Studio& studio);

// What a call carried, whether it brought a file or not.
boost::json::object fields_of(const telegram::test::Asked& asked);
// The cards that were shown or changed, in order: caption and, behind a bar, the callback data of their buttons.
std::vector<std::string> cards(const Studio& studio);
// Messages of the person that the bot took away, in order.
std::vector<std::int64_t> unsaid(const Studio& studio);
// How many texts have these words.
std::size_t times_said(const Studio& studio, std::string_view words);
// The callback data of the last text that has these words.
std::string buttons_of(const Studio& studio, std::string_view words);

}  // namespace persona::bot
