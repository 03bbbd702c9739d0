// The exceptions of broken infrastructure. Outcomes that a caller decides on are std::expected, never these.
// Messages are for the operator's log; what a person sees comes from the catalogue.
#pragma once

#include <stdexcept>
#include <string>

namespace persona {

// Root of the tree; caught at the update, the request, the job, the task group and main.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Another system cannot be reached or refuses to work now; the same act may succeed later.
struct Unavailable : Error {
    using Error::Error;
};

// A deadline passed. Whether the other side acted is unknown unless the thrower says so.
struct TimedOut : Unavailable {
    using Unavailable::Unavailable;
};

// Data that we wrote does not read back: wrong key, changed bytes, unknown version. Never retried, never overwritten.
struct Corrupt : Error {
    using Error::Error;
};

// A setting, file or argument of the operator's is wrong. The message names it and never shows a secret's value.
struct BadConfig : Error {
    using Error::Error;
};

}  // namespace persona
