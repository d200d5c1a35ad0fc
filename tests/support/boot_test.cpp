#include "tests/support/boot_test.hpp"

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/boot/early.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/boot/panic.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/port.hpp"

namespace nacre::test {
namespace {

struct Registered {
  const char* name;
  void (*run)();
};
constinit std::array<Registered, 64> tests{};
constinit usize test_count = 0;
constinit usize failures = 0;
constinit const boot::BootInfo* info = nullptr;

/// QEMU's isa-debug-exit: its exit status is twice the value, plus one.
constexpr base::u16 debug_exit_port = 0xf4;
constexpr base::u8 passed = 0x10;
constexpr base::u8 failed = 0x11;

[[noreturn]] void end_machine(base::u8 verdict) {
  hw::port_write_u8(debug_exit_port, verdict);
  hw::halt_forever();
}

}  // namespace

BootTest::BootTest(const char* name, void (*run)()) { tests[test_count++] = {name, run}; }

const boot::BootInfo& boot_info() { return *info; }

void report(std::string_view text) {
  boot::early_print(text);
  boot::early_print("\n");
}

void panic_is_expected() {
  boot::set_panic_end([] { end_machine(passed); });
}

void fail(std::string_view what, std::string_view file, int line) {
  ++failures;
  note("  {}:{}: {}", file, line, what);
}

Fault fault_of(void (*function)()) {
  arch::CaughtFault caught;
  struct Call {
    void (*function)();
  } call{function};
  bool const raised = arch::catch_fault(
      [](void* context) { static_cast<Call*>(context)->function(); }, &call, caught);
  if (!raised) return {};
  return {true, caught.frame.exception(), caught.address};
}

}  // namespace nacre::test

namespace nacre::boot {

void kernel_main(const BootInfo& boot_info) {
  using namespace test;
  info = &boot_info;
  set_panic_end([] { end_machine(failed); });
  usize failed_tests = 0;
  for (auto const& test : std::span(tests).first(test_count)) {
    usize const before = failures;
    note("test {}", std::string_view(test.name));
    test.run();
    bool const is_good = failures == before;
    if (!is_good) ++failed_tests;
    note("  {}", is_good ? std::string_view("ok") : std::string_view("FAILED"));
  }
  if (test_count == 0) report("no test is registered");
  note("{} passed, {} failed", test_count - failed_tests, failed_tests);
  end_machine(test_count > 0 && failures == 0 ? passed : failed);
}

}  // namespace nacre::boot
