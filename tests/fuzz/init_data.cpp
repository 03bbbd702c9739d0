// Init data of any content: opened only where it is signed, and then the same text is opened again.
#include "telegram/init_data.hpp"

#include "base/assert.hpp"
#include "http/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona;
    static const Secret token("1:fuzz");
    static const telegram::InitRules ever{.life = std::chrono::hours(24 * 365'000)};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    PERSONA_ASSERT(!telegram::open_init_data(text, token, wall_now(), ever));
    const http::Form form = http::Form::parse(text);
    telegram::InitFields fields(form.begin(), form.end());
    const std::string hash = telegram::init_data_hash(fields, token);
    const auto opened = telegram::open_init_data(form.encoded() + "&hash=" + hash, token, wall_now(), ever);
    PERSONA_ASSERT(opened || opened.error() != telegram::InitFault::forged || form.contains("hash"));
    return 0;
}
