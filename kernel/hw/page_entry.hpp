#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

namespace nacre::hw {

/// An entry of a page table at any level. [intel/vol3: "4-Level Paging and 5-Level Paging"]
struct PageEntry : Register<PageEntry, u64> {
  using Present = Field<0, 0, bool>;
  using Writable = Field<1, 1, bool>;
  using User = Field<2, 2, bool>;
  using WriteThrough = Field<3, 3, bool>;  // the low bit of the entry in the page attribute table
  using CacheDisable = Field<4, 4, bool>;  // the middle bit
  using Accessed = Field<5, 5, bool>;
  using Dirty = Field<6, 6, bool>;
  using Large = Field<7, 7, bool>;  // in levels 2 and 3: this entry maps memory, not a table
  using Global = Field<8, 8, bool>;
  using Frame = Field<51, 12, u64>;
  using NoExecute = Field<63, 63, bool>;

  constexpr PhysAddr address() const { return {get<Frame>() << 12}; }
  constexpr PageEntry with_address(PhysAddr at) const { return with<Frame>(at.value >> 12); }
};
static_assert(PageEntry{}.with<PageEntry::Present>(true).with<PageEntry::NoExecute>(true).bits ==
              0x8000'0000'0000'0001);
static_assert(PageEntry::from(0x0000'0012'3456'7083).address() == PhysAddr{0x12'3456'7000});

/// Entries in a table.
inline constexpr usize table_entries = 512;

/// Bytes that one entry covers; level 1 is the table of 4 KiB pages, level 4 the root.
constexpr u64 bytes_per_entry(unsigned level) { return page_size << (9 * (level - 1)); }
static_assert(bytes_per_entry(2) == large_page_size);

/// Which entry of the table at `level` covers `at`.
constexpr usize table_index(VirtAddr at, unsigned level) {
  return at.value >> (12 + 9 * (level - 1)) & 511;
}

/// Whether the address has one meaning: its top 17 bits are equal.
constexpr bool is_canonical(VirtAddr at) {
  return at.value < 0x0000'8000'0000'0000 || at.value >= 0xffff'8000'0000'0000;
}

/// Memory types by number in the page attribute table. [intel/vol3: "Page Attribute Table"]
enum class MemoryType : u8 { Uncacheable = 0, WriteCombining = 1, WriteThrough = 4, WriteBack = 6 };

/// The page attribute table that the kernel sets: as after reset, but entry 1 is write-combining.
inline constexpr u32 page_attribute_register = 0x277;
inline constexpr u64 page_attributes = 0x0007'0406'0007'0106;

}  // namespace nacre::hw
