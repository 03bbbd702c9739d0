#include "telegram/init_data.hpp"

#include <sodium.h>

#include <algorithm>
#include <functional>

#include "base/bytes.hpp"
#include "base/number.hpp"
#include "http/url.hpp"
#include "telegram/message.hpp"

namespace persona::telegram {
namespace {

constexpr std::size_t longest = 8 << 10;
constexpr std::size_t signature_bytes = 64, key_bytes = 32;

using Read = std::expected<InitFields, InitFault>;
using Proof = std::function<bool(const InitFields&)>;

// plus_is_blank: forms write a blank so; Telegram's apps write %20, and some leave a plus in a name as it is.
Read read_fields(std::string_view text, bool plus_is_blank) {
    std::string given(text);
    for (std::size_t at = 0; !plus_is_blank && (at = given.find('+', at)) != std::string::npos;) given.replace(at, 1, "%2B");
    const http::Form form = http::Form::parse(given);
    InitFields out(form.begin(), form.end());
    std::ranges::sort(out);
    const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
    if (std::ranges::adjacent_find(out, same_name) != out.end()) return std::unexpected(InitFault::malformed);
    return out;
}

const std::string* find(const InitFields& fields, std::string_view name) {
    const auto at = std::ranges::find(fields, name, &InitFields::value_type::first);
    return at == fields.end() ? nullptr : &at->second;
}

// The lines that are signed: sorted, without those of `left_out`.
std::string lines_of(InitFields fields, std::initializer_list<std::string_view> left_out) {
    std::ranges::sort(fields);
    std::string out;
    for (const auto& [name, value] : fields) {
        if (std::ranges::find(left_out, name) != left_out.end()) continue;
        if (!out.empty()) out += '\n';
        out.append(name).append("=").append(value);
    }
    return out;
}

std::optional<Person> person_of(const std::string& text) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(text).get(object) != simdjson::SUCCESS) return std::nullopt;
    bool sound = true;
    Person person = read_person(Fields(object, sound));
    const bool real = sound && !person.is_bot && person.id.value > 0;
    return real ? std::optional(std::move(person)) : std::nullopt;
}

std::optional<Time> time_of(const std::string& text) {
    const auto seconds = text.size() <= 12 ? whole_number(text) : std::nullopt;
    return seconds && *seconds > 0 ? std::optional(Time(std::chrono::seconds(*seconds))) : std::nullopt;
}

std::expected<InitData, InitFault> data_of(const InitFields& fields, Time now, const InitRules& rules) {
    const std::string *user = find(fields, "user"), *date = find(fields, "auth_date"), *start = find(fields, "start_param");
    auto person = user ? person_of(*user) : std::nullopt;
    const auto at = date ? time_of(*date) : std::nullopt;
    if (!person || !at) return std::unexpected(InitFault::malformed);
    if (*at > now + rules.skew) return std::unexpected(InitFault::from_future);
    if (*at + rules.life < now) return std::unexpected(InitFault::expired);
    return InitData{std::move(*person), *at, start ? *start : ""};
}

// Two readings, and the proof decides: nobody can make one hold without the key.
std::expected<InitData, InitFault> open(std::string_view text, const Proof& holds, Time now, const InitRules& rules) {
    if (text.empty() || text.size() > longest) return std::unexpected(InitFault::malformed);
    for (const bool plus_is_blank : {true, false}) {
        const Read fields = read_fields(text, plus_is_blank);
        if (!fields) return std::unexpected(fields.error());
        if (holds(*fields)) return data_of(*fields, now, rules);
    }
    return std::unexpected(InitFault::forged);
}

bool signed_by(const InitFields& fields, BotId bot, ByteView key) {
    const std::string* given = find(fields, "signature");
    Bytes signature(signature_bytes);
    std::size_t size = 0;
    const bool read = given && key.size() == key_bytes &&
                      sodium_base642bin(signature.data(), signature.size(), given->data(), given->size(), nullptr, &size, nullptr,
                                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    if (!read || size != signature_bytes) return false;
    const std::string lines = std::to_string(bot.value) + ":WebAppData\n" + lines_of(fields, {"hash", "signature"});
    const ByteView message = as_bytes(lines);
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

}  // namespace

std::string init_data_hash(const InitFields& fields, const Secret& token) {
    const Bytes key = hmac_sha256(as_bytes("WebAppData"), as_bytes(token.reveal()));
    return to_hex(hmac_sha256(key, as_bytes(lines_of(fields, {"hash"}))));
}

std::expected<InitData, InitFault> open_init_data(std::string_view text, const Secret& token, Time now, InitRules rules) {
    const auto holds = [&](const InitFields& fields) {
        const std::string* hash = find(fields, "hash");
        return hash && equal_constant_time(as_bytes(*hash), as_bytes(init_data_hash(fields, token)));
    };
    return open(text, holds, now, rules);
}

std::expected<InitData, InitFault> open_init_data_for(BotId bot, ByteView telegram_key, std::string_view text, Time now, InitRules rules) {
    return open(text, [&](const InitFields& fields) { return signed_by(fields, bot, telegram_key); }, now, rules);
}

}  // namespace persona::telegram
