// persona-sandbox: a Telegram for one machine. Listens, serves the Bot API, the chat page and the people's side, until SIGTERM.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "async/task_group.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/notify.hpp"
#include "base/secret.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "sandbox/server/bot_routes.hpp"
#include "sandbox/server/page_routes.hpp"
#include "sandbox/server/people_routes.hpp"
#include "sandbox/server/postman.hpp"
#include "sandbox/server/station.hpp"
#include "sandbox/server/test_routes.hpp"

namespace {

using namespace persona;

struct Options {
    std::string listen = "127.0.0.1:8081";
    std::filesystem::path data = "sandbox-data";
    std::filesystem::path pages = "pages/dist/chat";
    std::string token;
};

int parse(int argc, char** argv, Options& options) {
    CLI::App app("A Telegram for one machine: Bot API server and chat page.");
    app.add_option("--listen", options.listen, "host:port; port 0 takes a free one")->envname("PERSONA_SANDBOX")->capture_default_str();
    app.add_option("--data", options.data, "folder of the state that survives a restart")->envname("PERSONA_SANDBOX_DATA")->capture_default_str();
    app.add_option("--pages", options.pages, "folder of the built chat page")->envname("PERSONA_SANDBOX_PAGES")->capture_default_str();
    app.add_option("--token", options.token, "the only bot token accepted (default: any)")->envname("PERSONA_SANDBOX_TOKEN");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) { return app.exit(e) == 0 ? 0 : 2; }
    return -1;
}

std::vector<http::Route> routes(sandbox::Station& station, const std::filesystem::path& pages) {
    std::vector<http::Route> all;
    for (auto part : {sandbox::bot_routes(station), sandbox::people_routes(station), sandbox::test_routes(station), sandbox::page_routes(pages)})
        std::ranges::move(part, std::back_inserter(all));
    return all;
}

Task<void> serve(const Options& options, sandbox::World& world) {
    const auto executor = co_await asio::this_coro::executor;
    sandbox::Station station(executor, world);
    http::Router router(routes(station, options.pages));
    http::ServerConfig config;
    config.address = options.listen;
    config.max_connections = 4096;
    config.body_limit = [&](const http::Request& head) { return router.body_limit(head, 1 << 20); };
    http::Server server(executor, std::move(config), [&](http::Request request) { return router(std::move(request)); });
    // The line that whoever starts us waits for; the port may have been 0.
    std::printf("persona-sandbox listens on %s:%d\n", options.listen.substr(0, options.listen.rfind(':')).c_str(), server.port());
    std::fflush(stdout);
    say_ready();

    http::Client client(executor);
    sandbox::Postman postman(executor, station, client);
    TaskGroup background(executor, "sandbox");
    background.spawn("webhooks", postman.run());

    asio::signal_set stop(executor, SIGTERM, SIGINT);
    co_await stop.async_wait(asio::use_awaitable);
    co_await server.stop(Deadline::after(200ms));  // long polls and streams never end by themselves
    background.cancel();
    co_await background.join(Deadline::never());
    world.flush();
}

int run(const Options& options) {
    sandbox::World world(options.data, options.token);
    asio::io_context io(1);
    std::exception_ptr failed;
    asio::co_spawn(io, serve(options, world), [&](std::exception_ptr error) { failed = error; });
    io.run();
    if (failed) std::rethrow_exception(failed);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (const int code = parse(argc, argv, options); code >= 0) return code;
    persona::log_start({.level = persona::Level::info});
    int code = 1;
    try {
        code = run(options);
    } catch (const std::exception& e) { std::fprintf(stderr, "persona-sandbox: %s\n", persona::redact(e.what()).c_str()); }
    persona::log_stop();
    return code;
}
