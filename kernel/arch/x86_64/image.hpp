#pragma once

#include <span>
#include <string_view>

#include "kernel/hw/address.hpp"

/// Where the kernel's own image lies, as the linker script says.
namespace nacre::arch::image {

/// A part of the image with one protection.
struct Section {
  hw::VirtAddr start;
  hw::VirtAddr end;
};
Section text();
Section read_only();
Section data();
Section symbols();

/// All of it in physical memory, with what only booting needs.
hw::PhysAddr physical_start();
hw::PhysAddr physical_end();
/// The distance between an address in the image and the physical memory behind it.
inline constexpr hw::u64 offset = 0xffff'ffff'8000'0000;

bool in_text(hw::VirtAddr address);

/// The kernel's function at `address`, and how far into it. Empty name when the image has no
/// symbols or the address is none of its functions.
struct Symbol {
  std::string_view name;
  hw::u64 distance = 0;
};
Symbol find_symbol(hw::VirtAddr address);

/// Runs the constructors of global objects. Once, before anything else uses them.
void run_constructors();

}  // namespace nacre::arch::image
