// The PostgreSQL that `persona up` keeps for itself: a cluster in DATA/postgres, reached by a socket only, never by TCP,
// never run as root. Who may connect is decided by the kernel (peer): the owner of the data folder, and root.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ops/supervise/child.hpp"
#include "ops/supervise/data_folder.hpp"
#include "ops/supervise/orphans.hpp"

namespace persona::ops {

class PrivatePostgres {
public:
    // data must outlive it.
    explicit PrivatePostgres(const DataFolder& data) : data_(data) {}

    // Ends what an earlier run left, makes the cluster where there is none (a second or two; a half-made one is made anew),
    // and writes its settings. `extra` overrides ours; DATA/postgres.conf, the operator's own file, overrides both.
    // Throws BadConfig when Debian's PostgreSQL 15 is not installed or the cluster is of another version, Error when initdb fails.
    Task<void> prepare(Progress progress, std::vector<std::pair<std::string, std::string>> extra = {});
    // For Supervisor::start, after prepare.
    ChildSpec child() const;

    // The connection string, whether or not the server runs: "postgresql://persona@/persona?host=FOLDER". Holds no secret.
    static std::string dsn(const std::filesystem::path& data);
    std::filesystem::path folder() const { return data_.path() / "postgres"; }

private:
    Task<void> run(std::string step, std::vector<std::string> command, std::filesystem::path input = {});
    Task<void> make_cluster();
    void write_settings(const std::vector<std::pair<std::string, std::string>>& extra) const;

    const DataFolder& data_;
};

}  // namespace persona::ops
