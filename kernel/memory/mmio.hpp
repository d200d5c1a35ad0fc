#pragma once

#include <expected>

#include "kernel/hw/address.hpp"

namespace nacre::memory {

enum class MapError : base::u8 { OutOfMemory, AlreadyMapped, NotMapped, Misaligned, OutOfRange };

enum class Caching : base::u8 {
  WriteBack,       // ordinary memory
  Uncached,        // device registers
  WriteCombining,  // framebuffers
};

/// Maps `size` bytes of device memory at `phys`, which need not be aligned, for as long as the
/// kernel runs. Returns where the byte at `phys` is. Context: task or boot. Errors: OutOfMemory,
/// OutOfRange.
std::expected<hw::VirtAddr, MapError> map_device(hw::PhysAddr phys, hw::u64 size, Caching caching);

/// Where the direct map shows physical memory that is RAM or holds firmware tables.
hw::VirtAddr direct_map(hw::PhysAddr phys);

}  // namespace nacre::memory
