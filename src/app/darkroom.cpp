#include "app/darkroom.hpp"

#include <fmt/format.h>

#include "ai/local/enhance/engine.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/portrait/engine.hpp"
#include "ai/remote/enhance/engine.hpp"
#include "ai/remote/fal/portraits.hpp"
#include "app/models.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/audit/audit.hpp"
#include "studio/portraits/requests.hpp"

namespace persona::app {
namespace {

constexpr std::string_view provider = "fal";
constexpr std::size_t mac_bytes = 16;
constexpr auto patience = 10s;

enum class EnhanceBy { local, remote, nobody };
EnhanceBy enhance_by(const Settings& settings) {
    const std::string wish = settings.text("enhance.engine");
    const bool url = settings.is_set("enhance.url");
    if (wish == "off") return EnhanceBy::nobody;
    if (wish == "remote" && !url) throw BadConfig("PERSONA_ENHANCE_ENGINE is remote, so PERSONA_ENHANCE_URL must be set");
    return wish == "remote" || (wish == "auto" && url) ? EnhanceBy::remote : EnhanceBy::local;
}

std::unique_ptr<ai::EnhanceEngine> enhance_engine(Foundation& f, const media::PictureReader& reader) {
    const auto upscaler = model_paths(f.settings).upscaler();
    switch (enhance_by(f.settings)) {
        case EnhanceBy::local: return std::make_unique<ai::LocalEnhance>(f.cpu, upscaler);
        case EnhanceBy::remote:
            return std::make_unique<ai::RemoteEnhance>(
                f.http, f.cpu, reader,
                ai::RemoteEnhanceConfig{.url = f.settings.text("enhance.url"),
                                        .key = f.settings.is_set("enhance.key") ? f.settings.secret("enhance.key") : Secret()});
        case EnhanceBy::nobody: break;
    }
    return nullptr;
}

// What a webhook's address names, so that nobody else's signed word fits it: a job, and our own mark of it.
Bytes mark_of(const vault::Vault& vault, const Uuid& job) {
    Bytes mark = hmac_sha256(vault.keyring().derive("fal-webhook").bytes(), job.bytes);
    mark.resize(mac_bytes);
    return mark;
}

std::string order_of(const vault::Vault& vault, const Uuid& job) { return to_hex(job.bytes) + to_hex(mark_of(vault, job)); }

std::optional<Uuid> job_of(const vault::Vault& vault, std::string_view order) {
    const auto bytes = from_hex(order);
    Uuid job;
    if (!bytes || bytes->size() != job.bytes.size() + mac_bytes) return std::nullopt;
    std::copy_n(bytes->begin(), job.bytes.size(), job.bytes.begin());
    return equal_constant_time(ByteView(*bytes).subspan(job.bytes.size()), mark_of(vault, job)) ? std::optional(job) : std::nullopt;
}

std::function<std::string(const Uuid&)> webhook_of(Foundation& f) {
    if (!f.settings.is_set("public_url")) return {};
    const std::string base = http::without_end_slash(f.settings.text("public_url"));
    return [&f, base](const Uuid& job) { return base + "/fal/webhook?order=" + order_of(f.vault, job); };
}

// A word that nobody knows changes nothing (A31): the job goes on asking.
Task<api::FalVerdict> told(Foundation& f, std::function<void()> ring, api::FalEvent event) {
    const auto job = job_of(f.vault, event.order);
    if (!event.order.empty() && !job) co_return api::FalVerdict::refused;
    if (event.status != "OK" && event.status != "ERROR") {
        co_await portraits::count_unknown_status(f.pool, Deadline::after(patience));
        co_return api::FalVerdict::accepted;
    }
    const auto verdict =
        co_await portraits::tell(f.pool, f.vault, std::string(provider), event.request_id, job, event.status, event.body, Deadline::after(patience));
    log(Level::info, "app", "a provider of portraits told an end", {{"request", event.request_id}, {"late", verdict.told == portraits::Told::late}});
    if (verdict.told == portraits::Told::unknown) co_return api::FalVerdict::unknown;
    if (verdict.told == portraits::Told::foreign) co_return api::FalVerdict::refused;
    ring();
    co_return api::FalVerdict::accepted;
}

Task<void> refused(Foundation& f, std::string_view reason, std::string address, std::string request) {
    postgres::Work work;
    audit::record(work,
                  {.actor = "webhook:fal",
                   .action = "webhook.refused",
                   .subject = request.empty() ? "request:?" : "request:" + request,
                   .origin = address,
                   .after = boost::json::object{{"reason", reason}}},
                  f.vault.system_key());
    (void)co_await f.pool.commit(std::move(work), Deadline::after(patience));
}

}  // namespace

bool can_render(const ai::ModelPaths& paths) {
    return std::filesystem::exists(paths.onnx_runtime()) && std::filesystem::exists(paths.folder / "blazeface") &&
           std::filesystem::exists(paths.folder / "selfie-segmentation");
}

std::optional<ai::fal::Config> fal_config(const Settings& s) {
    const std::string wish = s.text("portraits");
    if (wish == "local" || (wish == "auto" && !s.is_set("fal.key"))) return std::nullopt;
    if (!s.is_set("fal.key")) throw BadConfig("PERSONA_PORTRAITS is fal, so FAL_KEY must be set");
    ai::fal::Config config{.key = s.secret("fal.key"),
                           .queue_url = s.text("fal.queue_url"),
                           .rest_url = s.text("fal.rest_url"),
                           .training = s.text("fal.training_endpoint"),
                           .image = s.text("fal.image_endpoint"),
                           .queue_priority = s.text("fal.queue_priority"),
                           .lessons = {.mode = s.text("fal.mode"),
                                       .iterations = static_cast<int>(s.number("fal.iterations")),
                                       .priority = s.text("fal.priority"),
                                       .captioning = s.flag("fal.captioning"),
                                       .trigger_word = s.text("fal.trigger_word"),
                                       .lora_rank = static_cast<int>(s.number("fal.lora_rank")),
                                       .finetune_type = s.text("fal.finetune_type")}};
    return ai::fal::checked(std::move(config));
}

bot::Darkroom darkroom(const Settings& settings) {
    const bool fal = fal_config(settings).has_value();
    const bool local = can_render(model_paths(settings));
    return {.provider = fal ? "fal" : local ? "local" : "", .renders = !fal, .enhances = (fal || local) && enhance_by(settings) != EnhanceBy::nobody};
}

std::string portraits_by(const Settings& settings) {
    if (const auto fal = fal_config(settings)) {
        const bool told = settings.is_set("public_url");
        return fmt::format("fal.ai: {} learns, {} paints; {}", fal->training, fal->image,
                           told ? "it tells the end of its work at /fal/webhook" : "it is asked for the end: PERSONA_PUBLIC_URL is not set");
    }
    if (!can_render(model_paths(settings))) throw BadConfig("nobody makes portraits: no models here and no FAL_KEY");
    return "rendered on this machine";
}

std::string enhancement_by(const Settings& settings) {
    const EnhanceBy by = enhance_by(settings);
    if (by == EnhanceBy::nobody) return "switched off";
    if (darkroom(settings).provider.empty()) throw BadConfig("nobody: it needs the models that portraits need");
    if (by == EnhanceBy::remote) return "the server of PERSONA_ENHANCE_URL";
    return std::filesystem::exists(model_paths(settings).upscaler()) ? "on this machine" : "on this machine; small photos are not enlarged";
}

DarkroomEngines::DarkroomEngines(Foundation& f) : reader_(media::PictureReader::installed_program()) {
    const ai::ModelPaths paths = model_paths(f.settings);
    const bool local = can_render(paths);
    if (local) {
        ai::load_onnx_runtime(paths.onnx_runtime());
        faces_.emplace(paths.folder);
    }
    if (auto config = fal_config(f.settings))
        portraits_ = std::make_unique<ai::FalPortraits>(f.http, f.cpu, ai::fal::repainted_by(reader_), std::move(*config));
    else if (local)
        portraits_ = std::make_unique<ai::LocalPortraits>(f.cpu, *faces_, paths.folder);
    if (!portraits_) {
        log(Level::error, "app", "the models of faces and people are missing: no portraits are made here", {});
        return;
    }
    enhance_ = enhance_engine(f, reader_);
    atelier_.emplace(bot::Atelier{.reader = reader_,
                                  .portraits = *portraits_,
                                  .enhance = enhance_.get(),
                                  .rule = f.settings.text("avatar.face") == "required" ? bot::FaceRule::required : bot::FaceRule::ignored,
                                  .drop_photos = f.settings.flag("avatar.delete_photos"),
                                  .training_limit = std::chrono::minutes(f.settings.number("avatar.training_minutes")),
                                  .webhook = webhook_of(f)});
    if (faces_) atelier_->faces = [this](const media::Picture& picture) { return faces_->find(picture); };
}

FalWebhook::FalWebhook(Foundation& f, Executor executor, std::function<void()> ring)
    : keys_(executor, f.http, {.url = f.settings.text("fal.jwks_url")}),
      door_(keys_, trusted_proxies(f.settings),
            {.told = [&f, ring](api::FalEvent event) { return told(f, ring, std::move(event)); },
             .refused = [&f](std::string_view reason, std::string address,
                             std::string request) { return refused(f, reason, std::move(address), std::move(request)); }}) {}

}  // namespace persona::app
