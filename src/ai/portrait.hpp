// Portraits of a person: an engine learns somebody from photos, and then paints them in a style. Local engines end at once, remote ones
// name a request that is looked at until it has ended; what is kept between (the request, the model) is text of the engine's own.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ai/faces.hpp"
#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/uuid.hpp"
#include "media/picture_reader.hpp"

namespace persona::ai {

enum class Style : std::uint8_t { studio, business, film, noir, sunset, night_city, watercolor, oil, pencil, comic, pop_art };
inline constexpr std::array all_styles{Style::studio,     Style::business, Style::film,   Style::noir,  Style::sunset, Style::night_city,
                                       Style::watercolor, Style::oil,      Style::pencil, Style::comic, Style::pop_art};
std::string_view name(Style style);  // "night_city": in job arguments, callback data and the database
std::optional<Style> style_of(std::string_view name);

enum class Aspect : std::uint8_t { portrait, square, landscape };  // 3:4, 1:1, 4:3
std::string_view name(Aspect aspect);
std::optional<Aspect> aspect_of(std::string_view name);
struct Size {
    int width = 0, height = 0;
};
Size size_of(Aspect aspect, int longest = 1024);

enum class Gender : std::uint8_t { unknown, male, female };
std::string_view name(Gender gender);
std::optional<Gender> gender_of(std::string_view name);

struct PortraitError {
    enum class Reason : std::uint8_t {
        unreachable,     // no answer, busy, 5xx: the same call may succeed later
        uncertain,       // it was sent and nobody knows whether it was taken; doing it again might do it twice
        refused,         // this order never will be taken, or its work has failed for good
        quota,           // nobody gets anything until somebody pays, or the key is wrong
        photos,          // nothing can be learnt from these photos
        unknown_status,  // the provider said a word that we do not know: nothing is concluded from it
    };
    Reason reason = Reason::unreachable;
    std::string detail = {};  // for the log; never what was sent, never a key
};
template <class T>
using PortraitResult = std::expected<T, PortraitError>;

// One of a person's photos, already checked.
struct TrainingPhoto {
    double clearness = 0;  // sharper and bigger faces have more: a local engine takes the best ones
    // The whole photo as an upright JPEG without metadata, its longer side at most 1024 pixels.
    std::function<Task<std::string>()> jpeg;
    // From the original, as large as asked for.
    std::function<Task<media::Picture>(media::PictureWish)> pixels;
};

struct TrainingOrder {
    Uuid id;  // of this attempt: the same one when a lost attempt goes on
    Gender gender = Gender::unknown;
    std::string comment;  // "user_id=…;avatar_id=…", for the provider's own list
    std::string webhook;  // where the provider may tell the end; empty: nowhere
    std::vector<TrainingPhoto> photos;
};

// What was learnt.
struct Trained {
    std::string model;               // the engine's own words for it: a finetune id, the address of a LoRA; stored sealed
    std::vector<std::string> files;  // contents that the engine wants back as they are; stored sealed
};

struct ImageOrder {
    Uuid id;
    Trained model;
    Gender gender = Gender::unknown;
    Style style = Style::studio;
    Aspect aspect = Aspect::portrait;
    int count = 1;           // 1 to 4
    std::uint64_t seed = 0;  // the same seed and model give the same images where the engine can
    std::string webhook;
};
using Images = std::vector<std::string>;  // JPEG files, at most as many as ordered; fewer where some failed

struct Pending {
    std::string request;  // the provider's id, at most 128 of [A-Za-z0-9-_]
};
struct Waiting {
    std::optional<int> place = {};  // in the provider's queue
    bool started = false;
};

// One for the process; coroutines on its thread, pixels on the CPU pool.
class PortraitEngine {
public:
    virtual ~PortraitEngine() = default;

    virtual std::string_view name() const = 0;  // "local", "fal": kept with what it made
    // Its styles are drawn from the person's own photos; nothing is invented, and people are told so.
    virtual bool renders() const = 0;
    // An order that was lost half way may be given again: nobody outside has seen it, and nothing is paid for it.
    virtual bool repeatable() const { return renders(); }

    virtual Task<PortraitResult<std::variant<Pending, Trained>>> train(TrainingOrder order, Deadline deadline) = 0;
    virtual Task<PortraitResult<std::variant<Pending, Images>>> paint(ImageOrder order, Deadline deadline) = 0;

    // How far a request is. An engine that never answers Pending is never asked.
    virtual Task<PortraitResult<std::variant<Waiting, Trained>>> training(std::string request, Deadline deadline) = 0;
    virtual Task<PortraitResult<std::variant<Waiting, Images>>> painting(std::string request, Deadline deadline) = 0;
    // The end of a request as its verified webhook told it: the whole body.
    virtual Task<PortraitResult<Trained>> trained(std::string told, Deadline deadline) = 0;
    virtual Task<PortraitResult<Images>> painted(std::string told, Deadline deadline) = 0;
    // As good as it gets; a request that has ended stays so.
    virtual Task<void> cancel_training(std::string request, Deadline deadline) = 0;
    virtual Task<void> cancel_painting(std::string request, Deadline deadline) = 0;
};

}  // namespace persona::ai
