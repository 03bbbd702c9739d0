// Who a page's request comes from: init data of the Mini App once, then a cookie of an hour. The cookie is signed and holds no more than
// the user's number and its end; nothing of it is stored. Owned by main; one thread.
#pragma once

#include <functional>
#include <optional>

#include "http/router.hpp"
#include "studio/accounts/visitor.hpp"
#include "telegram/init_data.hpp"
#include "vault/keyring.hpp"

namespace persona::api {

class Passes {
public:
    // key: derived from the master key; a rotation of it ends all sessions.
    explicit Passes(const vault::Keyring& keyring) : key_(keyring.derive("cabinet-session")) {}

    // The value of a cookie, good until an hour from now.
    std::string issue(UserId user, Time now) const;
    // Nothing for what is forged, cut or over.
    std::optional<UserId> read(std::string_view value, Time now) const;

private:
    std::string sign(std::string_view text) const;
    vault::Key key_;
};

// Makes a stranger a user, as the bot does.
using Register = std::function<Task<void>(telegram::Person, Deadline)>;

class Reception {
public:
    Reception(postgres::Pool& pool, Passes passes, Secret token, Register stranger, Clock clock = wall_now)
        : pool_(pool), passes_(std::move(passes)), token_(std::move(token)), register_(std::move(stranger)), clock_(std::move(clock)) {}

    // POST /api/v1/session {"init_data": "…"}: 200 with a cookie; 401 for what Telegram did not sign or not today; 403 for a banned person.
    http::Route route();
    // Whose request this is; nothing without a session, or where the account is gone. The caller looks at `banned`.
    Task<std::optional<accounts::Visitor>> visitor(const http::Request& request, Deadline deadline);

private:
    Task<http::Response> open(http::Request request);
    Task<accounts::Visitor> met(telegram::Person person, Deadline deadline);

    postgres::Pool& pool_;
    Passes passes_;
    Secret token_;
    Register register_;
    Clock clock_;
};

}  // namespace persona::api
