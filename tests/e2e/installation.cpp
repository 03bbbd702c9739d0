#include "installation.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/client.hpp"
#include "http/url.hpp"
#include "support/places.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::e2e {
namespace {

constexpr const char* token = "424242:e2e-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

http::Result send(http::Call call, std::chrono::seconds limit) {
    return run([&]() -> Task<http::Result> {
        http::Client client(co_await asio::this_coro::executor);
        co_return co_await client.send(std::move(call), Deadline::after(limit));
    });
}

json::value parsed(const http::Result& result, int* status) {
    if (!result) throw std::runtime_error("the sandbox did not answer: " + result.error().detail);
    if (status) *status = static_cast<int>(result->status);
    boost::system::error_code error;
    json::value value = json::parse(result->body, error);
    return error ? json::value(result->body) : value;
}

std::string chat_path(std::int64_t chat, const std::string& rest) { return "/sandbox/chats/" + std::to_string(chat) + rest; }

std::int64_t seq_of(const json::value& answer) {
    const auto* seq = answer.is_object() ? answer.as_object().if_contains("seq") : nullptr;
    if (!seq) throw std::runtime_error("the sandbox refused: " + json::serialize(answer));
    return seq->to_number<std::int64_t>();
}

}  // namespace

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

bool eventually(const std::function<bool()>& so, int seconds) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!so()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        ::poll(nullptr, 0, 20);
    }
    return true;
}

Installation::Installation(Options options) : options_(std::move(options)), dsn_(test::postgres_dsn()) {
    const std::string programs = places::programs().string();
    const int sandbox_port = free_port(), http_port = free_port();
    sandbox_url_ = "http://127.0.0.1:" + std::to_string(sandbox_port);
    http_url_ = "http://127.0.0.1:" + std::to_string(http_port);
    const auto key = folder_.file("master.key", std::string(64, '5') + "\n");
    std::filesystem::permissions(key, std::filesystem::perms(0600));
    variables_ = {{"PERSONA_DATA", (folder_.path() / "data").string()},
                  {"PERSONA_MASTER_KEY_FILE", key.string()},
                  {"PERSONA_HTTP", "127.0.0.1:" + std::to_string(http_port)},
                  {"PERSONA_MODELS", places::models().string()},
                  {"DATABASE_URL", dsn_},
                  {"REDIS_URL", "unix://" + test::redis_socket() + "?db=" + std::to_string(test::redis_database())},
                  {"TELEGRAM_TOKEN", token},
                  {"TELEGRAM_API_URL", sandbox_url_}};
    if (options_.webhook) variables_["TELEGRAM_WEBHOOK_URL"] = http_url_ + "/telegram/webhook";
    if (options_.public_url) variables_["PERSONA_PUBLIC_URL"] = http_url_;
    for (const auto& [name, value] : options_.variables) variables_[name] = value;
    std::filesystem::create_directory(folder_.path() / "data");

    sandbox_ =
        std::make_unique<Program>("sandbox",
                                  std::vector<std::string>{programs + "/persona-sandbox", "--listen", "127.0.0.1:" + std::to_string(sandbox_port),
                                                           "--data", (folder_.path() / "sandbox").string()},
                                  Variables{}, folder_.path() / "sandbox.log");
    sandbox_->start();
    sandbox("POST", "/sandbox/bots", json::object{{"token", token}});
    bot_ = another("bot", "bot,api,sender,scheduler");
    worker_ = another("worker", "worker");
    bot_->start();
    if (options_.worker) worker_->start();
}

Installation::~Installation() {
    try {
        EXPECT_EQ(violations(), "") << "requests that the Bot API does not know";
    } catch (const std::exception& e) { ADD_FAILURE() << e.what(); }
}

void Installation::show_logs() const {
    const auto tail = [](const std::string& text) { return text.size() > 6000 ? text.substr(text.size() - 6000) : text; };
    std::cerr << "--- bot\n" << tail(bot_->log()) << "--- worker\n" << tail(worker_->log()) << "---\n";
}

std::unique_ptr<Program> Installation::another(const std::string& name, const std::string& roles, const Variables& extra) {
    Variables all = variables_;
    for (const auto& [variable, value] : extra) all[variable] = value;
    return std::make_unique<Program>(name, std::vector<std::string>{(places::programs() / "persona").string(), "serve", "--roles", roles}, all,
                                     folder_.path() / (name + ".log"));
}

json::value ask(const std::string& method, const std::string& url, const json::value& body, int* status) {
    http::Call call{.method = method, .url = url};
    if (!body.is_null()) {
        call.headers.set("Content-Type", "application/json");
        call.body = json::serialize(body);
    }
    return parsed(persona::e2e::send(std::move(call), std::chrono::seconds(120)), status);
}

json::value Installation::sandbox(const std::string& method, const std::string& path, const json::value& body, int* status) {
    return ask(method, sandbox_url_ + path, body, status);
}

std::int64_t Installation::person(const std::string& language, const std::string& name) {
    const auto made = sandbox("POST", "/sandbox/users", json::object{{"first_name", name}, {"language_code", language}});
    const auto& object = made.as_object();
    return (object.contains("user") ? object.at("user").as_object() : object).at("id").to_number<std::int64_t>();
}

std::int64_t Installation::group(const std::string& title, std::vector<std::int64_t> members) {
    const auto made = sandbox("POST", "/sandbox/groups", json::object{{"title", title}, {"members", json::value_from(members)}});
    const auto& object = made.as_object();
    return (object.contains("group") ? object.at("group").as_object() : object).at("id").to_number<std::int64_t>();
}

std::int64_t Installation::act(std::int64_t chat, const json::object& content) {
    return seq_of(sandbox("POST", chat_path(chat, "/messages"), content));
}

