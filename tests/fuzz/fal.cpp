// fal.ai's answers and webhooks: an id never leaves its path, an address is one that can be visited, and nobody signs for fal.ai.
#include <algorithm>
#include <cstdint>
#include <string>

#include "ai/remote/fal/signature.hpp"
#include "ai/remote/fal/wire.hpp"
#include "base/assert.hpp"
#include "base/error.hpp"

namespace {

using namespace persona;

bool is_address(std::string_view text) {
    return text.starts_with("http") && text.size() <= 2048 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

void answers(std::string_view body) {
    using namespace persona::ai::fal;
    if (const auto id = read_submitted(body)) PERSONA_ASSERT(is_id(*id));
    if (const auto status = read_status(body)) PERSONA_ASSERT(status->word.size() <= 40 && (!status->place || *status->place >= 0));
    if (const auto upload = read_upload(body)) PERSONA_ASSERT(is_address(upload->put_url) && is_address(upload->file_url));
    if (const auto id = read_learnt(Learnt::finetune, body)) PERSONA_ASSERT(is_id(*id));
    if (const auto address = read_learnt(Learnt::lora, body)) PERSONA_ASSERT(is_address(*address));
    if (const auto painted = read_painted(body)) PERSONA_ASSERT(painted->urls.size() <= 4 && std::ranges::all_of(painted->urls, is_address));
    PERSONA_ASSERT(read_error(body).word.size() <= 40);
    if (const auto keys = read_keys(body)) PERSONA_ASSERT(!keys->empty() && keys->size() <= 16);
    const auto told = read_told(body);
    if (!told) return;
    PERSONA_ASSERT(is_id(told->request) && (told->gateway_request.empty() || is_id(told->gateway_request)));
    PERSONA_ASSERT(!told->status.empty() && told->status.size() <= 40);
    (void)read_painted(told->payload);
}

// The first four lines are the headers' values.
void webhook(std::string_view rest) {
    http::Headers headers;
    for (const char* field : {"Request-Id", "User-Id", "Timestamp", "Signature"}) {
        const auto end = std::min(rest.find('\n'), rest.size());
        try {
            headers.add(std::string("X-Fal-Webhook-") + field, rest.substr(0, end));
        } catch (const Error&) { return; }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto signature = ai::fal::signature_in(headers, Time(std::chrono::seconds(1'800'000'000)));
    if (!signature) return;
    PERSONA_ASSERT(std::ranges::count(ai::fal::signed_text(*signature, rest), '\n') == 3);
    PERSONA_ASSERT(!ai::fal::proves({ai::fal::PublicKey{0x3d, 0x40, 0x17}}, *signature, rest));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    answers(text);
    webhook(text);
    return 0;
}
