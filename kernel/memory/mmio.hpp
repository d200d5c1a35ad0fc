#pragma once

#include <expected>
#include <span>

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

/// Mapped device memory as bytes, for a framebuffer; registers are read and written by
/// `hw::mmio_*`.
inline std::span<base::u8> device_bytes(hw::VirtAddr at, hw::u64 size) {
  return {reinterpret_cast<base::u8*>(at.value), size};
}

/// Where the direct map shows physical memory that is RAM or holds firmware tables.
hw::VirtAddr direct_map(hw::PhysAddr phys);
/// `size` bytes of such memory, for what a loader put there.
inline std::span<const base::u8> direct_map_bytes(hw::PhysAddr phys, hw::u64 size) {
  return {reinterpret_cast<const base::u8*>(direct_map(phys).value), size};
}

}  // namespace nacre::memory
