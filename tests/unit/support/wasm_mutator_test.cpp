#include "tests/support/wasm_mutator.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_pieces.hpp"
#include "tests/support/wasm_samples.hpp"

namespace nacre::test {
namespace {

using base::u64;
using base::usize;

const std::vector<Bytes>& samples() {
  static auto const made = sample_modules();
  return made;
}

TEST(WasmSamples, AreValid) {
  for (auto const& sample : samples()) {
    auto const loaded = wasm::load(sample);
    EXPECT_TRUE(loaded.has_value()) << testing::PrintToString(sample);
  }
}

TEST(WasmSamples, HaveEveryInstruction) {
  std::set<wasm::Opcode> seen;
  for (auto const& sample : samples()) {
    auto const pieces = ModulePieces::cut(sample);
    for (auto const& entry : pieces->find(SectionId::Code)->entries)
      for (auto const& instruction : BodyPiece::cut(entry)->code)
        seen.insert(instruction.info->opcode);
  }
  for (auto const& info : wasm::opcode_table) EXPECT_TRUE(seen.contains(info.opcode)) << info.name;
}

TEST(WasmPieces, MakeTheSameModuleAgain) {
  for (auto const& sample : samples()) {
    auto pieces = ModulePieces::cut(sample);
    ASSERT_TRUE(pieces.has_value());
    for (auto& entry : pieces->entries(SectionId::Code)) {
      auto const body = BodyPiece::cut(entry);
      ASSERT_TRUE(body.has_value());
      EXPECT_TRUE(body->rest.empty());
      entry = body->bytes();
    }
    EXPECT_EQ(pieces->bytes(), sample);
  }
}

TEST(WasmPieces, WriteNumbersInMoreBytesThanTheyNeed) {
  auto constant =
      piece_of(wasm::Opcode::I32Const, {{ImmediatePiece::Kind::I32, static_cast<u64>(-2), {}, 2}});
  EXPECT_EQ(constant.bytes(), (Bytes{0x41, 0xfe, 0xff, 0x7f}));
  constant.immediates[0].value = 5;
  EXPECT_EQ(constant.bytes(), (Bytes{0x41, 0x85, 0x80, 0x00}));
}

TEST(WasmPieces, AreNotCutFromWhatIsNoModule) {
  EXPECT_FALSE(ModulePieces::cut(Bytes{}).has_value());
  EXPECT_FALSE(ModulePieces::cut(Bytes{0, 'a', 's', 'm', 2, 0, 0, 0}).has_value());
  EXPECT_FALSE(ModulePieces::cut(Bytes{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 0}).has_value());
}

TEST(WasmPieces, KeepASectionThatIsNotWhatItsIdSays) {
  Bytes const module{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 2, 9, 9};
  auto const pieces = ModulePieces::cut(module);
  ASSERT_TRUE(pieces.has_value());
  EXPECT_FALSE(pieces->sections[0].is_vector);
  EXPECT_EQ(pieces->bytes(), module);
}

TEST(WasmMutator, ChangesTheSameWayForTheSameSeed) {
  std::set<Bytes> different;
  for (u64 seed = 0; seed < 50; ++seed) {
    auto const once = mutate_module(samples()[3], seed);
    ASSERT_TRUE(once.has_value());
    EXPECT_EQ(once, mutate_module(samples()[3], seed));
    different.insert(*once);
  }
  EXPECT_GT(different.size(), 40u);
}

TEST(WasmMutator, LeavesWhatCanBeCutAgain) {
  for (u64 seed = 0; seed < 500; ++seed) {
    auto const mutant = mutate_module(samples()[seed % samples().size()], seed);
    ASSERT_TRUE(mutant.has_value());
    EXPECT_TRUE(ModulePieces::cut(*mutant).has_value());
  }
}

TEST(WasmMutator, TakesModulesThatLackSections) {
  auto const whole = *ModulePieces::cut(samples()[0]);
  for (usize missing = 0; missing < whole.sections.size(); ++missing) {
    ModulePieces pieces = whole;
    pieces.sections.erase(pieces.sections.begin() + static_cast<std::ptrdiff_t>(missing));
    auto const module = pieces.bytes();
    for (u64 seed = 0; seed < 50; ++seed) {
      auto const mutant = mutate_module(module, seed);
      ASSERT_TRUE(mutant.has_value());
      EXPECT_TRUE(ModulePieces::cut(*mutant).has_value());
    }
  }
}

TEST(WasmMutator, LeavesManyModulesValid) {
  constexpr u64 tries = 800;
  usize decoded = 0;
  usize valid = 0;
  for (u64 seed = 0; seed < tries; ++seed) {
    auto const mutant = mutate_module(samples()[seed % samples().size()], seed);
    decoded += wasm::decode(*mutant).has_value() ? 1 : 0;
    valid += wasm::load(*mutant).has_value() ? 1 : 0;
  }
  EXPECT_GT(decoded, tries * 8 / 10);
  EXPECT_GT(valid, tries * 6 / 10);
  // Nor are all of them: what is refused has to be looked at, too.
  EXPECT_LT(valid, tries * 95 / 100);
}

TEST(WasmMutator, StaysValidForAWhile) {
  // As a fuzzer does that goes on with its finds.
  usize valid = 0;
  constexpr u64 chains = 100;
  for (u64 chain = 0; chain < chains; ++chain) {
    Bytes module = samples()[chain % samples().size()];
    for (u64 step = 0; step < 5; ++step) module = *mutate_module(module, chain * 5 + step);
    valid += wasm::load(module).has_value() ? 1 : 0;
  }
  EXPECT_GT(valid, chains / 5);
}

TEST(WasmMutator, CrossesModules) {
  usize valid = 0;
  usize grown = 0;
  constexpr u64 tries = 300;
  for (u64 seed = 0; seed < tries; ++seed) {
    auto const& first = samples()[seed % samples().size()];
    auto const& second = samples()[seed * 7 % samples().size()];
    auto const child = cross_modules(first, second, seed);
    ASSERT_TRUE(child.has_value());
    EXPECT_EQ(child, cross_modules(first, second, seed));
    EXPECT_TRUE(ModulePieces::cut(*child).has_value());
    valid += wasm::load(*child).has_value() ? 1 : 0;
    grown += child->size() > first.size() ? 1 : 0;
  }
  EXPECT_GT(valid, tries / 3);
  EXPECT_GT(grown, tries / 2);
}

}  // namespace
}  // namespace nacre::test
