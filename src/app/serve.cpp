#include "app/serve.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <sstream>

#include "api/health.hpp"
#include "app/darkroom.hpp"
#include "app/foundation.hpp"
#include "app/speech_engines.hpp"
#include "app/text_engines.hpp"
#include "app/web.hpp"
#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "base/notify.hpp"
#include "bot/checkout.hpp"
#include "bot/engine.hpp"
#include "bot/notices.hpp"
#include "bot/profile.hpp"
#include "bot/redis_hot_states.hpp"
#include "bot/returns.hpp"
#include "bot/work/workshop.hpp"
#include "http/server.hpp"
#include "jobs/job.hpp"
#include "jobs/redis_bell.hpp"
#include "jobs/worker.hpp"
#include "studio/audit/audit.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/portraits/images.hpp"
#include "studio/portraits/requests.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "telegram/intake.hpp"

namespace persona::app {
namespace {

constexpr auto ended_jobs_live = std::chrono::days(30);
// systemd and `persona up` wait 20 s for all of it.
constexpr auto drain_patience = 9s;   // for what is under way
constexpr auto ending_patience = 8s;  // for the background: the sender waits 5 s for calls that are being answered

// One struct a role: made when the role is asked for, ended in the order of Station::stop.

struct BotRole {
    bot::RedisHotStates hot;
    bot::Sessions sessions;
    bot::Engine engine;
    postgres::Pool checkout_pool;  // of its own: nothing else delays the answer that a payment waits for
    bot::Checkout checkout;
    telegram::Intake intake;

    BotRole(Foundation& f, const bot::Surroundings& around, jobs::Bell& bell, Executor executor)
        : hot(executor, f.redis, f.epoch,
              {.per_second = static_cast<double>(f.settings.number("update_rate")), .burst = static_cast<int>(f.settings.number("update_burst"))}),
          sessions(f.pool, f.vault, around.welcome, hot),
          engine(executor, f.api.bot(), f.pool, f.vault, f.outbox, sessions, hot, around, [&bell](std::string_view name) { bell.ring(name); }),
          checkout_pool(executor, {.dsn = database_url(f.settings), .size = 1}),
          checkout(checkout_pool, around.sale.second),
          intake(
              executor, f.pool, f.vault, f.api,
              [this](const telegram::Update& update, telegram::Delivery& delivery) { return engine.handle(update, delivery); },
              [this](const telegram::PreCheckout& query) { return checkout.answer(query); }, {}) {}
};

struct WorkerRole {
    SpeechEngines speech;
    TextEngines text;
    DarkroomEngines darkroom;
    std::optional<media::DocxTemplate> look;
    media::Decoder decoder;
    bot::Workshop shop;
    jobs::Worker worker;

    WorkerRole(Foundation& f, const bot::Surroundings& around, jobs::Bell& bell, Executor executor)
        : speech(f, executor),
          text(f.settings, f.http, f.cpu),
          darkroom(f),
          look(docx_template(f.settings)),
          decoder(media::Decoder::installed_program()),
          shop{f.pool,
               f.vault,
               f.outbox,
               f.api,
               f.blobs,
               f.cpu,
               decoder,
               speech.set(),
               speech.voice(),
               text.documents(),
               text.dialogue(),
               around,
               f.data / "scratch",
               [&bell] { bell.ring("jobs"); },
               look ? &*look : nullptr,
               darkroom.atelier()},
          worker(executor, f.pool, f.vault, bot::handlers(shop), {.parallel = static_cast<int>(f.settings.number("workers"))}) {}
};

std::unique_ptr<WorkerRole> make_worker(Foundation& f, const bot::Surroundings& around, jobs::Bell& bell, Executor executor) {
    bot::open_scratch(f.data / "scratch");
    return std::make_unique<WorkerRole>(f, around, bell, executor);
}

Task<void> chain_audit(Foundation& f) {
    for (;;) {
        co_await pause(1s);
        try {
            co_await audit::seal(f.pool, f.vault, Deadline::after(5s));
        } catch (const Unavailable&) {  // the next second tries again
        }
    }
}

Task<void> sweep_blobs(Foundation& f) {
    for (;;) {
        co_await pause(std::chrono::minutes(10));
        try {
            co_await transcripts::forget_expired_recordings(f.pool, Deadline::after(30s));
            co_await portraits::forget_expired(f.pool, Deadline::after(30s));
            co_await portraits::forget_ended(f.pool, ended_jobs_live, Deadline::after(30s));
            while (co_await avatars::forget_drafts(f.pool, std::chrono::days(bot::draft_days), Deadline::after(30s)) > 0) {}
            while (co_await jobs::forget(f.pool, ended_jobs_live, Deadline::after(30s)) > 0) {}
            co_await f.blobs.sweep(f.pool, wall_now(), Deadline::after(std::chrono::minutes(5)));
        } catch (const Unavailable&) {}
    }
}

Task<void> note_blocked(Foundation& f, ChatId chat) { co_await accounts::mark_blocked(f.pool, TelegramId(chat.value), true, Deadline::after(5s)); }

class Station {
public:
    Station(Foundation& f, Roles roles, Executor executor) : f_(f), roles_(std::move(roles)), executor_(executor), background_(executor, "app") {}

