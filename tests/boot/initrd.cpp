#include "kernel/memory/mmio.hpp"
#include "tests/support/boot_test.hpp"

// Run without an initrd, with one, and with one larger than what firmware ever reserves; the
// command line says `initrd=BYTES`.
namespace nacre {
namespace {

using base::u64;
using base::u8;

BOOT_TEST("the initrd is the only module, and all of it can be read") {
  auto const& info = test::boot_info();
  u64 expected = 0;
  for (char const c : info.command_line.substr(info.command_line.find('=') + 1))
    expected = expected * 10 + static_cast<u64>(c - '0');
  EXPECT_EQ(info.module_count, expected == 0 ? base::usize{0} : base::usize{1});
  if (expected == 0 || info.module_count == 0) return;
  EXPECT_EQ(info.modules[0].size, expected);
  auto const* const bytes =
      reinterpret_cast<const u8*>(memory::direct_map(info.modules[0].start).value);
  u64 sum = 0;
  for (u64 i = 0; i < expected; i += 512) sum += bytes[i];
  sum += bytes[expected - 1];
  // Every 512th byte is 1, and so is the last.
  EXPECT_EQ(sum, (expected + 511) / 512 + 1);
}

}  // namespace
}  // namespace nacre
