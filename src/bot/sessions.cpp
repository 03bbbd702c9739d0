#include "bot/sessions.hpp"

#include <boost/json.hpp>

namespace persona::bot {
namespace {

namespace json = boost::json;

vault::Place place_of(TelegramId person) { return {"hot_session", person.value}; }

std::string to_json(const accounts::Account& a) {
    return json::serialize(json::array{3, a.id.value, a.version, a.profile.username, a.profile.first_name, a.profile.last_name, a.profile.language,
                                       a.language, a.time_zone, a.state, a.recording_language, a.notices});
}

// Nothing for the form of another release.
std::optional<accounts::Account> account_from(TelegramId person, std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::array* fields = error ? nullptr : value.if_array();
    if (!fields || fields->size() != 12 || fields->at(0) != 3) return std::nullopt;
    const auto word = [&](std::size_t i) { return std::string(fields->at(i).as_string()); };
    return accounts::Account{.id = UserId(fields->at(1).to_number<std::int64_t>()),
                             .telegram = person,
                             .profile = {word(3), word(4), word(5), word(6)},
                             .language = word(7),
                             .time_zone = word(8),
                             .recording_language = word(10),
                             .notices = fields->at(11).as_bool(),
                             .version = fields->at(2).to_number<std::int64_t>(),
                             .state = word(9)};
}

}  // namespace

accounts::Profile profile_of(const telegram::Person& person) { return {person.username, person.first_name, person.last_name, person.language_code}; }

Task<accounts::Account> register_person(postgres::Pool& pool, vault::Vault& vault, telegram::Person person, Coins welcome, Deadline deadline) {
    co_return co_await accounts::register_account(
        pool, vault, {.telegram = person.id, .profile = profile_of(person), .state = bot::to_json(State{}), .welcome = welcome}, deadline);
}

Task<Session> Sessions::unlock(accounts::Account account, Deadline deadline) {
    vault::Key key = co_await vault_.key_of(account.id, deadline);
    auto state = state_from_json(account.state);
    co_return Session{std::move(account), key, std::move(state)};
}

Task<Session> Sessions::open(const telegram::Person& person, const std::optional<std::string>& hot, Deadline deadline) {
    if (hot) {
        std::optional<accounts::Account> account;
        try {
            account = account_from(person.id, vault::open(vault_.system_key(), place_of(person.id), as_bytes(*hot)));
        } catch (const Corrupt&) {  // a copy that does not open is no copy
        }
        if (account) co_return co_await unlock(std::move(*account), deadline);
    }
    auto account = co_await accounts::find(pool_, vault_, person.id, deadline);
    if (!account) account = co_await register_person(pool_, vault_, person, welcome_, deadline);
    co_return co_await unlock(std::move(*account), deadline);
}

void Sessions::remember(const Session& session, const State& state, std::int64_t version) {
    accounts::Account account = session.account;
    account.version = version;
    account.state = bot::to_json(state);
    const Bytes sealed = vault::seal(vault_.system_key(), place_of(account.telegram), to_json(account));
    hot_.put(account.telegram, version, std::string(as_text(sealed)));
}

}  // namespace persona::bot
