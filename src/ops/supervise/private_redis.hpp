// The Redis that `persona up` keeps for itself: on a socket only, never run as root, nothing on disk. It may lose everything at any moment.
#pragma once

#include <filesystem>
#include <string>

#include "ops/supervise/child.hpp"
#include "ops/supervise/data_folder.hpp"

namespace persona::ops {

class PrivateRedis {
public:
    // data must outlive it.
    explicit PrivateRedis(const DataFolder& data) : data_(data) {}

    // Ends what an earlier run left. Throws BadConfig when Debian's redis-server is not installed.
    Task<void> prepare();
    // For Supervisor::start, after prepare.
    ChildSpec child() const;

    // The path of the socket, whether or not the server runs.
    static std::filesystem::path socket(const std::filesystem::path& data);

private:
    std::filesystem::path folder() const { return data_.path() / "redis"; }

    const DataFolder& data_;
};

}  // namespace persona::ops
