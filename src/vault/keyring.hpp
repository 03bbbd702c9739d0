// The master keys: they wrap data keys and nothing else, and never leave the process. The first one is current, the others
// only open what was wrapped before a rotation.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "vault/seal.hpp"

namespace persona::vault {

struct WrappedKey {
    Bytes bytes;
    std::string master;  // the id of the master key that wrapped it
};

class Keyring {
public:
    // One key a line, 64 hexadecimal digits; blank lines and lines that begin with # are passed over. The file must not be
    // readable by others. Throws BadConfig naming the file.
    static Keyring from_file(const std::filesystem::path& file);
    static Keyring from_text(std::string_view text, const std::string& source);
    // Writes a new random key (0600, fsynced) unless the file exists; true when it was written.
    static bool make_file(const std::filesystem::path& file);

    WrappedKey wrap(const Key& data_key, std::int64_t owner) const;
    // Throws Corrupt when no master key of this ring opens it.
    Key unwrap(const WrappedKey& wrapped, std::int64_t owner) const;
    // For values that must be the same in every process and need no table: webhook secrets, hashes.
    Key derive(std::string_view label) const { return masters_.front().key.derive(label); }

private:
    struct Master {
        std::string id;
        Key key;
    };
    std::vector<Master> masters_;
};

}  // namespace persona::vault
