#include "studio.hpp"

namespace persona::bot {
namespace {

using telegram::test::BotApiServer;

constexpr postgres::Query lose_lease{"test.lose", "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'"};
constexpr postgres::Query unfinished{
    "test.unfinished", "SELECT (SELECT count(*) FROM jobs WHERE ended_at IS NULL) + (SELECT count(*) FROM outbox WHERE state = 'ready')"};
constexpr postgres::Query all_books{
    "test.books",
    "SELECT format('%s coins, %s held; charged %s, voided %s; transcripts %s, documents %s', b.coins, b.held, "
    "(SELECT count(*) FROM transactions WHERE type = 'charge'), (SELECT count(*) FROM holds WHERE state = 'voided'), "
    "(SELECT count(*) FROM user_transcripts), (SELECT count(*) FROM user_documents)) FROM user_balances b WHERE user_id = 1"};

}  // namespace

Hired::Hired(Studio& studio, jobs::WorkerConfig config)
    : group(studio.executor, "test"), worker(studio.executor, studio.pool, studio.vault, handlers(studio.shop), config) {
    group.spawn("worker", worker.run());
}

Studio::Studio(Executor on, const std::string& dsn, const std::filesystem::path& decoder_program)
    : executor(on),
      pool(on, {.dsn = Secret(dsn), .size = 8, .writers = 4}),
      vault(test::test_keyring(), pool),
      http(on),
      telegram(on),
      blobs(cpu, {.folder = folder.path() / "blobs"}),
      api(http, telegram.config(),
          [this](const telegram::Attachment& file, Deadline) -> Task<std::string> {
              const storage::BlobName name(file.blob);
              const auto key = co_await vault.key_of(UserId(file.owner), soon());
              co_return co_await blobs.read(name, key, 1 << 20);
          }),
      outbox(on, pool, vault, api, {.per_chat_rate = 1000, .per_chat_burst = 1000}),
      decoder(decoder_program),
      reader(places::programs() / "persona-picture"),
      atelier{.reader = reader, .faces = one_face, .portraits = photographer, .enhance = &retoucher, .look_again = 5ms},
      shop{pool,
           vault,
           outbox,
           api,
           blobs,
           cpu,
           decoder,
           {.members = {{{.name = "Ears", .languages = {"en"}, .guarded = true}, &ears}}},
           &voice_activity(),
           pen,
           assistant,
           around,
           folder.path() / "scratch",
           [this] {
               for (const auto& one : hired) one->worker.ring();
           }},
      changed(on),
      group(on, "test") {
    around.heard = {"en"};
    shop.atelier = &atelier;
    std::filesystem::create_directory(shop.scratch);
    const auto sent = [this](const telegram::test::Asked&) -> Task<http::Response> {
        co_return BotApiServer::ok("{\"message_id\":" + std::to_string(++last_message_) + "}");
    };
    for (const char* method : {"sendMessage", "sendDocument", "sendPhoto"}) telegram.always[method] = sent;
    telegram.always["editMessageText"] = [](const telegram::test::Asked& asked) -> Task<http::Response> {
        co_return BotApiServer::ok("{\"message_id\":" + boost::json::serialize(asked.params.at("message_id")) + "}");
    };
    telegram.always["getFile"] = [](const telegram::test::Asked& asked) -> Task<http::Response> {
        const auto& id = asked.params.at("file_id").as_string();
        co_return BotApiServer::ok(boost::json::serialize(boost::json::object{{"file_id", id}, {"file_unique_id", id}, {"file_path", id}}));
    };
}

Task<void> Studio::open() {
    co_await test::add_people(pool, 1, Coins::hundredths(10000));
    co_await test::give_keys(pool, vault, 1);
    co_await vault.open(soon());
    group.spawn("outbox", outbox.run());
}

Task<void> Studio::dismiss() {
    for (const auto& one : hired) {
        co_await one->worker.drain(soon());
        EXPECT_TRUE(co_await one->group.join(soon()));
    }
    hired.clear();
}

Task<void> Studio::close() {
    co_await dismiss();
    group.cancel();
    EXPECT_TRUE(co_await group.join(soon()));
    co_await telegram.stop();
    pool.close();
}

Task<void> Studio::kill(Hired& victim, std::function<void()> release) {
    victim.group.cancel();
    release();
    EXPECT_TRUE(co_await victim.group.join(soon()));
    co_await pool.read(soon(), lose_lease);
}

Context context_of(const Studio& studio) {
    const Surroundings& s = studio.around;
    return {.now = wall_now(),
            .language = Language::ru,
            .time_zone = s.time_zone,
            .first_name = "Анна",
            .prices = s.prices,
            .limits = s.limits,
            .heard = s.heard,
            .event_id = Uuid::v7()};
}

Task<Recipient> Studio::recipient() { co_return Recipient{.user = anna, .chat = chat, .key = co_await vault.key_of(anna, soon())}; }

Task<void> Studio::act(std::vector<Effect> effects) {
    Desk desk(outbox, co_await recipient());
    desk.apply(effects);
    const auto done = co_await pool.commit(desk.take_work(), soon());
    if (!done) throw Error("refused: " + done.error().code);
    desk.committed(*done);
    shop.wake_jobs();
}

Task<Uuid> Studio::order_probe(boost::json::object args, std::string mode) {
    const Uuid id = Uuid::v7();
    args["mode"] = mode;
    args["message"] = her_message.value;
    std::vector<Effect> effects{
        Say{.text = context_of(*this).say(Text::file_received), .keyboard = {}, .reply_to = her_message, .handle = live_message(id)},
        StartJob{.id = id, .kind = "probe", .topic = "", .args = std::move(args), .payment = {}}};
    co_await act(std::move(effects));
    co_return id;
}

Task<Uuid> Studio::send_file(std::string content, std::string mode, std::string name) {
    const std::string file = "file" + std::to_string(telegram.files.size());
    telegram.files[file] = std::move(content);
    co_return co_await order_probe({{"file", file}, {"name", name}}, std::move(mode));
}

Task<Uuid> Studio::keep_transcript(std::string text) {
    const TranscriptId id(Uuid::v7());
    postgres::Work work;
    transcripts::save(
        work, anna, co_await vault.key_of(anna, soon()),
        {.id = id, .number = 1, .source = "text", .language = "und", .lines = {{Millis(0), Millis(0), std::move(text)}}, .created_at = wall_now()});
    if (!co_await pool.commit(std::move(work), soon())) throw Error("a transcript was refused");
    co_return id.value;
}

Task<Uuid> Studio::order_document(std::string_view kind, const Uuid& transcript) {
    const Uuid id = Uuid::v7();
    const Coins price = around.prices.output;
    std::vector<Effect> effects{Say{.text = "making", .keyboard = {}, .reply_to = {}, .handle = live_message(id)},
                                StartJob{.id = id,
                                         .kind = "document",
                                         .topic = "",
                                         .args = {{"transcript", compact(transcript)}, {"kind", kind}, {"price", price.text()}},
                                         .payment = Payment{Uuid::v5(id, "operation"), price, "output"}}};
    co_await act(std::move(effects));
    co_return id;
}

Task<Uuid> Studio::ask_question(std::string question, Uuid transcript) {
    const Uuid id = Uuid::v7();
    const Coins price = around.prices.answer;
    std::vector<Effect> effects{Say{.text = "thinking", .keyboard = {}, .reply_to = {}, .handle = live_message(id)},
                                StartJob{.id = id,
                                         .kind = "answer",
                                         .topic = "",
                                         .args = {{"question", question}, {"transcript", compact(transcript)}, {"price", price.text()}},
                                         .payment = Payment{Uuid::v5(id, "operation"), price, "answer"}}};
    co_await act(std::move(effects));
    co_return id;
}

Task<void> Studio::until(std::function<bool()> condition, std::string what) {
    for (const Deadline deadline = soon(); !condition(); co_await changed.wait(Deadline::after(5ms)))
        if (deadline.passed()) throw TimedOut(what + " did not happen; said: " + testing::PrintToString(texts()));
}

Task<void> Studio::until_said(std::string words) {
    co_await until([this, words] { return said(words); }, "«" + words + "»");
}

Task<void> Studio::until_quiet() {
    for (const Deadline deadline = soon(); (co_await pool.read(soon(), unfinished)).value<int>() > 0; co_await changed.wait(Deadline::after(5ms)))
        if (deadline.passed()) throw TimedOut("work does not end; said: " + testing::PrintToString(texts()));
}

Task<std::string> Studio::ask(postgres::Query query) { co_return (co_await pool.read(soon(), query)).value<std::string>(); }
Task<std::string> Studio::books() { co_return co_await ask(all_books); }

std::vector<std::string> Studio::texts() const {
    std::vector<std::string> out;
    for (const auto& asked : telegram.asked)
        if (const auto* text = asked.params.if_contains("text"); text && asked.method != "sendMessageDraft") out.emplace_back(text->as_string());
    return out;
}

bool Studio::said(std::string_view words) const {
    return std::ranges::any_of(texts(), [&](const std::string& text) { return text.contains(words); });
}

void WorkTest::with(std::function<Task<void>(Studio&)> body, std::filesystem::path decoder) {
    run([&]() -> Task<void> {
        Studio studio(co_await asio::this_coro::executor, test::postgres_dsn(), decoder);
        co_await studio.open();
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(60s), "a test", body(studio));
            EXPECT_THAT(co_await wallet::verify(studio.pool, soon()), testing::IsEmpty());
            EXPECT_TRUE(std::filesystem::is_empty(studio.shop.scratch)) << "a plain recording was left behind";
        } catch (...) { error = std::current_exception(); }
        co_await studio.close();
        if (error) std::rethrow_exception(error);
    });
}

}  // namespace persona::bot
