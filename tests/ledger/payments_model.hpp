// What the database must answer and hold: wallet, orders, payments, promo codes and adjustments as a few lines on maps, without SQL,
// locks or time. An act that is repeated is answered as the database answers a repeat.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "studio/payments/order.hpp"
#include "studio/payments/promo_code.hpp"

namespace persona::model {

// The acts. Ids are made before the first try and kept for every other.
struct Hold {
    Uuid id;
    Coins price;
};
struct Capture {
    Uuid id;
    Coins amount;
};
struct Void {
    Uuid id;
};
struct GiveBack {  // a captured price
    Uuid id;
};
struct Place {
    Uuid order;
    Coins coins, bonus;
    std::int64_t price;
    std::optional<Uuid> promo;
};
struct Cancel {
    Uuid order;
};
struct RunOut {  // the order's time
    Uuid order;
};
struct Pay {
    std::string charge;
    Uuid order;
    std::optional<UserId> payer;
    std::int64_t amount;
    std::string currency;
    payments::Second second;
};
struct Reverse {
    std::string refund, charge;
    std::int64_t amount;
};
struct Enter {
    std::string code;
    Uuid use;
};
struct Adjust {
    std::string key;
    Coins amount;
};
using Act = std::variant<Hold, Capture, Void, GiveBack, Place, Cancel, RunOut, Pay, Reverse, Enter, Adjust>;

inline payments::Provider provider_of(UserId user) { return user.value % 2 ? payments::Provider::stars : payments::Provider::yookassa; }

enum class Decided { held, captured, voided };
struct Held {
    UserId user;
    Coins price, captured;
    Decided state = Decided::held;
    bool given_back = false;
};
struct Order {
    UserId user;
    Coins coins, bonus;
    std::int64_t price;
    std::optional<Uuid> promo;
    std::string state = "open";
};
struct Charge {
    UserId user;
    std::int64_t amount;
    Coins coins, bonus, taken;
};
struct Code {
    promo::Kind kind;
    Coins value;
    std::int64_t most_uses;  // 0: any number
    int per_user;
    bool active = true;
    std::int64_t uses = 0;
};
struct Use {
    std::string code;
    UserId user;
    std::string state;
};
struct Account {
    Coins coins, held;
    Coins available() const { return coins - held; }
    std::optional<Uuid> waiting = {};  // the use of a code
};

class Model {
public:
    explicit Model(int users) : accounts(static_cast<std::size_t>(users) + 1) {}

    std::string apply(UserId user, const Act& act) {
        return std::visit([&](const auto& each) { return on(user, each); }, act);
    }
    Account& of(UserId user) { return accounts[static_cast<std::size_t>(user.value)]; }

