#include "sandbox/model/recorder.hpp"

#include <algorithm>

#include "base/secret.hpp"

namespace persona::sandbox {
namespace {

constexpr std::size_t most_calls = 20'000;

json::object as_json(const Recorded& call) {
    // A bot may send its own token by mistake, in a text or an address: it never leaves through here.
    auto params = json::parse(redact(json::serialize(call.params)));
    return {{"seq", call.seq},
            {"at", to_iso(call.at)},
            {"bot", call.bot.value},
            {"method", call.method},
            {"params", std::move(params)},
            {"status", call.status},
            {"description", call.description},
            {"violations", json::array(call.violations.begin(), call.violations.end())}};
}

}  // namespace

std::uint64_t Recorder::add(Recorded call) {
    call.seq = next_++;
    calls_.push_back(std::move(call));
    if (calls_.size() > most_calls) calls_.pop_front();
    return calls_.back().seq;
}

Recorded* Recorder::find(std::uint64_t seq) {
    if (calls_.empty() || seq < calls_.front().seq || seq > calls_.back().seq) return nullptr;
    return &calls_[seq - calls_.front().seq];
}

void Recorder::answered(std::uint64_t seq, int status, std::string_view description) {
    auto* call = find(seq);
    if (!call) return;
    call->status = status;
    call->description = description;
}

void Recorder::violated(std::uint64_t seq, std::string violation) {
    if (auto* call = find(seq)) call->violations.push_back(std::move(violation));
}

json::array Recorder::since(std::uint64_t seq, std::string_view method, std::size_t limit) const {
    json::array out;
    const std::size_t skip = calls_.empty() || seq < calls_.front().seq ? 0 : seq - calls_.front().seq + 1;
    for (std::size_t i = skip; i < calls_.size() && out.size() < limit; ++i)
        if (method.empty() || calls_[i].method == method) out.push_back(as_json(calls_[i]));
    return out;
}

json::array Recorder::violations() const {
    json::array out;
    for (const auto& call : calls_)
        if (!call.violations.empty()) out.push_back(as_json(call));
    return out;
}

}  // namespace persona::sandbox
