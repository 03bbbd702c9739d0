// A folder for one test, gone with it, that the service account can pass through.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace persona::ops {

struct Scratch {
    std::filesystem::path path;

    Scratch() {
        std::string name = "/tmp/persona-ops-XXXXXX";
        path = ::mkdtemp(name.data());
        ::chmod(path.c_str(), 01777);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Scratch(const Scratch&) = delete;
};

}  // namespace persona::ops
