// Calls of fal.ai's queue and storage. What only asks is asked again with patience; a submit is repeated only where it surely was not
// taken, since fal.ai knows no key of idempotence. One for the process, owned by main; one thread.
#pragma once

#include <string>

#include "ai/portrait.hpp"
#include "ai/remote/fal/config.hpp"
#include "ai/remote/fal/wire.hpp"
#include "http/client.hpp"

namespace persona::ai::fal {

class Client {
public:
    // http must outlive it. Throws BadConfig (see checked).
    Client(http::Client& http, Config config);

    // The address by which fal.ai finds the zip. It may be done twice: an archive that nobody names is forgotten there.
    Task<PortraitResult<std::string>> upload(std::string zip, Deadline deadline);
    // The request's id. input: JSON of the endpoint's dialect. webhook: empty for none.
    Task<PortraitResult<std::string>> submit(std::string endpoint, std::string input, std::string webhook, Deadline deadline);
    Task<PortraitResult<Standing>> status(std::string endpoint, std::string request, Deadline deadline);
    // The JSON of a request that has ended well; refused with the model's word where it has not.
    Task<PortraitResult<std::string>> result(std::string endpoint, std::string request, Deadline deadline);
    Task<void> cancel(std::string endpoint, std::string request, Deadline deadline);
    // A file that a result names, up to 24 MB.
    Task<PortraitResult<std::string>> file(std::string url, Deadline deadline);

    const Config& config() const { return config_; }
    static constexpr std::size_t largest_zip = 90'000'000;  // beyond it fal.ai wants parts

private:
    using Answer = std::expected<std::string, ProviderError>;
    http::Call call(std::string method, std::string url, std::string body) const;
    Task<Answer> once(http::Call call, Deadline deadline);
    Task<Answer> ask(std::string method, std::string url, Deadline deadline);
    Task<std::expected<Upload, ProviderError>> initiate(Deadline deadline);
    // https; http only where the queue itself is on this machine, so that no answer leads us to a port of ours.
    bool may_visit(std::string_view url) const;

    http::Client& http_;
    Config config_;
    Patience queue_, storage_, files_;
};

}  // namespace persona::ai::fal
