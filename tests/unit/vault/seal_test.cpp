#include "vault/seal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "vault/keyring.hpp"

namespace persona::vault {

TEST(Seal, OpensOnlyInItsPlaceWithItsKey) {
    const Key key = Key::random(), other = Key::random();
    const Place here("user_states.state_data", std::int64_t{17}), there("user_states.state_data", std::int64_t{18});
    const Bytes sealed = seal(key, here, "secret");
    EXPECT_EQ(open(key, here, sealed), "secret");
    EXPECT_THROW(open(key, there, sealed), Corrupt);
    EXPECT_THROW(open(other, here, sealed), Corrupt);
}

TEST(Seal, RefusesEveryChangedByteAndEveryLength) {
    const Key key = Key::random();
    const Place place("t.c", std::int64_t{1});
    const Bytes sealed = seal(key, place, "x");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 1;
        EXPECT_THROW(open(key, place, changed), Corrupt) << i;
        EXPECT_THROW(open(key, place, ByteView(sealed).first(i)), Corrupt) << i;
    }
}

TEST(Seal, TheSameTextSealsDifferently) {
    const Key key = Key::random();
    const Place place("t.c", std::int64_t{1});
    EXPECT_NE(seal(key, place, "x"), seal(key, place, "x"));
}

class KeyringFile : public testing::Test {
protected:
    std::filesystem::path file = std::filesystem::temp_directory_path() / ("keyring-" + Uuid::v7().text());
    ~KeyringFile() override { std::filesystem::remove(file); }
};

TEST_F(KeyringFile, IsMadeOnceAndForItsOwnerOnly) {
    EXPECT_TRUE(Keyring::make_file(file));
    EXPECT_FALSE(Keyring::make_file(file));
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
    const Keyring ring = Keyring::from_file(file);
    const Key key = Key::random();
    EXPECT_EQ(to_hex(ring.unwrap(ring.wrap(key, 7), 7).bytes()), to_hex(key.bytes()));
    EXPECT_THROW(ring.unwrap(ring.wrap(key, 7), 8), Corrupt);
}

TEST_F(KeyringFile, D9_IsRefusedWithItsNameAndWithoutItsContent) {
    const auto refusal = [&]() -> std::string {
        try {
            Keyring::from_file(file);
            return "";
        } catch (const BadConfig& e) { return e.what(); }
    };
    EXPECT_NE(refusal().find("PERSONA_MASTER_KEY_FILE"), std::string::npos);
    std::ofstream(file) << "not-a-key\n";
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    EXPECT_NE(refusal().find("64 hexadecimal digits"), std::string::npos);
    EXPECT_EQ(refusal().find("not-a-key"), std::string::npos);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    EXPECT_NE(refusal().find("chmod 600"), std::string::npos);
}

TEST_F(KeyringFile, AnOldMasterKeyStillOpensAfterRotation) {
    const std::string old_line = to_hex(Key::random().bytes()), new_line = to_hex(Key::random().bytes());
    const Keyring before = Keyring::from_text(old_line, "test"), after = Keyring::from_text(new_line + "\n" + old_line, "test");
    const Key key = Key::random();
    EXPECT_EQ(to_hex(after.unwrap(before.wrap(key, 1), 1).bytes()), to_hex(key.bytes()));
    EXPECT_THROW(before.unwrap(after.wrap(key, 1), 1), Corrupt);
}

}  // namespace persona::vault
