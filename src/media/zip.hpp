// Zip archives, written in memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace persona::media {

struct ZipEntry {
    std::string path;  // UTF-8, with / between folders
    std::string content;
};

// The entries must outlive the call. The same entries and time give the same bytes; without a time all entries have 1980-01-02.
// Throws Error when the archive cannot be written (out of memory).
Bytes zipped(const std::vector<ZipEntry>& entries, std::optional<Time> created);

}  // namespace persona::media
