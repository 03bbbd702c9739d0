#include "bot/export_forms.hpp"

#include <algorithm>

#include "bot/ids.hpp"

namespace persona::bot {

std::vector<Effect> order_export(const Turn& turn, std::string_view form, const std::vector<Uuid>& transcripts) {
    const Context& c = turn.context;
    std::string topic = "export:" + std::string(form);
    boost::json::array ids;
    for (const Uuid& id : transcripts) {
        ids.push_back(boost::json::string(compact(id)));
        if (transcripts.size() == 1) topic += ":" + compact(id);
    }
    if (std::ranges::find(*turn.data.jobs, topic, &RunningJob::topic) != turn.data.jobs->end()) return {Toast{c.say(Text::export_running)}};
    return {Toast{c.say(Text::exporting)},
            StartJob{.id = c.id(0), .kind = "export", .topic = topic, .args = {{"form", form}, {"transcripts", std::move(ids)}}, .payment = {}}};
}

}  // namespace persona::bot
