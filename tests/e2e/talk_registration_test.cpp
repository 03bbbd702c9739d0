// R1 to R7: who is known, and what they have, by long poll.
#include "talk.hpp"

namespace persona::e2e {
namespace {

struct Registration : Talk<Registration> {
    static Options options() { return {.worker = false}; }
};

constexpr const char* rows_of =
    "SELECT (SELECT count(*) FROM users WHERE id=$)||' '||(SELECT count(*) FROM user_balances WHERE user_id=$)||' '||"
    "(SELECT count(*) FROM user_states WHERE user_id=$)||' '||(SELECT count(*) FROM transactions WHERE user_id=$)";

TEST_F(Registration, R1_StartMakesOneUserBalanceAndState) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    EXPECT_EQ(anna.keyboard(), "🤖 Бизнес-ассистент|🖼 Работа с фото|👤 Личный кабинет|⚙️ Настройки|❓ Помощь");
    EXPECT_EQ(anna.sql(rows_of), "1 1 1 1");
}

TEST_F(Registration, R2_TenMoreStartsChangeNothing) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    for (int i = 0; i < 10; ++i) anna.says("/start").hears("Главное меню");
    EXPECT_EQ(anna.sql(rows_of), "1 1 1 1");
    EXPECT_EQ(anna.sql("SELECT coins FROM user_balances WHERE user_id=$"), "100.00");
}

}  // namespace
}  // namespace persona::e2e
