#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/hw/memory_map.hpp"
#include "lib/base/function_ref.hpp"

namespace nacre::boot {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A file that the loader put into memory.
struct BootModule {
  hw::PhysAddr start;
  u64 size = 0;
};

/// One colour channel of a pixel: `size` bits from bit `position` on.
struct ColourChannel {
  u8 position = 0;
  u8 size = 0;
};

/// A linear framebuffer that the loader set up.
struct BootFramebuffer {
  hw::PhysAddr start;
  u32 pitch = 0;  // bytes from one row to the next
  u32 width = 0;
  u32 height = 0;
  u8 bits_per_pixel = 0;
  ColourChannel red, green, blue;
};

enum class BootProtocol : u8 { Pvh, Multiboot2 };

/// All that a loader tells, whichever it was. Texts and modules lie in memory that the map
/// reserves.
struct BootInfo {
  BootProtocol protocol = BootProtocol::Pvh;
  hw::MemoryMap memory;
  std::string_view command_line;
  std::array<BootModule, 8> modules{};
  usize module_count = 0;
  usize modules_dropped = 0;
  std::optional<BootFramebuffer> framebuffer;
  /// Where ACPI's root pointer is, if the loader said so.
  std::optional<hw::PhysAddr> acpi_root;

  /// Drops, and counts, a module that cannot be where it says.
  void add_module(BootModule module) {
    bool const in_memory =
        module.start < hw::MemoryMap::limit && module.size <= hw::MemoryMap::limit - module.start;
    if (module.size == 0 || !in_memory || module_count == modules.size()) {
      ++modules_dropped;
      return;
    }
    modules[module_count++] = module;
  }
};

enum class BootInfoError : u8 { UnknownProtocol, BadMagic, Truncated, NoMemoryMap };

/// Gives `size` bytes of physical memory, or an empty span where there is none.
using PhysicalReader = base::FunctionRef<std::span<const u8>(hw::PhysAddr start, u64 size)>;

/// Reads what a loader left at `info`. `magic` tells the protocol. The memory map is not
/// normalised. Errors: as named. Context: boot.
std::expected<BootInfo, BootInfoError> read_boot_info(u32 magic, hw::PhysAddr info,
                                                      PhysicalReader read);

/// [pvh: "Start info structure"]
inline constexpr u32 pvh_magic = 0x336ec578;
std::expected<BootInfo, BootInfoError> read_pvh(hw::PhysAddr info, PhysicalReader read);

/// [multiboot2: "Boot information format"]
inline constexpr u32 multiboot2_magic = 0x36d76289;
std::expected<BootInfo, BootInfoError> read_multiboot2(hw::PhysAddr info, PhysicalReader read);

}  // namespace nacre::boot
