#include "tests/support/boot_test.hpp"

// Proof that the harness can fail: the runner expects this image to report a failure.
BOOT_TEST("one and one are three") { EXPECT_EQ(1 + 1, 3); }
