// A picture that was made and paid for, as the rest of Persona sees it.
#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::portraits {

struct Image {
    Uuid id;
    std::optional<AvatarId> avatar = {};  // nothing for an enhanced photo
    std::string style = {}, aspect = {};
    std::optional<OperationId> operation = {};
    std::string blob = {}, file_name = {};
    bool kept = false;
    Time created_at{};

    friend bool operator==(const Image&, const Image&) = default;
};

}  // namespace persona::portraits
