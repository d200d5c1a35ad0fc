#include "tests/support/wasm_survival.hpp"

#include <gtest/gtest.h>

#include "tests/support/wasm_samples.hpp"
#include "tests/support/wasm_shortage.hpp"
#include "tests/support/wasm_slices.hpp"

// What the fuzzers do with any module, done with one for each instruction.
namespace nacre::test {
namespace {

TEST(WasmSurvival, OfEveryInstruction) {
  for (auto const& sample : sample_modules()) EXPECT_TRUE(survive(sample).has_value());
}

TEST(WasmSlices, OfEveryInstructionAreAsGoodAsOneGo) {
  for (auto const& sample : sample_modules()) compare_slices(sample, 3, sample.size() % 2 == 0);
}

TEST(WasmShortage, IsSurvivedByEveryInstruction) {
  for (auto const& sample : sample_modules()) survive_shortage(sample, sample.size());
}

}  // namespace
}  // namespace nacre::test
