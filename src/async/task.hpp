// The coroutine type of the house. One io_context thread owns all state; a Task runs on the executor it was spawned on.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace persona {

namespace asio = boost::asio;

// Parameters of a coroutine that is spawned are taken by value: the caller's frame may be gone (docs/adr/0003-coroutines.md).
template <class T = void>
using Task = asio::awaitable<T>;

using Executor = asio::any_io_executor;

}  // namespace persona
