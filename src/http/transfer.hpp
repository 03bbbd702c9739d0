// One call on its way through libcurl: the options of its handle, and what its callbacks have seen. Private to http/.
#pragma once

#include <curl/curl.h>

#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <functional>
#include <optional>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "http/client.hpp"

namespace persona::http {

// Lives in the frame of send().
struct Transfer {
    Transfer(Call given, CURL* on) : call(std::move(given)), easy(on) {}
    Transfer(const Transfer&) = delete;
    ~Transfer();

    // Sets every option; the handle is a new one or was reset.
    void prepare(const ClientConfig& config, Deadline deadline);
    // After the end: the reply, or why there is none. Throws what the call's sink or source threw.
    Result take_result();

    Call call;
    CURL* easy;
    Reply reply;
    curl_slist* fields = nullptr;
    curl_mime* mime = nullptr;
    char error[CURL_ERROR_SIZE] = "";
    std::size_t received = 0;
    bool head_complete = false;
    bool too_large = false;
    int starts = 0;                  // how often libcurl came to the point of writing the request
    std::exception_ptr thrown;       // by the caller's sink or source
    std::optional<CURLcode> result;  // set once, at the end
    std::move_only_function<void(boost::system::error_code)> waiter;
    asio::cancellation_slot cancelled;
};

}  // namespace persona::http
