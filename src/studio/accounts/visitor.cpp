#include "studio/accounts/visitor.hpp"

namespace persona::accounts {
namespace {

#define PERSONA_VISITOR                                                                                       \
    "SELECT u.id, u.telegram_id, coalesce(u.first_name, ''), coalesce(u.username, ''), coalesce(g.language, " \
    "u.telegram_language, ''), u.banned_at IS NOT NULL FROM users u JOIN user_settings g ON g.user_id = u.id "
constexpr postgres::Query by_id_query{"accounts.visitor", PERSONA_VISITOR "WHERE u.id = $1::bigint"};
constexpr postgres::Query by_telegram_query{"accounts.visitor_of", PERSONA_VISITOR "WHERE u.telegram_id = $1::bigint"};

std::optional<Visitor> first_of(const postgres::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Visitor{row.get<UserId>(0),      row.get<TelegramId>(1),  row.get<std::string>(2),
                   row.get<std::string>(3), row.get<std::string>(4), row.get<bool>(5)};
}

}  // namespace

Task<std::optional<Visitor>> visitor(postgres::Pool& pool, UserId user, Deadline deadline) {
    co_return first_of(co_await pool.read(deadline, by_id_query, user));
}

Task<std::optional<Visitor>> visitor(postgres::Pool& pool, TelegramId telegram, Deadline deadline) {
    co_return first_of(co_await pool.read(deadline, by_telegram_query, telegram));
}

}  // namespace persona::accounts
