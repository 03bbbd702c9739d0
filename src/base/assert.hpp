// Programmer errors end the process, in release builds too: state that nobody expected is worse than a restart.
#pragma once

namespace persona {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;
}

#define PERSONA_ASSERT(condition) (static_cast<bool>(condition) ? void() : ::persona::assertion_failed(#condition, __FILE__, __LINE__))