std::int64_t Installation::say(std::int64_t chat, const std::string& text, std::int64_t from) {
    json::object content{{"text", text}};
    if (from) content["from"] = from;
    return act(chat, content);
}

std::int64_t Installation::send(std::int64_t chat, const std::string& kind, const std::filesystem::path& file, const std::string& name,
                                const Variables& fields) {
    std::vector<http::Part> parts;
    parts.push_back(http::Part::field("kind", kind));
    for (const auto& [field, value] : fields) parts.push_back(http::Part::field(field, value));
    parts.push_back({.name = "file", .content = file, .file_name = name.empty() ? file.filename().string() : name});
    http::Call call{.method = "POST", .url = sandbox_url_ + chat_path(chat, "/messages"), .body = std::move(parts)};
    return seq_of(parsed(persona::e2e::send(std::move(call), std::chrono::seconds(60)), nullptr));
}

std::int64_t Installation::send_album(std::int64_t chat, const std::string& kind, const std::vector<std::filesystem::path>& files) {
    std::vector<http::Part> parts;
    parts.push_back(http::Part::field("kind", kind));
    for (const auto& file : files) parts.push_back({.name = "file", .content = file, .file_name = file.filename().string()});
    http::Call call{.method = "POST", .url = sandbox_url_ + chat_path(chat, "/messages"), .body = std::move(parts)};
    return seq_of(parsed(persona::e2e::send(std::move(call), std::chrono::seconds(60)), nullptr));
}

std::int64_t Installation::press(std::int64_t chat, std::int64_t message, const std::string& data) {
    return seq_of(sandbox("POST", chat_path(chat, "/press"), json::object{{"message_id", message}, {"data", data}, {"force", true}}));
}

std::int64_t Installation::update(const json::object& update) {
    const auto queued = sandbox("POST", "/sandbox/updates", update);
    return queued.at("update_id").to_number<std::int64_t>();
}

json::value Installation::bot_api(const std::string& method, const json::object& params) {
    const auto answer = sandbox("POST", std::string("/bot") + token + "/" + method, params);
    EXPECT_TRUE(answer.at("ok").as_bool()) << json::serialize(answer);
    return answer.at("result");
}

json::object Installation::wait(std::int64_t chat, std::int64_t after, const std::string& contains, const std::string& types, int seconds) {
    std::string path = "/sandbox/wait?chat=" + std::to_string(chat) + "&after=" + std::to_string(after) +
                       "&count=1&timeout=" + std::to_string(seconds) + "&types=" + http::percent_encode(types);
    if (!contains.empty()) path += "&contains=" + http::percent_encode(contains);
    int status = 0;
    const json::value answer = sandbox("GET", path, nullptr, &status);
    if (status != 200) {
        ADD_FAILURE() << "nothing of the bot contained «" << contains << "»: " << json::serialize(answer)
                      << "\nchat: " << json::serialize(json::value_from(messages(chat)));
        throw std::runtime_error("waited in vain");
    }
    return answer.as_object().at("events").as_array().front().as_object();
}

std::vector<json::object> Installation::messages(std::int64_t chat) {
    std::vector<json::object> out;
    for (const auto& item : sandbox("GET", chat_path(chat, "/messages?limit=200")).as_object().at("messages").as_array())
        out.push_back(item.as_object());
    return out;
}

std::string Installation::download(const std::string& file_id) {
    const auto result = persona::e2e::send({.url = sandbox_url_ + "/sandbox/files/" + http::percent_encode(file_id)}, std::chrono::seconds(30));
    return result ? result->body : "";
}

Installation::Answer Installation::http(const std::string& path) {
    const auto result = persona::e2e::send({.url = http_url_ + path}, std::chrono::seconds(10));
    return result ? Answer{result->status, result->body} : Answer{};
}

Installation::Answer Installation::deliver(const std::string& body, const std::string& secret, const std::string& url) {
    http::Call call{.method = "POST", .url = url.empty() ? webhook_url() : url, .headers = {{"Content-Type", "application/json"}}, .body = body};
    if (!secret.empty()) call.headers.add("X-Telegram-Bot-Api-Secret-Token", secret);
    const auto result = persona::e2e::send(std::move(call), std::chrono::seconds(30));
    return result ? Answer{result->status, result->body} : Answer{0, result.error().detail};
}

json::array Installation::calls(const std::string& method) {
    return sandbox("GET", "/sandbox/calls?limit=20000&method=" + method).as_object().at("calls").as_array();
}

std::string Installation::violations() {
    const auto answer = sandbox("GET", "/sandbox/violations");
    const auto& list = answer.as_object().at("violations").as_array();
    return list.empty() ? "" : json::serialize(list);
}

std::string Installation::sql(const std::string& query) {
    PGconn* pg = PQconnectdb(dsn_.c_str());
    PGresult* result = PQexec(pg, query.c_str());
    const auto status = PQresultStatus(result);
    std::string out = status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) ADD_FAILURE() << query << ": " << PQerrorMessage(pg);
    PQclear(result);
    PQfinish(pg);
    return out;
}

Installation::Ran Installation::persona(const std::vector<std::string>& arguments, const Variables& extra) {
    std::vector<std::string> command{(places::programs() / "persona").string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Variables all = variables_;
    for (const auto& [name, value] : extra) all[name] = value;
    const auto log = folder_.path() / ("command-" + std::to_string(std::rand()) + ".log");
    Program program("persona", command, all, log);
    const int status = program.run();
    return {status, program.log()};
}

std::string Installation::everything_that_left() const {
    std::string out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
        if (entry.path().extension() == ".log") out += read_file(entry.path());
    return out;
}

}  // namespace persona::e2e
