// Our side of the conversation with @telegram-apps/init-data-node: one JSON object a line in, one out.
// {"open": text, "token": …} gives {"name": …} or {"fault": n}; {"sign": [[name, value], …], "token": …} gives {"text": …}.
#include <boost/json.hpp>
#include <iostream>

#include "http/url.hpp"
#include "telegram/init_data.hpp"

namespace {

using namespace persona;
namespace json = boost::json;

json::object open(const json::object& asked) {
    const auto opened = telegram::open_init_data(asked.at("open").as_string(), Secret(std::string(asked.at("token").as_string())), wall_now());
    if (!opened) return {{"fault", static_cast<int>(opened.error())}};
    return {{"id", opened->user.id.value}, {"name", opened->user.first_name}, {"start", opened->start_param}};
}

json::object sign(const json::object& asked) {
    telegram::InitFields fields;
    http::Form form;
    for (const json::value& pair : asked.at("sign").as_array()) {
        fields.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
        form.add(fields.back().first, fields.back().second);
    }
    form.add("hash", telegram::init_data_hash(fields, Secret(std::string(asked.at("token").as_string()))));
    return {{"text", form.encoded()}};
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const json::object asked = json::parse(line).as_object();
        std::cout << json::serialize(asked.contains("open") ? open(asked) : sign(asked)) << "\n" << std::flush;
    }
}