    Task<void> run() {
        std::exception_ptr fault;
        try {
            co_await f_.open();
            start();
            co_await wait();
        } catch (...) { fault = std::current_exception(); }
        co_await stop();  // also what a start that failed has begun
        if (fault) std::rethrow_exception(fault);
    }

private:
    Task<void> wait() {
        say_ready();
        log(Level::info, "app", "ready", {{"roles", fmt::format("{}", fmt::join(roles_, ","))}});
        asio::signal_set signals(executor_, SIGINT, SIGTERM);
        const int signal = co_await signals.async_wait(asio::use_awaitable);
        log(Level::info, "app", "stopping", {{"signal", signal}});
    }

    bool has(const char* role) const { return roles_.contains(role); }

    // Whoever gives work comes last: nothing arrives before there is somebody to take it.
    void start() {
        around_.emplace(surroundings(f_.settings, heard_languages(f_.settings)));
        bell_ = std::make_unique<jobs::RedisBell>(executor_, f_.redis, f_.epoch);
        if (has("api") || has("scheduler")) roubles_ = roubles(f_.settings, f_.http, f_.pool);
        f_.outbox.on_foreign_rows = [this] { bell_->ring("outbox"); };
        f_.outbox.on_blocked = [this](ChatId chat) { background_.spawn("note a block", note_blocked(f_, chat)); };
        if (has("sender")) {
            bell_->listen("outbox", [this] { f_.outbox.ring(); });
            background_.spawn("sender", f_.outbox.run());
        }
        if (has("worker")) {
            worker_ = make_worker(f_, *around_, *bell_, executor_);
            bell_->listen("jobs", [this] { worker_->worker.ring(); });
            background_.spawn("worker", worker_->worker.run());
            background_.spawn("line", bot::tell_line(worker_->shop));
        }
        if (has("scheduler")) {
            background_.spawn("audit chain", chain_audit(f_));
            background_.spawn("blob sweep", sweep_blobs(f_));
            notices_ = std::make_unique<bot::NoticeTeller>(executor_, f_.pool, f_.vault, f_.outbox, *around_);
            bell_->listen("notices", [this] { notices_->ring(); });
            background_.spawn("notices", notices_->run());
            background_.spawn("second payments", bot::return_seconds(f_.pool, f_.api));
            background_.spawn("money", mind_money(f_.pool, f_.api, roubles_.get(), around_->sale.second));
        }
        if (has("bot") && !f_.settings.is_set("support")) log(Level::warn, "app", "PERSONA_SUPPORT is not set: /paysupport names nobody to write to");
        if (has("bot")) bot_ = std::make_unique<BotRole>(f_, *around_, *bell_, executor_);
        if (has("api")) listen();
        if (has("bot")) open_doors();
    }

