#pragma once

#include "kernel/hw/address.hpp"

/// Where things are in the kernel's half of every address space.
namespace nacre::memory {

/// All physical memory, at one offset.
inline constexpr hw::VirtAddr direct_map_start{0xffff'8000'0000'0000};
/// Stacks, device registers, linear memories.
inline constexpr hw::VirtAddr ranges_start{0xffff'c000'0000'0000};
inline constexpr hw::VirtAddr ranges_end{0xffff'e000'0000'0000};
/// The kernel's image: the top 2 GiB, as `-mcmodel=kernel` asks.
inline constexpr hw::VirtAddr image_start{0xffff'ffff'8000'0000};

}  // namespace nacre::memory
