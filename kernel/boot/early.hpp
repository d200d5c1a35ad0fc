#pragma once

#include "kernel/boot/protocol/boot_info.hpp"

namespace nacre::boot {

/// Where the kernel goes on once it has its own memory, stacks and descriptor tables: the shell's
/// kernel (main.cpp), or a boot test. On a stack with a guard page; interrupts are off.
[[noreturn]] void kernel_main(const BootInfo& info);

/// The processor's time stamp when the kernel's first C++ ran.
u64 entry_timestamp();

}  // namespace nacre::boot
