#pragma once

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/hw/trap_frame.hpp"
#include "lib/base/format.hpp"

/// A boot test is a kernel image of its own: a file of `BOOT_TEST`s, linked with the kernel and
/// this harness instead of the shell's main. It runs its tests in order, reports on the first
/// serial port, and ends the machine with the verdict.
///
///     BOOT_TEST("a breakpoint returns") {
///       arch::breakpoint();
///       EXPECT_EQ(breakpoints, 1);
///     }
namespace nacre::test {

using base::u64;
using base::usize;

class BootTest {
 public:
  BootTest(const char* name, void (*run)());
};

/// What the loader said.
const boot::BootInfo& boot_info();
/// Writes a line to the report.
void report(std::string_view text);
/// From here on a panic is what the test expects: it ends the machine as passed, after its report.
void panic_is_expected();
/// Counts a failure of the running test.
void fail(std::string_view what, std::string_view file, int line);

template <class... Arguments>
void note(base::FormatString<std::type_identity_t<Arguments>...> format,
          const Arguments&... arguments) {
  report(base::FixedText<200>(format, arguments...));
}

template <class Left, class Right>
void expect_equal(const Left& left, const Right& right, std::string_view text,
                  std::string_view file, int line) {
  if (left == right) return;
  fail(base::FixedText<300>("{}: {} and {}", text, left, right), file, line);
}

/// Reads the byte at `at`.
inline void touch(hw::VirtAddr at) {
  [[maybe_unused]] char const byte = *reinterpret_cast<const volatile char*>(at.value);
}

/// What exception `function` raises, if any; the rest of it does not run.
struct Fault {
  bool raised = false;
  hw::Exception exception{};
  hw::VirtAddr address;  // of a page fault
};
Fault fault_of(void (*function)());
/// The address of the page fault that `function` raises, or 1 when it raises none.
inline hw::VirtAddr fault_address_of(void (*function)()) {
  Fault const fault = fault_of(function);
  bool const page_fault = fault.raised && fault.exception == hw::Exception::PageFault;
  return page_fault ? fault.address : hw::VirtAddr{1};
}

}  // namespace nacre::test

#define NACRE_BOOT_TEST_NAME_(a, b) a##b
#define NACRE_BOOT_TEST_NAME(a, b) NACRE_BOOT_TEST_NAME_(a, b)
#define BOOT_TEST(name)                                                                   \
  static void NACRE_BOOT_TEST_NAME(boot_test_, __LINE__)();                               \
  static const ::nacre::test::BootTest NACRE_BOOT_TEST_NAME(boot_test_object_, __LINE__)( \
      name, NACRE_BOOT_TEST_NAME(boot_test_, __LINE__));                                  \
  static void NACRE_BOOT_TEST_NAME(boot_test_, __LINE__)()

#define EXPECT_TRUE(...) \
  ((__VA_ARGS__) ? void() : ::nacre::test::fail("not true: " #__VA_ARGS__, __FILE__, __LINE__))
#define EXPECT_EQ(left, right) \
  ::nacre::test::expect_equal((left), (right), #left " == " #right, __FILE__, __LINE__)
/// Ends the test when it does not hold.
#define ASSERT_TRUE(...)                                                  \
  do {                                                                    \
    if (!(__VA_ARGS__)) {                                                 \
      ::nacre::test::fail("not true: " #__VA_ARGS__, __FILE__, __LINE__); \
      return;                                                             \
    }                                                                     \
  } while (false)
