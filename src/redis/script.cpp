#include "redis/script.hpp"

#include <openssl/sha.h>

#include "base/bytes.hpp"

namespace persona::redis {

Script::Script(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text_.data()), text_.size(), digest);
    sha_ = to_hex(digest);
}

}  // namespace persona::redis
