// The protocol of an enhancement server, which whoever runs GFPGAN, CodeFormer or Real-ESRGAN puts in front of it in a few lines. Pure.
//
//   POST <PERSONA_ENHANCE_URL>             the whole address; https, or http on this machine
//   Authorization: Bearer <key>            where there is a key
//   Content-Type: multipart/form-data      one part: image, photo.jpg, image/jpeg: upright, sRGB, no metadata, at most 2048 pixels
//
//   200 image/jpeg or image/png            the photo made better: the same frame, as large as what was sent or up to four times in a side
//   200 application/json {"error": "…"}    it cannot be made better, and trying again is of no use
//   429, 5xx                               later, or after Retry-After; any other 4xx: never
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ai/remote/provider.hpp"
#include "media/picture_reader.hpp"

namespace persona::ai {

std::vector<http::Part> enhance_form(std::string jpeg);

// The image's bytes, which nobody has looked at yet, else the server's refusal.
std::expected<std::string, ProviderError> enhance_answer(http::Reply reply);

// Whether a picture of this size can be `sent` made better; a server that answers with another frame, a thumbnail or a wall is no such server.
bool fits(const media::PictureInfo& got, const media::Picture& sent);
// How many pixels such an answer has at most.
std::int64_t most_pixels_for(const media::Picture& sent);

}  // namespace persona::ai
