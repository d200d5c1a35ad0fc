#pragma once

#include <compare>

#include "lib/base/format.hpp"
#include "lib/base/types.hpp"

namespace nacre::hw {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A physical address, as the bus sees it.
struct PhysAddr {
  u64 value = 0;
  friend constexpr auto operator<=>(PhysAddr, PhysAddr) = default;
  friend constexpr PhysAddr operator+(PhysAddr at, u64 bytes) { return {at.value + bytes}; }
  friend constexpr u64 operator-(PhysAddr a, PhysAddr b) { return a.value - b.value; }
};
inline void format_value(base::Sink& sink, const PhysAddr& at) {
  base::format_to(sink, "{:#x}", at.value);
}

/// A virtual (linear) address.
struct VirtAddr {
  u64 value = 0;
  friend constexpr auto operator<=>(VirtAddr, VirtAddr) = default;
  friend constexpr VirtAddr operator+(VirtAddr at, u64 bytes) { return {at.value + bytes}; }
  friend constexpr u64 operator-(VirtAddr a, VirtAddr b) { return a.value - b.value; }
};
inline void format_value(base::Sink& sink, const VirtAddr& at) {
  base::format_to(sink, "{:#x}", at.value);
}

/// Physical addresses have at most 52 bits. [intel/vol3: "4-Level Paging and 5-Level Paging"]
inline constexpr PhysAddr physical_end{u64{1} << 52};

inline constexpr u64 page_size = 4096;
inline constexpr u64 large_page_size = u64{2} << 20;

/// A number of 4 KiB pages.
struct PageCount {
  u64 value = 0;
  friend constexpr auto operator<=>(PageCount, PageCount) = default;
  constexpr u64 bytes() const { return value * page_size; }
  static constexpr PageCount covering(u64 bytes) { return {(bytes + page_size - 1) / page_size}; }
};

}  // namespace nacre::hw
