#include <boost/json.hpp>

#include "base/error.hpp"
#include "telegram/outbox_store.hpp"

namespace persona::telegram {

namespace json = boost::json;

// {"method":…,"params":{…},"file":{"field":…,"blob":…,"name":…,"owner":…}}
std::string encode(const Call& call) {
    json::object out{{"method", call.method}, {"params", call.params}};
    if (call.file)
        out["file"] =
            json::object{{"field", call.file->field}, {"blob", call.file->blob}, {"name", call.file->file_name}, {"owner", call.file->owner}};
    return json::serialize(out);
}

Call decode(std::string_view body) {
    try {
        const json::value value = json::parse(body);
        const json::object& object = value.as_object();
        Call call{std::string(object.at("method").as_string()), object.at("params").as_object(), {}};
        if (const json::value* file = object.if_contains("file")) {
            const auto text = [&](std::string_view key) { return std::string(file->as_object().at(key).as_string()); };
            call.file = Attachment{text("field"), text("blob"), text("name"), file->as_object().at("owner").as_int64()};
        }
        return call;
    } catch (const std::exception&) { throw Corrupt("a body of the outbox does not read"); }
}

}  // namespace persona::telegram
