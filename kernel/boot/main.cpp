#include "kernel/boot/early.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/hw/panic.hpp"
#include "kernel/memory/kernel_memory.hpp"

namespace nacre::boot {

void kernel_main(const BootInfo& info) {
  base::FixedText<100> const text("nacre: {} MiB usable\n", info.memory.usable_bytes() >> 20);
  early_print(text);
  hw::panic("nothing to do yet");
}

}  // namespace nacre::boot
