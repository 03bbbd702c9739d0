// Portraits that fal.ai paints: of the model that it has learnt, charged for as many as came.
#include "fal.hpp"

namespace persona::e2e {
namespace {

using testing::Each;
using testing::HasSubstr;

struct FalImages : FalTalk<FalImages> {
    // Two of a style are ordered; gives fal.ai's id.
    static std::string orders_two(Person& anna, const char* style) {
        const std::string learning = ordered(anna);
        learnt(learning);
        EXPECT_THAT(fal().deliver(learning), Each(200u));
        const auto list = press(anna, anna.hears("✅ Ваш аватар готов!"), "✨ Создать фото").hears("🎭 Выберите образ");
        const auto card = press(anna, list, style).hears(style);
        const auto order = press(anna, card, "✨ Создать фото").hears(std::string(style) + " · «Анна»");
        EXPECT_EQ(words(order).find("художественная обработка"), std::string::npos) << "only the local engine draws from photos";
        press(anna, press(anna, order, "2").hears("4.00 🪙"), "✨ Создать фото — 4.00").hears("рисую 2 фото");
        const std::string painting = request(anna);
        EXPECT_NE(painting, learning);
        return painting;
    }
    static void give(const std::string& name, const std::string& bytes) {
        fal().with([&](FalServer& server) { server.files[name] = bytes; });
    }
    static void painted(const std::string& id, const std::vector<std::string>& names) {
        complete(id, fal().with([&](FalServer& server) { return server.images(names); }));
    }
};

TEST_F(FalImages, A27_TheModelThatWasLearntIsTheOneThatPaints) {
    Person anna(home());
    give("1.jpg", read_file(photos().good(0)));
    give("2.jpg", read_file(photos().good(1)));
    const std::string id = orders_two(anna, "🎨 Акварель");
    const json::object input = fal().with([&](FalServer& server) { return server.request(id).input; });
    EXPECT_THAT(std::string(input.at("finetune_id").as_string()), HasSubstr("finetune-"));
    EXPECT_EQ(input.at("num_images"), 2);
    painted(id, {"1.jpg", "2.jpg"});
    EXPECT_THAT(fal().deliver(id, {.times = 5}), Each(200u));
    anna.hears("✅ 🎨 Акварель, «Анна»: 2 фото, списано 4.00 🪙, доступно 86.00 🪙.");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_images WHERE user_id=$"), "2");
    const auto shown = pictures(anna);
    for (int i = 0; i < 2; ++i) EXPECT_THAT(words(shown[i]), HasSubstr("🎨 Акварель · «Анна»"));
    EXPECT_EQ(bill(anna), "2 holds 2 charges 86.00 0.00");
}

TEST_F(FalImages, OnlyWhatCameIsCharged) {
    Person anna(home());
    give("good.jpg", read_file(photos().good(0)));
    give("bad.jpg", "this is no picture");
    const std::string id = orders_two(anna, "🖌 Масло");
    painted(id, {"good.jpg", "bad.jpg"});
    EXPECT_THAT(fal().deliver(id), Each(200u));
    anna.hears("⚠️ Получилось 1 из 2: за остальные не списано.");
    EXPECT_EQ(bill(anna), "2 holds 2 charges 88.00 0.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_images WHERE user_id=$"), "1");
}

TEST_F(FalImages, APaintingThatFailsCostsNothing) {
    Person anna(home());
    const std::string id = orders_two(anna, "💥 Комикс");
    fal().with([&](FalServer& server) { server.fail(id, "content_policy_violation"); });
    EXPECT_THAT(fal().deliver(id, {.times = 2}), Each(200u));
    anna.hears("❌ Не получилось нарисовать портрет. Ничего не списано.");
    EXPECT_EQ(bill(anna), "2 holds 1 charges 90.00 0.00");
    EXPECT_EQ(avatar(anna), "ready");
}

}  // namespace
}  // namespace persona::e2e
