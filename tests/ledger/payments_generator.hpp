// What people, providers and operators do next: any act on anything that is there, in any order; wrong, repeated and late too.
#pragma once

#include <fmt/format.h>

#include <random>

#include "ledger/payments_model.hpp"

namespace persona::model {

class Generator {
public:
    Generator(Model& model, std::uint64_t seed) : model_(model), random_(seed), things_(model.accounts.size()) {
        std::vector<int> weights;
        for (const Choice& choice : choices) weights.push_back(choice.weight);
        any_ = std::discrete_distribution<std::size_t>(weights.begin(), weights.end());
    }

    std::int64_t below(std::int64_t limit) { return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random_); }
    UserId some_user() { return UserId(1 + below(static_cast<std::int64_t>(things_.size()) - 1)); }

    // Nothing where the chosen act has nothing to act on.
    std::optional<Act> next(UserId user) { return (this->*choices[any_(random_)].make)(user); }

    // Codes as an operator makes them: of any kind, with few uses or many.
    std::pair<std::string, Code> new_code() {
        const auto kind = static_cast<promo::Kind>(below(3));
        const Coins value = Coins::hundredths(kind == promo::Kind::amount ? 1 + below(5000) : 1 + below(90'00));
        names_.push_back(fmt::format("CODE-{}", names_.size()));
        return {names_.back(), {kind, value, below(3) ? 1 + below(40) : 0, static_cast<int>(1 + below(3))}};
    }

private:
    struct Things {
        std::vector<Uuid> holds, orders;
        std::vector<Pay> payments;
    };
    struct Choice {
        int weight;
        std::optional<Act> (Generator::*make)(UserId);
    };
    static const Choice choices[14];

    template <class T>
    const T* one_of(const std::vector<T>& all) {
        if (all.empty()) return nullptr;
        // Mostly the newest: what is old is mostly decided.
        const auto size = static_cast<std::int64_t>(all.size()), from = below(4) ? std::max<std::int64_t>(0, size - 4) : 0;
        return &all[static_cast<std::size_t>(from + below(size - from))];
    }
    Things& of(UserId user) { return things_[static_cast<std::size_t>(user.value)]; }
    std::string fresh(UserId user) { return fmt::format("{}:{}", user.value, ++number_); }
    Coins some_coins(std::int64_t most) { return Coins::hundredths(1 + below(most)); }

    std::optional<Act> hold(UserId user) {
        const Uuid id = Uuid::v7();
        of(user).holds.push_back(id);
        return Hold{id, some_coins(150'00)};
    }
    std::optional<Act> capture(UserId user) {
        const Uuid* id = one_of(of(user).holds);
        if (!id) return std::nullopt;
        const Coins price = model_.holds.contains(*id) ? model_.holds[*id].price : Coins::hundredths(100);
        return Capture{*id, below(3) ? price : below(8) ? some_coins(price.value()) : price + Coins::hundredths(1)};
    }
    std::optional<Act> void_hold(UserId user) {
        const Uuid* id = one_of(of(user).holds);
        return id ? std::optional<Act>(Void{*id}) : std::nullopt;
    }
    std::optional<Act> give_back(UserId user) {
        const Uuid* id = one_of(of(user).holds);
        return id ? std::optional<Act>(GiveBack{*id}) : std::nullopt;
    }
    std::optional<Act> place(UserId user) {
        Place order{Uuid::v7(), Coins::hundredths((1 + below(5)) * 50'00), Coins(), 0, std::nullopt};
        order.price = provider_of(user) == payments::Provider::stars ? order.coins.value() * 8 / 10'00 : order.coins.value();
        if (const auto waiting = model_.of(user).waiting; waiting && below(5)) {
            const Code& code = model_.codes[model_.uses[*waiting].code];
            order.promo = waiting;
            if (code.kind == promo::Kind::bonus)
                order.bonus = promo::bonus_of(order.coins, code.value);
            else
                order.price = promo::discounted(order.price, code.value);
        }
        of(user).orders.push_back(order.order);
        return order;
    }
    std::optional<Act> cancel(UserId user) {
        const Uuid* id = one_of(of(user).orders);
        return id ? std::optional<Act>(Cancel{*id}) : std::nullopt;
    }
    std::optional<Act> run_out(UserId user) {
        const Uuid* id = one_of(of(user).orders);
        return id ? std::optional<Act>(RunOut{*id}) : std::nullopt;
    }
    std::optional<Pay> payment(UserId user) {
        const Uuid* id = one_of(of(user).orders);
        if (!id || !model_.orders.contains(*id)) return std::nullopt;
        return Pay{fresh(user),
                   *id,
                   user,
                   model_.orders[*id].price,
                   std::string(payments::currency(provider_of(user))),
                   below(2) ? payments::Second::credit : payments::Second::refund};
    }
    std::optional<Act> pay(UserId user) {
        const auto made = payment(user);
        if (!made) return std::nullopt;
        of(user).payments.push_back(*made);
        return *made;
    }
    std::optional<Act> pay_again(UserId user) {
        const Pay* made = one_of(of(user).payments);
        return made ? std::optional<Act>(*made) : std::nullopt;
    }
    // The charge is remembered as it should have been: the right event may follow the wrong one.
    std::optional<Act> pay_wrong(UserId user) {
        auto made = payment(user);
        if (!made) return std::nullopt;
        of(user).payments.push_back(*made);
        switch (below(5)) {
            case 0: made->amount += 1 - 2 * below(2); break;
            case 1: made->currency = made->currency == "XTR" ? "RUB" : "XTR"; break;
            case 2: made->order = Uuid::v7(); break;
            case 3: made->payer = UserId(user.value % static_cast<std::int64_t>(things_.size() - 1) + 1); break;
            default: made->payer.reset();
        }
        return *made;
    }
    std::optional<Act> reverse(UserId user) {
        const Pay* made = one_of(of(user).payments);
        if (!made) return std::nullopt;
        return Reverse{fresh(user), made->charge, below(3) ? 1 + below(made->amount) : made->amount};
    }
    // Its payment is one that only comes with the next "again".
    std::optional<Act> reverse_before_payment(UserId user) {
        const auto made = payment(user);
        if (!made) return std::nullopt;
        of(user).payments.push_back(*made);
        return Reverse{made->charge, made->charge, below(2) ? 1 + below(made->amount) : made->amount};
    }
    std::optional<Act> enter(UserId) {
        const std::string* name = one_of(names_);
        return Enter{name && below(20) ? *name : "NO-SUCH-CODE", Uuid::v7()};
    }
    std::optional<Act> adjust(UserId user) { return Adjust{"adjustment:sim:" + fresh(user), below(2) ? some_coins(10'00) : -some_coins(10'00)}; }

    Model& model_;
    std::mt19937_64 random_;
    std::discrete_distribution<std::size_t> any_;
    std::vector<Things> things_;
    std::vector<std::string> names_;
    std::int64_t number_ = 0;
};

inline const Generator::Choice Generator::choices[14]{
    {14, &Generator::hold},     {12, &Generator::capture},  {5, &Generator::void_hold}, {5, &Generator::give_back},
    {12, &Generator::place},    {3, &Generator::cancel},    {3, &Generator::run_out},   {12, &Generator::pay},
    {6, &Generator::pay_again}, {4, &Generator::pay_wrong}, {7, &Generator::reverse},   {3, &Generator::reverse_before_payment},
    {8, &Generator::enter},     {5, &Generator::adjust},
};

}  // namespace persona::model
