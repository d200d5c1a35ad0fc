#include "kernel/memory/kernel_memory.hpp"
#include "tests/support/boot_test.hpp"

// Run with machines of several sizes (variants.cmake), and told the size in MiB by `memory=N` on
// the command line.
namespace nacre {
namespace {

using base::u64;
using base::usize;

u64 given_mebibytes() {
  std::string_view const line = test::boot_info().command_line;
  std::string_view const key = "memory=";
  usize const at = line.find(key);
  u64 value = 0;
  for (usize i = at == line.npos ? line.size() : at + key.size(); i < line.size(); ++i) {
    if (line[i] < '0' || line[i] > '9') break;
    value = value * 10 + static_cast<u64>(line[i] - '0');
  }
  return value;
}

BOOT_TEST("nearly all of the memory is there") {
  u64 const given = given_mebibytes() << 20;
  auto& frames = memory::kernel_memory().frames();
  test::note("  {} KiB given, {} KiB usable, {} KiB managed, {} KiB free", given >> 10,
             test::boot_info().memory.usable_bytes() >> 10, frames.total_bytes() >> 10,
             frames.free_bytes() >> 10);
  ASSERT_TRUE(given != 0);
  EXPECT_TRUE(frames.total_bytes() <= given);
  // Firmware and the kernel's image take some, and describing the rest a 4,096th.
  u64 const overhead = (u64{4} << 20) + given / 1024;
  EXPECT_TRUE(frames.total_bytes() + overhead >= given);
  EXPECT_TRUE(frames.free_bytes() + overhead >= given);
}

BOOT_TEST("every usable frame at the edge of a range can be written and read") {
  for (auto const& range : test::boot_info().memory.ranges()) {
    if (range.kind != hw::MemoryKind::Usable || range.size < hw::page_size) continue;
    u64 const last = base::align_down(range.end().value, hw::page_size) - hw::page_size;
    auto const found = memory::kernel_memory().space().translate(memory::direct_map({last}));
    EXPECT_TRUE(found.has_value() && found->value == last);
  }
}

/// The bytes from one touched page of a block to the next. Of the largest blocks on large machines
/// only the first page is touched, so that the host need not have as much memory.
u64 stride(memory::Order order) {
  bool const sparse = order == memory::largest_order && given_mebibytes() > 256;
  return sparse ? order.bytes() : hw::page_size;
}

// Every block holds what was written to it while all others are taken too: none is there twice.
BOOT_TEST("all of the memory can be taken, written and given back") {
  auto& frames = memory::kernel_memory().frames();
  u64 const before = frames.free_bytes();
  hw::PhysAddr chain{0};
  hw::PhysAddr highest{0};
  u64 taken = 0;
  for (memory::Order order = memory::largest_order;;) {
    auto const block = frames.allocate(order);
    if (!block) {
      if (order == memory::single_frame) break;
      --order.value;
      continue;
    }
    taken += order.bytes();
    highest = std::max(highest, *block);
    for (u64 at = 0; at < order.bytes(); at += stride(order)) {
      u64* const words = frames.window().at<u64>(*block + at);
      words[0] = block->value + at;
      words[1] = order.value;
      words[2] = chain.value;
    }
    chain = *block;
  }
  EXPECT_EQ(taken, before);
  EXPECT_EQ(frames.free_bytes(), u64{0});
  test::note("  the last block is at {}", highest);
  u64* const last_word = frames.window().at<u64>(highest + (hw::page_size - sizeof(u64)));
  *last_word = 0x1234'5678'9abc'def0;
  EXPECT_EQ(*const_cast<volatile u64*>(last_word), u64{0x1234'5678'9abc'def0});
  u64 wrong = 0;
  while (chain.value != 0) {
    hw::PhysAddr const block = chain;
    const u64* const head = frames.window().at<u64>(block);
    memory::Order const order{static_cast<base::u8>(head[1])};
    hw::PhysAddr const next{head[2]};
    for (u64 at = 0; at < order.bytes(); at += stride(order))
      if (*frames.window().at<u64>(block + at) != block.value + at) ++wrong;
    frames.free(block, order);
    chain = next;
  }
  EXPECT_EQ(wrong, u64{0});
  EXPECT_EQ(frames.free_bytes(), before);
}

}  // namespace
}  // namespace nacre