    void listen() {
        auto routes = api::health_routes({f_.pool, [this] { return f_.redis.connected(); }});
        web_ = std::make_unique<Web>(f_, roubles_.get(), executor_, [this] { bell_->ring("jobs"); });
        std::ranges::move(web_->routes(), std::back_inserter(routes));
        if (bot_ && f_.settings.is_set("telegram.webhook_url"))
            routes.push_back({"POST", "/telegram/webhook", [this](http::Request request) -> Task<http::Response> {
                                  co_return co_await telegram::webhook(bot_->intake, webhook_secret(), request);
                              }});
        router_ = std::make_unique<http::Router>(std::move(routes));
        try {
            server_ =
                std::make_unique<http::Server>(executor_, server_config(), [this](http::Request request) { return (*router_)(std::move(request)); });
        } catch (const BadConfig& e) { throw BadConfig(std::string("PERSONA_HTTP: ") + e.what()); }
    }

    http::ServerConfig server_config() const {
        http::ServerConfig out{.address = f_.settings.text("http")};
        out.body_limit = [this, usual = out.max_body](const http::Request& head) { return router_->body_limit(head, usual); };
        return out;
    }

    void open_doors() {
        background_.spawn("parked updates", bot_->intake.retry_parked());
        background_.spawn("albums", bot_->engine.close_albums());
        background_.spawn("profile", bot::introduce(f_.api));
        if (f_.settings.is_set("telegram.webhook_url"))
            background_.spawn("webhook", bot::set_webhook(f_.api, f_.settings.text("telegram.webhook_url"), webhook_secret()));
        else
            poller_.emplace(executor_, "app").spawn("poller", bot_->intake.poll());
    }

    Secret webhook_secret() const {
        if (f_.settings.is_set("telegram.webhook_secret")) {
            Secret given = f_.settings.secret("telegram.webhook_secret");
            if (!telegram::is_webhook_secret(given.reveal())) throw BadConfig("TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ and -");
            return given;
        }
        return Secret(to_hex(f_.vault.keyring().derive("telegram-webhook").bytes()));
    }

    // Doors first, then what is under way, then those who carry it out, then what everything stands on.
    Task<void> stop() {
        const auto deadline = Deadline::after(drain_patience);
        if (server_) co_await server_->stop(deadline);
        if (poller_) {
            poller_->cancel();
            co_await poller_->join(deadline);
        }
        if (bot_) co_await bot_->intake.drain(deadline);
        if (worker_) co_await worker_->worker.drain(deadline);
        background_.cancel();
        if (!co_await background_.join(Deadline::after(ending_patience)))
            log(Level::error, "app", "background work does not end", {{"tasks", background_.size()}});
        if (bot_) co_await bot_->hot.stop();
        if (bot_) bot_->checkout_pool.close();
        if (bell_) co_await bell_->stop();
        co_await f_.close();
        log(Level::info, "app", "stopped");
    }

    Foundation& f_;
    Roles roles_;
    Executor executor_;
    std::optional<bot::Surroundings> around_;  // of all roles; they end before it
    std::unique_ptr<jobs::RedisBell> bell_;
    std::unique_ptr<BotRole> bot_;
    std::unique_ptr<WorkerRole> worker_;
    std::unique_ptr<bot::NoticeTeller> notices_;
    std::unique_ptr<Roubles> roubles_;
    std::unique_ptr<Web> web_;
    std::unique_ptr<http::Router> router_;
    std::unique_ptr<http::Server> server_;
    std::optional<TaskGroup> poller_;
    TaskGroup background_;
};

}  // namespace

const Roles& all_roles() {
    static const Roles all{"bot", "api", "sender", "scheduler", "worker"};
    return all;
}

Roles roles_from(const std::string& text) {
    Roles out;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) {
        if (!all_roles().contains(word)) throw BadConfig("--roles: there is no role " + word);
        out.insert(word);
    }
    if (out.empty()) throw BadConfig("--roles names no role");
    return out;
}

int serve(const Settings& settings, const Roles& roles) {
    asio::io_context io(1);
    Foundation foundation(io.get_executor(), settings);
    Station station(foundation, roles, io.get_executor());
    std::exception_ptr error;
    asio::co_spawn(io, station.run(), [&](std::exception_ptr e) { error = e; });
    io.run();
    if (error) std::rethrow_exception(error);
    return 0;
}

}  // namespace persona::app
