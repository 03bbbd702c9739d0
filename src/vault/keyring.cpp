#include "vault/keyring.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/error.hpp"

namespace persona::vault {
namespace {

// Eight hexadecimal digits that name a key without telling it.
std::string id_of(const Key& key) { return to_hex(key.derive("persona/master-id").bytes()).substr(0, 8); }

Place wrap_place(std::int64_t owner) { return {"data_keys.wrapped", owner}; }

}  // namespace

Keyring Keyring::from_text(std::string_view text, const std::string& source) {
    Keyring ring;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (line.empty() || line[0] == '#') continue;
        const auto bytes = from_hex(line);
        if (!bytes || bytes->size() != Key::size) throw BadConfig(source + ": a master key is 64 hexadecimal digits");
        const Secret registered(line);  // for the redactor
        const Key key = Key::from(*bytes);
        ring.masters_.push_back({id_of(key), key});
    }
    if (ring.masters_.empty()) throw BadConfig(source + " holds no master key");
    return ring;
}

Keyring Keyring::from_file(const std::filesystem::path& file) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) throw BadConfig("PERSONA_MASTER_KEY_FILE: cannot read " + file.string());
    if (info.st_mode & (S_IRWXG | S_IRWXO)) throw BadConfig("PERSONA_MASTER_KEY_FILE: " + file.string() + " may be read by others (chmod 600)");
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return from_text(text.str(), "PERSONA_MASTER_KEY_FILE: " + file.string());
}

bool Keyring::make_file(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) return false;
    if (fd < 0) throw BadConfig("PERSONA_MASTER_KEY_FILE: cannot write " + file.string());
    const std::string line = to_hex(Key::random().bytes()) + "\n";
    const bool ok = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
    ::close(fd);
    if (!ok) throw BadConfig("PERSONA_MASTER_KEY_FILE: cannot write " + file.string());
    return true;
}

WrappedKey Keyring::wrap(const Key& data_key, std::int64_t owner) const {
    return {seal(masters_.front().key, wrap_place(owner), as_text(data_key.bytes())), masters_.front().id};
}

Key Keyring::unwrap(const WrappedKey& wrapped, std::int64_t owner) const {
    for (const Master& master : masters_)
        if (master.id == wrapped.master) return Key::from(as_bytes(open(master.key, wrap_place(owner), wrapped.bytes)));
    throw Corrupt("no master key " + wrapped.master + " in the keyring");
}

}  // namespace persona::vault
