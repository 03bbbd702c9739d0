// A studio of a test that has fal.ai's server for its painter, quick to try again.
#pragma once

#include <fstream>

#include "ai/remote/fal/portraits.hpp"
#include "support/fal_server.hpp"
#include "support/places.hpp"
#include "support/run.hpp"

namespace persona::ai::darkroom {

inline const std::string key = "fal-test-key:0123456789abcdef";
inline const std::string webhook = "https://p.example/fal/webhook?order=7&x=1";

inline Deadline soon() { return Deadline::after(20s); }

inline std::string jpeg_file() {
    std::ifstream file(places::data() / "media/picture.jpg", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// In the decoder's place: what begins like a JPEG is one.
inline std::optional<std::string> repainted(std::string_view bytes, std::stop_token) {
    return bytes.starts_with("\xff\xd8\xff") ? std::optional("ours:" + std::string(bytes)) : std::nullopt;
}

struct Darkroom {
    explicit Darkroom(Executor executor) : server(executor), http(executor) {
        server.files["1.jpg"] = server.files["2.jpg"] = jpeg_file();
        config = {.key = Secret(key),
                  .queue_url = server.queue_url(),
                  .rest_url = server.rest_url(),
                  .try_time = 2s,
                  .upload_time = 2s,
                  .tries = {.tries = 3, .first_wait = 1ms, .most_wait = 2ms, .circuit = {.failures = 50}}};
    }
    void use_loras() {
        config.training = "fal-ai/flux-lora-portrait-trainer";
        config.image = "fal-ai/flux-lora";
    }
    FalPortraits engine() { return {http, pool, repainted, config}; }
    std::size_t calls(std::string_view method, std::string_view part) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(server.asked, [&](const auto& call) { return call.method == method && call.path.contains(part); }));
    }

    test::FalServer server;
    http::Client http;
    CpuPool pool{1};
    fal::Config config;
};

inline void with(std::function<Task<void>(Darkroom&)> body) {
    run([&]() -> Task<void> {
        Darkroom room(co_await asio::this_coro::executor);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(30s), "a test", body(room));
        } catch (...) { error = std::current_exception(); }
        room.http.close();
        co_await room.server.stop();
        if (error) std::rethrow_exception(error);
    });
}

inline TrainingPhoto photo(std::string bytes) {
    return {.jpeg = [bytes]() -> Task<std::string> { co_return bytes; }};
}
inline TrainingOrder lesson() {
    return {
        .id = Uuid::v7(), .gender = Gender::female, .comment = "user_id=7;avatar_id=9", .webhook = webhook, .photos = {photo("one"), photo("two")}};
}
inline ImageOrder picture(std::string model = "f-1") {
    return {
        .id = Uuid::v7(), .model = {std::move(model), {}}, .gender = Gender::male, .style = Style::oil, .count = 2, .seed = 42, .webhook = webhook};
}

inline Task<std::string> begun(FalPortraits& engine) { co_return std::get<Pending>(*co_await engine.train(lesson(), soon())).request; }
inline Task<std::string> begun_painting(FalPortraits& engine) { co_return std::get<Pending>(*co_await engine.paint(picture(), soon())).request; }

}  // namespace persona::ai::darkroom
