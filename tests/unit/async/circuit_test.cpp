#include "async/circuit.hpp"

#include <gtest/gtest.h>

namespace persona {

TEST(Circuit, OpensAfterFailuresInARowAndLetsOneCallTry) {
    Circuit circuit({.failures = 2, .first_rest = 10s, .most_rest = 30s});
    const Circuit::Point start = Circuit::Point{} + 1h;
    circuit.failed(start);
    circuit.succeeded();
    circuit.failed(start);
    EXPECT_TRUE(circuit.allows(start));
    circuit.failed(start);
    EXPECT_FALSE(circuit.allows(start + 9s));
    EXPECT_TRUE(circuit.allows(start + 10s));
    EXPECT_FALSE(circuit.allows(start + 10s)) << "one call tries, the others wait for it";
    circuit.failed(start + 10s);
    EXPECT_FALSE(circuit.allows(start + 29s)) << "the rest is doubled";
    EXPECT_TRUE(circuit.allows(start + 30s));
    circuit.succeeded();
    EXPECT_TRUE(circuit.allows(start + 30s));
    circuit.broke(start + 30s);
    EXPECT_FALSE(circuit.allows(start + 59s));
    EXPECT_TRUE(circuit.allows(start + 60s));
}

}  // namespace persona
