#include "app/web.hpp"

#include "bot/sessions.hpp"

namespace persona::app {
namespace {

api::Register registering(Foundation& f) {
    return [&f](telegram::Person person, Deadline deadline) -> Task<void> {
        (void)co_await bot::register_person(f.pool, f.vault, std::move(person), f.settings.money("wallet.initial_balance"), deadline);
    };
}

}  // namespace

Web::Web(Foundation& f, Roubles* roubles, Executor executor, std::function<void()> ring_jobs)
    : reception_(f.pool, api::Passes(f.vault.keyring()), f.settings.secret("telegram.token"), registering(f)),
      cabinet_(f.pool, reception_, roubles ? &roubles->till : nullptr, rouble_sale(f.settings)) {
    auto senders = yookassa_senders(f.settings);
    if (roubles) door_ = std::make_unique<api::YookassaDoor>(f.pool, roubles->till, std::move(senders));
    if (fal_config(f.settings)) fal_ = std::make_unique<FalWebhook>(f, executor, std::move(ring_jobs));
}

std::vector<http::Route> Web::routes() {
    auto out = cabinet_.routes();
    out.push_back(reception_.route());
    if (door_) out.push_back(door_->route());
    if (fal_) out.push_back(fal_->route());
    return out;
}

}  // namespace persona::app
