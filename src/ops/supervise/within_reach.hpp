// Root may start Persona from a folder that nobody else can enter (a checkout in /root): the account's processes must
// still find their programs, pages and models.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ops/supervise/data_folder.hpp"

namespace persona::ops {

// The folder itself where the data folder's account can enter it; else DATA/NAME, with the entries (names in the folder,
// files or whole folders; those that are missing are left out) copied there where they differ in size or are newer.
// Blocking: at the first start as long as the copying takes. Throws Error.
std::filesystem::path within_reach(const DataFolder& data, const std::filesystem::path& folder, const std::vector<std::string>& entries,
                                   const std::string& name);

}  // namespace persona::ops
