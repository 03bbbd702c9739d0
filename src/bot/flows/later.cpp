#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"

namespace persona::bot::flows {
namespace {

// The one list of entries whose capability comes with a later release. Take a line out when it is there.
constexpr std::array later_labels{
    Text::label_enhance,
    Text::label_styles,
    Text::label_create_avatar,
    Text::label_view_avatars,
};

}  // namespace

bool comes_later(Text label) { return std::ranges::find(later_labels, label) != later_labels.end(); }

Step later(const Turn& turn, Text label) {
    return open_menu(turn, turn.state.place, turn.context.say(Text::comes_later, {{"what", turn.context.say(label)}}));
}

}  // namespace persona::bot::flows
