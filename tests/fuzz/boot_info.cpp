// Any bytes are boot information: reading stays within them, and what it says of memory holds
// together.
#include "kernel/boot/protocol/boot_info.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "lib/base/assert.hpp"

namespace {

using nacre::base::u32;
using nacre::base::u64;
using nacre::base::u8;
namespace boot = nacre::boot;
namespace hw = nacre::hw;

void check(const boot::BootInfo& info, std::span<const u8> memory) {
  auto const text = info.command_line;
  NACRE_ASSERT(text.empty() || (static_cast<const void*>(text.data()) >= memory.data() &&
                                static_cast<const void*>(text.data() + text.size()) <=
                                    memory.data() + memory.size()));
  NACRE_ASSERT(info.module_count <= info.modules.size());
  for (auto const& module : std::span(info.modules).first(info.module_count))
    NACRE_ASSERT(module.size > 0 && module.size <= hw::MemoryMap::limit - module.start);

  hw::MemoryMap map = info.memory;
  map.normalise();
  if (info.module_count > 0) map.take(info.modules[0].start, info.modules[0].size);
  u64 usable = 0;
  hw::PhysAddr last{};
  for (auto const& range : map.ranges()) {
    NACRE_ASSERT(range.size > 0 && range.start >= last && range.end() <= hw::MemoryMap::limit);
    last = range.end();
    if (range.kind == hw::MemoryKind::Usable) usable += range.size;
  }
  NACRE_ASSERT(usable == map.usable_bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const u8> const memory(data, size);
  auto const read = [&](hw::PhysAddr start, u64 bytes) -> std::span<const u8> {
    if (start.value > size || bytes > size - start.value) return {};
    return memory.subspan(start.value, bytes);
  };
  for (u32 const magic : {boot::pvh_magic, boot::multiboot2_magic}) {
    if (auto const info = boot::read_boot_info(magic, {0}, read)) check(*info, memory);
  }
  return 0;
}
