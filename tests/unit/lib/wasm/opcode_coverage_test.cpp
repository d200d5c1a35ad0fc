#include <gtest/gtest.h>

#include "tests/support/opcode_use.hpp"

// Every instruction of the table was in a function that some test ran, and every one that can trap
// did. Looked at when all tests have run; with a filter there is nothing to see.
namespace nacre::wasm {
namespace {

class OpcodeCoverage final : public testing::Environment {
 public:
  void TearDown() override {
    if (GTEST_FLAG_GET(filter) != "*" || testing::UnitTest::GetInstance()->Failed()) return;
    auto const& use = test::opcode_use();
    for (OpcodeInfo const& info : opcode_table) {
      EXPECT_TRUE(use.executed.contains(info.opcode)) << "no test runs " << info.name;
      if (info.may_trap == MayTrap::Traps) {
        EXPECT_TRUE(use.trapped.contains(info.opcode)) << "in no test traps " << info.name;
      }
    }
  }
};

testing::Environment* const coverage = testing::AddGlobalTestEnvironment(new OpcodeCoverage);

}  // namespace
}  // namespace nacre::wasm
