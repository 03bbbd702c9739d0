// Engines of pictures that do as a test says: what a provider does only on a bad day.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ai/enhance.hpp"
#include "ai/portrait.hpp"
#include "async/within.hpp"

namespace persona::bot {

// Learns and paints at once, until a test says otherwise. `time`: 1 is the first call of its kind.
class Photographer : public ai::PortraitEngine {
public:
    template <class T>
    using Answer = ai::PortraitResult<T>;
    using Learning = Answer<std::variant<ai::Pending, ai::Trained>>;
    using Painting = Answer<std::variant<ai::Pending, ai::Images>>;
    using Learnt = Answer<std::variant<ai::Waiting, ai::Trained>>;
    using Painted = Answer<std::variant<ai::Waiting, ai::Images>>;

    std::function<Learning(int time)> learn = [](int) { return ai::Trained{"a lesson", {"a lora", "a config"}}; };
    std::function<Painting(int time)> draw;                                                // empty: as many images as ordered
    std::function<Learnt(int time)> look_at_training = [](int) { return ai::Waiting{}; };  // of a Pending
    std::function<Painted(int time)> look_at_painting = [](int) { return ai::Waiting{}; };
    std::function<Answer<ai::Trained>(std::string told)> read = [](std::string told) { return ai::Trained{std::move(told), {}}; };
    std::function<Task<void>()> before;  // of each call of train() and paint(); may wait, may throw
    bool local = false;                  // what was lost may be ordered again
    std::string called = "Photographer";

    int trainings = 0, paintings = 0, looks = 0, reads = 0;
    std::vector<std::string> cancelled;
    std::vector<ai::ImageOrder> orders;
    std::vector<std::size_t> photos;  // bytes that the last training was given, photo by photo

    std::string_view name() const override { return called; }
    bool renders() const override { return local; }

    Task<Learning> train(ai::TrainingOrder order, Deadline) override {
        const int time = ++trainings;
        photos.clear();
        for (const ai::TrainingPhoto& photo : order.photos) photos.push_back((co_await photo.jpeg()).size());
        if (before) co_await before();
        co_return learn(time);
    }
    Task<Painting> paint(ai::ImageOrder order, Deadline) override {
        const int time = ++paintings, count = order.count;
        orders.push_back(std::move(order));
        if (before) co_await before();
        if (draw) co_return draw(time);
        ai::Images images;
        for (int i = 0; i < count; ++i) images.push_back("portrait " + std::to_string(i));
        co_return images;
    }
    Task<Learnt> training(std::string, Deadline) override { co_return look_at_training(++looks); }
    Task<Painted> painting(std::string, Deadline) override { co_return look_at_painting(++looks); }
    Task<Answer<ai::Trained>> trained(std::string told, Deadline) override {
        ++reads;
        co_return read(std::move(told));
    }
    Task<Answer<ai::Images>> painted(std::string told, Deadline) override {
        ++reads;
        co_return ai::Images{std::move(told)};
    }
    Task<void> cancel_training(std::string request, Deadline) override {
        cancelled.push_back(std::move(request));
        co_return;
    }
    Task<void> cancel_painting(std::string request, Deadline) override {
        cancelled.push_back(std::move(request));
        co_return;
    }

    static std::unexpected<ai::PortraitError> failing(ai::PortraitError::Reason reason) {
        return std::unexpected(ai::PortraitError{reason, "HTTP 500 at https://provider.internal"});
    }
};

// Gives the picture back, until a test says otherwise.
class Retoucher : public ai::EnhanceEngine {
public:
    using Answer = std::expected<media::Picture, ai::EnhanceError>;
    std::function<Answer(const media::Picture&, int time)> mend = [](const media::Picture& picture, int) { return picture; };
    mutable int times = 0;

    std::string_view name() const override { return "Retoucher"; }
    int most_side() const override { return 2048; }
    Task<Answer> enhance(media::Picture picture, std::vector<ai::Face>, Deadline) const override { co_return mend(picture, ++times); }
};

// One face in the middle, as a good photo has it.
inline std::vector<ai::Face> one_face(const media::Picture& picture) {
    const auto width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
    const ai::Spot middle{width / 2, height / 2};
    return {{.left = width * 0.3f,
             .top = height * 0.3f,
             .width = width * 0.4f,
             .height = height * 0.4f,
             .left_eye = middle,
             .right_eye = middle,
             .nose = middle,
             .mouth = middle,
             .score = 0.99f}};
}

}  // namespace persona::bot
