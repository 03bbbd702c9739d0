// Persona as its users meet it: real processes, a real PostgreSQL and Redis, and the sandbox in Telegram's place.
// Blocking, so that a test reads like a conversation; nothing sleeps, everything waits for an event of the sandbox.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace persona::e2e {

namespace json = boost::json;

using Variables = std::map<std::string, std::string>;

// One program of ours, ready when it said so.
class Program {
public:
    Program(std::string name, std::vector<std::string> command, Variables variables, std::filesystem::path log);
    ~Program();
    Program(const Program&) = delete;

    void launch();        // without waiting for anything
    void start();         // throws with the end of its log when it does not get ready in 30 s
    int run();            // starts it and gives its exit status
    int end(int signal);  // sends it, waits, gives the exit status (128 + signal when killed)
    int wait_for_end();   // the exit status of a program that ends by itself
    bool running() const { return pid_ > 0; }
    int pid() const { return pid_; }
    std::string log() const;  // all of it

private:
    std::string name_;
    std::vector<std::string> command_;
    Variables variables_;
    std::filesystem::path log_;
    int pid_ = -1;
};

struct Options {
    Variables variables;  // further settings of all processes
    bool webhook = false;
    bool worker = true;
    bool public_url = false;  // providers are told to call our own server
};

class Installation {
public:
    explicit Installation(Options options = {});
    ~Installation();  // fails the test when a request broke the Bot API

    Program& bot() { return *bot_; }        // serve --roles bot,api,sender,scheduler
    Program& worker() { return *worker_; }  // serve --roles worker
    // A second bot process on the same database; behind the same webhook address it is not reached, by poll it waits.
    std::unique_ptr<Program> another(const std::string& name, const std::string& roles, const Variables& extra = {});

    // What people do.
    std::int64_t person(const std::string& language = "ru", const std::string& name = "Анна");
    std::int64_t group(const std::string& title, std::vector<std::int64_t> members);
    // Each gives the number of the last event before the act: wait for what comes after it.
    std::int64_t say(std::int64_t chat, const std::string& text, std::int64_t from = 0);
    std::int64_t send(std::int64_t chat, const std::string& kind, const std::filesystem::path& file, const std::string& name = "",
                      const Variables& fields = {});
    std::int64_t send_album(std::int64_t chat, const std::string& kind, const std::vector<std::filesystem::path>& files);  // two to ten
    std::int64_t act(std::int64_t chat, const json::object& content);                                                      // {"sticker": "👍"}
    std::int64_t press(std::int64_t chat, std::int64_t message, const std::string& data);
    // Any update, {"message": {…}}; gives its update_id.
    std::int64_t update(const json::object& update);
    // A call of the Bot API with the bot's own token: what the bot of a former release left in the chats.
    json::value bot_api(const std::string& method, const json::object& params);
    // The first message (or edit) of the bot after `after` that contains the text; fails the test after `seconds`.
    json::object wait(std::int64_t chat, std::int64_t after, const std::string& contains = "", const std::string& types = "message,edit",
                      int seconds = 30);
    std::vector<json::object> messages(std::int64_t chat);
    std::string download(const std::string& file_id);

    // The sandbox's and the operator's side.
    json::value sandbox(const std::string& method, const std::string& path, const json::value& body = nullptr, int* status = nullptr);
    struct Answer {
        unsigned status = 0;
        std::string body;
    };
    Answer http(const std::string& path);  // of our own server
    // Posts to our webhook as Telegram would; an empty secret sends none.
    Answer deliver(const std::string& body, const std::string& secret, const std::string& url = "");
    json::array calls(const std::string& method);  // what the bot called since forget_calls(), oldest first
    void forget_calls() { sandbox("DELETE", "/sandbox/calls"); }
    std::string violations();                   // of the Bot API by our requests; empty: none
    std::string sql(const std::string& query);  // first column of the first row; empty when there is none
    // Runs `persona ARGS` and gives its exit status and output.
    struct Ran {
        int status;
        std::string output;
    };
    Ran persona(const std::vector<std::string>& arguments, const Variables& extra = {});
    Variables variables() const { return variables_; }
    void show_logs() const;                    // the ends of them, for a test that failed
    std::string everything_that_left() const;  // all logs of all processes, for grepping

    std::string webhook_url() const { return http_url_ + "/telegram/webhook"; }

private:
    TemporaryFolder folder_;
    Options options_;
    Variables variables_;
    std::string sandbox_url_, http_url_, dsn_;
    std::unique_ptr<Program> sandbox_, bot_, worker_;
};

// One request to a sandbox or to a server of ours; a body that is no JSON comes as a string.
json::value ask(const std::string& method, const std::string& url, const json::value& body = nullptr, int* status = nullptr);
// Asks until it is so; false after `seconds`. For what no event of the sandbox tells: rows, probes, locks.
bool eventually(const std::function<bool()>& so, int seconds = 30);
// Free now; nobody else of this machine's tests takes it in the moment until it is used.
int free_port();

}  // namespace persona::e2e
