#include "darkroom.hpp"

#include "http/multipart.hpp"

namespace persona::bot {
namespace {

constexpr postgres::Query over_at_once{"test.hurry", "UPDATE jobs SET run_at = now() WHERE state = 'queued' AND run_at > now()"};
constexpr postgres::Query past_deadline{"test.late", "UPDATE portrait_requests SET deadline_at = now() - interval '1 second' WHERE id = $1::uuid"};
constexpr postgres::Query unfinished{
    "test.unfinished", "SELECT (SELECT count(*) FROM jobs WHERE ended_at IS NULL) + (SELECT count(*) FROM outbox WHERE state = 'ready')"};
constexpr postgres::Query books{
    "test.books",
    "SELECT format('%s coins, %s held; charged %s, voided %s; %s', b.coins, b.held, (SELECT count(*) FROM transactions WHERE type = 'charge'), "
    "(SELECT count(*) FROM holds WHERE state = 'voided'), (SELECT coalesce(string_agg(state || ' ' || n, ', ' ORDER BY state), 'no avatar') "
    "FROM (SELECT state, count(*) n FROM user_avatars GROUP BY state) a)) FROM user_balances b WHERE user_id = 1"};

// `buttons` as "data data".
std::string data_of(const boost::json::object& fields) {
    const auto* markup = fields.if_contains("reply_markup");
    if (!markup) return {};
    const boost::json::value parsed = markup->is_string() ? boost::json::parse(markup->as_string()) : *markup;
    const auto* rows = parsed.as_object().if_contains("inline_keyboard");
    std::string out;
    if (!rows) return out;
    for (const auto& row : rows->as_array())
        for (const auto& button : row.as_array()) (out += out.empty() ? "" : " ") += std::string(button.at("callback_data").as_string());
    return out;
}

std::string text_of(const boost::json::object& from, std::string_view key) {
    const auto* text = from.if_contains(key);
    return text ? std::string(text->as_string()) : std::string();
}

}  // namespace

Task<AvatarId> begin_draft(Studio& studio) {
    const Uuid id = Uuid::v7();
    co_await studio.act({BeginAvatar{id}});
    co_return AvatarId(id);
}

Task<Uuid> send_photos(Studio& studio, AvatarId draft, std::vector<std::string> contents) {
    boost::json::array files;
    for (std::string& content : contents) {
        const std::size_t number = studio.telegram.files.size() + 1;
        const std::string file = "photo" + std::to_string(number) + ".jpg";
        studio.telegram.files[file] = std::move(content);
        files.push_back({{"file", file}, {"message", 200 + static_cast<std::int64_t>(number)}});
    }
    const Uuid id = Uuid::v7();
    std::vector<Effect> effects;
    if (files.size() > 1) effects.push_back(Say{.text = "checking", .keyboard = {}, .handle = live_message(id)});
    effects.push_back(StartJob{.id = id,
                               .kind = "photos",
                               .topic = "photos:" + compact(draft.value),
                               .args = {{"avatar", compact(draft.value)}, {"files", std::move(files)}},
                               .payment = {}});
    co_await studio.act(std::move(effects));
    co_return id;
}

Task<AvatarId> draft_with(Studio& studio, int count) {
    const AvatarId draft = co_await begin_draft(studio);
    std::vector<std::string> contents;
    for (int i = 0; i < count; ++i) contents.push_back(photo(static_cast<unsigned>(100 + i)));
    co_await send_photos(studio, draft, std::move(contents));
    co_await studio.until_quiet();
    co_return draft;
}

Task<Uuid> order_training(Studio& studio, AvatarId avatar, int attempt) {
    const Uuid id = training_job(avatar.value, attempt);
    const Coins price = studio.around.prices.avatar;
    std::vector<Effect> effects{SubmitAvatar{avatar.value, attempt, "Photographer", few_photos},
                                StartJob{.id = id,
                                         .kind = "train",
                                         .topic = "train:" + compact(avatar.value),
                                         .args = {{"avatar", compact(avatar.value)}, {"attempt", attempt + 1}, {"price", price.text()}},
                                         .payment = Payment{training_operation(avatar.value, attempt), price, "avatar"}},
                                Say{.text = "training", .keyboard = {}, .handle = live_message(id)}};
    co_await studio.act(std::move(effects));
    co_return id;
}

Task<AvatarId> ready_avatar(Studio& studio) {
    const AvatarId avatar = co_await draft_with(studio);
    co_await order_training(studio, avatar);
    co_await studio.until_said("✅ Ваш аватар готов!");
    co_await studio.until_quiet();
    co_return avatar;
}

Task<Uuid> order_portraits(Studio& studio, AvatarId avatar, int count) {
    const Uuid id = Uuid::v7();
    const Coins price = studio.around.prices.portrait;
    std::vector<Effect> effects{
        Say{.text = "painting", .keyboard = {}, .handle = live_message(id)},
        StartJob{.id = id,
                 .kind = "portrait",
                 .topic = "paint:" + compact(avatar.value),
                 .args = {{"avatar", compact(avatar.value)}, {"style", "noir"}, {"aspect", "square"}, {"count", count}, {"price", price.text()}},
                 .payment = Payment{Uuid::v5(id, "operation"), price * count, "portrait"}}};
    co_await studio.act(std::move(effects));
    co_return id;
}

Task<Uuid> order_enhancement(Studio& studio, std::string content) {
    studio.telegram.files["old.jpg"] = std::move(content);
    co_return co_await order_enhancement_of(studio, "old.jpg");
}

Task<Uuid> order_enhancement_of(Studio& studio, std::string file) {
    const Uuid id = Uuid::v7();
    const Coins price = studio.around.prices.enhancement;
    std::vector<Effect> effects{Say{.text = "enhancing", .keyboard = {}, .handle = live_message(id)},
                                StartJob{.id = id,
                                         .kind = "enhance",
                                         .topic = compact(id),
                                         .args = {{"file", file}, {"message", her_message.value}, {"price", price.text()}},
                                         .payment = Payment{Uuid::v5(id, "operation"), price, "enhancement"}}};
    co_await studio.act(std::move(effects));
    co_return id;
}

Task<void> hurry_until(Studio& studio, std::function<bool()> condition, std::string what) {
    for (const Deadline deadline = soon(); !condition(); co_await studio.changed.wait(Deadline::after(5ms))) {
        if (deadline.passed()) throw TimedOut(what + " did not happen; said: " + testing::PrintToString(studio.texts()));
        co_await studio.pool.read(soon(), over_at_once);
    }
}

Task<void> hurry_until_said(Studio& studio, std::string words) {
    co_await hurry_until(studio, [&] { return studio.said(words); }, "«" + words + "»");
}

Task<void> hurry_until_quiet(Studio& studio) {
    for (const Deadline deadline = soon(); (co_await studio.pool.read(soon(), unfinished)).value<int>() > 0;
         co_await studio.changed.wait(Deadline::after(5ms))) {
        if (deadline.passed()) throw TimedOut("work does not end; said: " + testing::PrintToString(studio.texts()));
        co_await studio.pool.read(soon(), over_at_once);
    }
}

Task<void> let_time_pass(Studio& studio, Uuid job) { co_await studio.pool.read(soon(), past_deadline, job); }

Task<std::optional<avatars::Avatar>> look(Studio& studio, AvatarId avatar) {
    co_return co_await avatars::find(studio.pool, anna, co_await studio.vault.key_of(anna, soon()), avatar, soon());
}

Task<std::vector<avatars::Photo>> photos_of(Studio& studio, AvatarId avatar) {
    co_return co_await avatars::photos(studio.pool, anna, co_await studio.vault.key_of(anna, soon()), avatar, soon());
}

Task<std::string> avatar_books(Studio& studio) { co_return co_await studio.ask(books); }

boost::json::object fields_of(const telegram::test::Asked& asked) {
    if (!asked.body.starts_with("--")) return asked.params;
    boost::json::object out;
    const auto boundary = std::string_view(asked.body).substr(2, asked.body.find("\r\n") - 2);
    const auto parts = http::parse_multipart(asked.body, boundary);
    if (!parts) throw Error("a call of the bot is no form: " + parts.error());
    for (const auto& part : *parts)
        if (!part.file_name) out[part.name] = part.body;
    return out;
}

std::vector<std::string> cards(const Studio& studio) {
    std::vector<std::string> out;
    for (const auto& asked : studio.telegram.asked) {
        const bool changed = asked.method == "editMessageMedia";
        if (!changed && asked.method != "sendPhoto") continue;
        const auto fields = fields_of(asked);
        const auto media = changed ? boost::json::parse(text_of(fields, "media")).as_object() : fields;
        out.push_back(text_of(media, "caption") + " | " + data_of(fields));
    }
    return out;
}

std::vector<std::int64_t> unsaid(const Studio& studio) {
    std::vector<std::int64_t> out;
    for (const auto& asked : studio.telegram.asked) {
        if (asked.method == "deleteMessage") out.push_back(asked.params.at("message_id").to_number<std::int64_t>());
        if (asked.method != "deleteMessages") continue;
        for (const auto& id : asked.params.at("message_ids").as_array()) out.push_back(id.to_number<std::int64_t>());
    }
    return out;
}

std::size_t times_said(const Studio& studio, std::string_view words) {
    return static_cast<std::size_t>(std::ranges::count_if(studio.texts(), [&](const std::string& text) { return text.contains(words); }));
}

std::string buttons_of(const Studio& studio, std::string_view words) {
    std::string out;
    for (const auto& asked : studio.telegram.asked)
        if (const auto* text = asked.params.if_contains("text"); text && std::string_view(text->as_string()).contains(words))
            out = data_of(asked.params);
    return out;
}

}  // namespace persona::bot
