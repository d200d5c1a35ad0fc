#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/image.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/layout.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u64;
using base::usize;
using hw::PageEntry;
using memory::kernel_memory;
using Mapping = memory::AddressSpace::Mapping;

bool is_writable(const Mapping& mapping) { return mapping.entry.get<PageEntry::Writable>(); }
bool is_executable(const Mapping& mapping) { return !mapping.entry.get<PageEntry::NoExecute>(); }

/// Whether this CPU has no-execute pages at all; without them every page is executable.
bool has_no_execute() {
  if (arch::active_protections().no_execute) return true;
  test::report("  skipped: NX");
  return false;
}

BOOT_TEST("nothing is both writable and executable") {
  if (!has_no_execute()) return;
  u64 mappings = 0;
  u64 executable_bytes = 0;
  kernel_memory().space().for_each_mapping([&](const Mapping& mapping) {
    ++mappings;
    if (!is_executable(mapping)) return;
    executable_bytes += mapping.bytes;
    if (is_writable(mapping)) test::note("  {} is both", mapping.start);
    EXPECT_TRUE(!is_writable(mapping));
  });
  test::note("  {} mappings", mappings);
  EXPECT_TRUE(mappings > 10);
  auto const text = arch::image::text();
  EXPECT_EQ(executable_bytes, text.end - text.start);
}

BOOT_TEST("what is executable or read-only in one place is not writable in another") {
  for (auto const& part : {arch::image::text(), arch::image::read_only(), arch::image::symbols()}) {
    u64 const start = part.start.value - arch::image::offset;
    u64 const end = part.end.value - arch::image::offset;
    u64 seen = 0;
    kernel_memory().space().for_each_mapping([&](const Mapping& mapping) {
      u64 const phys = mapping.entry.address().value;
      if (phys >= end || phys + mapping.bytes <= start) return;
      ++seen;
      EXPECT_TRUE(!is_writable(mapping));
    });
    // In its own place and in the direct map.
    EXPECT_EQ(seen, 2 * (end - start) / hw::page_size);
  }
}

BOOT_TEST("nothing is mapped in the lower half, the null page neither, and nothing for user mode") {
  kernel_memory().space().for_each_mapping([&](const Mapping& mapping) {
    EXPECT_TRUE(mapping.start >= memory::direct_map_start);
    EXPECT_TRUE(!mapping.entry.get<PageEntry::User>());
  });
  EXPECT_EQ(test::fault_address_of([] { test::touch({0}); }), hw::VirtAddr{0});
}

/// The stack that `inside` lies in has guard pages, and they are not mapped.
void expect_guards(hw::VirtAddr inside, std::string_view name) {
  auto const* const range = kernel_memory().ranges().find(inside);
  ASSERT_TRUE(range != nullptr);
  EXPECT_TRUE(range->name.view() == name);
  auto& space = kernel_memory().space();
  EXPECT_TRUE(range->guard >= hw::page_size);
  for (u64 at = 0; at < range->guard; at += hw::page_size) {
    EXPECT_TRUE(!space.translate(range->outer + at));
    EXPECT_TRUE(!space.translate(range->start() + range->size + at));
  }
  for (u64 at = 0; at < range->size; at += hw::page_size)
    EXPECT_TRUE(space.translate(range->start() + at).has_value());
}

BOOT_TEST("every stack has guard pages") {
  expect_guards({arch::frame_pointer()}, "stack main");
  auto const& stacks = arch::this_cpu().task_state.interrupt_stacks;
  expect_guards({stacks[0] - 8}, "stack double fault");
  expect_guards({stacks[1] - 8}, "stack NMI");
  expect_guards({stacks[2] - 8}, "stack machine check");
}

BOOT_TEST("the boot loader's modules and texts are not free memory") {
  auto const& info = test::boot_info();
  for (auto const& module : std::span(info.modules).first(info.module_count)) {
    for (auto const& range : info.memory.ranges()) {
      if (range.kind != hw::MemoryKind::Usable) continue;
      EXPECT_TRUE(range.end() <= module.start || range.start >= module.start + module.size);
    }
  }
}

}  // namespace
}  // namespace nacre