    std::vector<Account> accounts;
    std::map<Uuid, Held> holds;
    std::map<Uuid, Order> orders;
    std::map<std::string, Charge> charges;
    std::map<std::string, Code> codes;
    std::map<Uuid, Use> uses;
    std::map<std::string, std::int64_t> notices;  // told, by kind

private:
    // What money buys at the full price that was paid at one lowered by so many percent.
    static Coins without(Coins coins, Coins percent) {
        return std::max(Coins::hundredths((coins.value() * (100'00 - percent.value()) + 50'00) / 100'00), Coins::hundredths(1));
    }

    std::string on(UserId user, const Hold& act) {
        if (const auto known = holds.find(act.id); known != holds.end()) return known->second.state == Decided::held ? "" : "PS012";
        if (of(user).available() < act.price) return "PS010";
        holds[act.id] = {user, act.price, Coins()};
        move(user, Coins(), act.price);
        return "";
    }
    std::string on(UserId user, const Capture& act) {
        const auto known = holds.find(act.id);
        if (known == holds.end()) return "PS016";
        Held& hold = known->second;
        if (hold.state == Decided::captured && hold.captured == act.amount) return "";
        if (hold.state != Decided::held || act.amount > hold.price) return "PS012";
        hold.state = Decided::captured;
        hold.captured = act.amount;
        move(user, -act.amount, -hold.price);
        return "";
    }
    std::string on(UserId user, const Void& act) {
        const auto known = holds.find(act.id);
        if (known == holds.end()) return "t";
        if (known->second.state == Decided::held) {
            known->second.state = Decided::voided;
            move(user, Coins(), -known->second.price);
        }
        return known->second.state == Decided::captured ? "f" : "t";
    }
    std::string on(UserId user, const GiveBack& act) {
        const auto known = holds.find(act.id);
        if (known == holds.end() || known->second.state != Decided::captured) return "PS012";
        if (known->second.given_back) return "f";
        known->second.given_back = true;
        move(user, known->second.captured);
        return "t";
    }
    std::string on(UserId user, const Place& act) {
        if (orders.contains(act.order)) return "";
        if (act.promo)
            for (const Uuid& id : orders_by_use_[*act.promo])
                if (orders[id].state == "open") orders[id].state = "cancelled";
        orders[act.order] = {user, act.coins, act.bonus, act.price, act.promo};
        if (act.promo) orders_by_use_[*act.promo].push_back(act.order);
        return "";
    }
    std::string on(UserId, const Cancel& act) {
        const auto known = orders.find(act.order);
        if (known == orders.end() || (known->second.state != "open" && known->second.state != "expired")) return "f";
        known->second.state = "cancelled";
        return "t";
    }
    std::string on(UserId, const RunOut& act) {
        if (const auto known = orders.find(act.order); known != orders.end() && known->second.state == "open") known->second.state = "expired";
        return "";
    }
    std::string on(UserId user, const Pay& act) {
        if (charges.contains(act.charge)) return "again";
        const auto known = orders.find(act.order);
        if (known == orders.end()) return "unknown";
        Order& order = known->second;
        if (act.payer != order.user || act.amount != order.price || act.currency != payments::currency(provider_of(user))) return "mismatch";
        Charge& charge = charges[act.charge] = {user, act.amount, Coins(), Coins(), Coins()};
        if (order.state == "paid" && act.second == payments::Second::refund) return "return";
        charge.coins = order.coins;
        if (order.promo && order.state != "paid" && uses[*order.promo].state == "waiting") {
            uses[*order.promo].state = "spent";
            of(user).waiting.reset();
            charge.bonus = order.bonus;
        } else if (order.promo) {
            if (const Code& code = codes[uses[*order.promo].code]; code.kind == promo::Kind::discount)
                charge.coins = without(order.coins, code.value);
        }
        order.state = "paid";
        move(user, charge.coins + charge.bonus);
        ++notices["credited"];
        settle(act.charge);
        return "credited";
    }
    std::string on(UserId, const Reverse& act) {
        if (!refunds_.insert(act.refund).second) return "f";
        returned_[act.charge] += act.amount;
        settle(act.charge);
        return "t";
    }
    std::string on(UserId user, const Enter& act) {
        if (uses.contains(act.use)) return "";
        const auto known = codes.find(act.code);
        if (known == codes.end()) return "PS030";
        Code& code = known->second;
        const bool waits = code.kind != promo::Kind::amount;
        if (used_[{act.code, user}] >= code.per_user || !code.active || (code.most_uses && code.uses >= code.most_uses) ||
            (waits && of(user).waiting))
            return "PS030";
        ++code.uses;
        ++used_[{act.code, user}];
        uses[act.use] = {act.code, user, waits ? "waiting" : "given"};
        if (waits)
            of(user).waiting = act.use;
        else
            move(user, code.value);
        return "";
    }
    std::string on(UserId user, const Adjust& act) {
        if (adjusted_.contains(act.key)) return "f";
        if (!act.amount.positive() && (of(user).available() + act.amount).value() < 0) return "PS010";
        adjusted_.insert(act.key);
        move(user, act.amount);
        return "t";
    }

    // In proportion to what was paid, rounded half up; never more than all of it.
    void settle(const std::string& id) {
        const auto known = charges.find(id);
        if (known == charges.end()) return;
        Charge& charge = known->second;
        const std::int64_t all = (charge.coins + charge.bonus).value(), back = std::min(returned_[id], charge.amount);
        const Coins due = Coins::hundredths((2 * all * back + charge.amount) / (2 * charge.amount)) - charge.taken;
        if (!due.positive()) return;
        charge.taken = charge.taken + due;
        move(charge.user, -due);
        ++notices["refunded"];
    }
    void move(UserId user, Coins coins, Coins held = {}) {
        of(user).coins = of(user).coins + coins;
        of(user).held = of(user).held + held;
    }

    std::set<std::string> refunds_, adjusted_;
    std::map<std::string, std::int64_t> returned_;  // by charge
    std::map<std::pair<std::string, UserId>, int> used_;
    std::map<Uuid, std::vector<Uuid>> orders_by_use_;
};

}  // namespace persona::model
