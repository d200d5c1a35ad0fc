// The official WebAssembly test suite in the kernel: the same scripts and the same runner as on the
// host, with the kernel's memory beneath. The ramdisk has the scripts, and the score that they have
// on the host.
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"
#include "kernel/process/kernel_platform.hpp"
#include "lib/archive/tar.hpp"
#include "lib/base/try.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm_script/runner.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre::test {
namespace {

using base::u32;
using wasm_script::Differences;
using wasm_script::Ledger;
using wasm_script::Score;

/// Writes to the report line by line.
struct ReportSink final : base::Sink {
  void write(std::string_view text) override {
    for (char const c : text) {
      if (c == '\n') {
        report({line_.data(), size_});
        size_ = 0;
      } else if (size_ < line_.size()) {
        line_[size_++] = c;
      }
    }
  }

 private:
  std::array<char, 200> line_{};
  usize size_ = 0;
};

std::span<const base::u8> ramdisk() {
  auto const& info = boot_info();
  if (info.module_count == 0) return {};
  return memory::direct_map_bytes(info.modules[0].start, info.modules[0].size);
}

std::string_view text_of(std::span<const base::u8> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The suite as the ramdisk has it.
class Suite {
 public:
  Suite()
      : archive_(ramdisk(), [](const archive::Problem& problem) {
          fail(base::FixedText<200>("{}", problem), __FILE__, __LINE__);
        }) {}

  /// False where the ramdisk does not begin with the ledger and the differences.
  bool open() {
    auto const ledger = archive_.next();
    auto const differences = archive_.next();
    if (!ledger || ledger->name != "ledger" || !differences || differences->name != "differences")
      return false;
    auto parsed_ledger = Ledger::parse(text_of(ledger->data));
    auto parsed_differences = Differences::parse(text_of(differences->data));
    if (!parsed_ledger || !parsed_differences) return false;
    ledger_ = std::move(*parsed_ledger);
    differences_ = std::move(*parsed_differences);
    return true;
  }

  /// Runs the next script and compares its score with the host's; false at the end.
  std::expected<bool, wasm_script::ScriptError> run_next() {
    auto const member = archive_.next();
    if (!member) return false;
    TRY(auto const script, member->name.to_string());
    TRY(auto const group, archive::MemberName(script).split_last().directory.to_string());
    if (group.view() != group_.view()) {
      end_group();
      TRY(group_.assign(group));
    }
    TRY(auto const differences, differences_.of(script));
    TRY(auto const score, wasm_script::run_script(platform_, interpreter_, member->data,
                                                  {differences.data(), differences.size()},
                                                  [&](u32 line, std::string_view why) {
                                                    note("FAILED {} line {}: {}", script.view(),
                                                         line, why);
                                                  }));
    TRY(sum_.add(score));
    compare(script, score);
    return true;
  }
  /// Reports a group's score.
  void end_group() {
    ReportSink sink;
    if (!group_.empty()) write_score(sink, group_, sum_);
    passed_ += sum_.passed;
    sum_ = {};
  }
  u32 passed() const { return passed_; }

 private:
  void compare(std::string_view script, const Score& score) {
    auto const* const expected = ledger_.find(script);
    if (expected == nullptr)
      return fail(base::FixedText<100>("not in the ledger: {}", script), __FILE__, __LINE__);
    if (score.failed == 0 && score.passed == expected->passed && score.skipped == expected->skipped)
      return;
    fail(base::FixedText<200>("{}: {} passed, {} failed, {} skipped; the ledger has {}, 0, {}",
                              script, score.passed, score.failed, score.skipped, expected->passed,
                              expected->skipped),
         __FILE__, __LINE__);
  }

  archive::TarReader archive_;
  Ledger ledger_;
  Differences differences_;
  process::KernelPlatform platform_;
  wasm::Interpreter interpreter_;
  base::String group_;
  Score sum_;
  u32 passed_ = 0;
};

BOOT_TEST("the official test suite has the same score as on the host, and leaves nothing behind") {
  auto& memory = memory::kernel_memory();
  auto const before = memory.heap().statistics();
  u64 const free_before = memory.frames().free_bytes();
  {
    Suite suite;
    ASSERT_TRUE(suite.open());
    for (;;) {
      auto const more = suite.run_next();
      if (!more) fail(base::FixedText<100>("{}", more.error()), __FILE__, __LINE__);
      if (!more || !*more) break;
    }
    suite.end_group();
    EXPECT_TRUE(suite.passed() > 20'000);
  }
  auto const& after = memory.heap().statistics();
  EXPECT_EQ(after.allocations, before.allocations);
  EXPECT_EQ(after.used_bytes, before.used_bytes);
  // What the heap keeps for later is no loss.
  EXPECT_EQ(memory.frames().free_bytes() + after.held_bytes, free_before + before.held_bytes);
}

}  // namespace
}  // namespace nacre::test
