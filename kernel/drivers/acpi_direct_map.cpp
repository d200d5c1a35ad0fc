#include "kernel/drivers/acpi.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"

namespace nacre::drivers {

std::span<const base::u8> read_direct_map(hw::PhysAddr start, base::u64 size) {
  constexpr base::u64 highest = base::u64{1} << 46;
  if (start.value >= highest || size > highest - start.value) return {};
  auto const& space = memory::kernel_memory().space();
  for (base::u64 page = base::align_down(start.value, hw::page_size); page < start.value + size;
       page += hw::page_size)
    if (!space.translate(memory::direct_map({page}))) return {};
  return memory::direct_map_bytes(start, size);
}

}  // namespace nacre::drivers
