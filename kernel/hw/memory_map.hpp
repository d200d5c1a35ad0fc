#pragma once

#include <array>
#include <expected>
#include <span>

#include "kernel/hw/address.hpp"

namespace nacre::hw {

/// What firmware says a range of physical memory is. [acpi: "Address Range Types"]
enum class MemoryKind : u8 { Usable, AcpiReclaimable, AcpiNvs, Reserved, Bad };

/// `[start, start + size)` of physical memory.
struct MemoryRange {
  PhysAddr start;
  u64 size = 0;
  MemoryKind kind = MemoryKind::Reserved;
  constexpr PhysAddr end() const { return start + size; }
  friend constexpr bool operator==(const MemoryRange&, const MemoryRange&) = default;
};

/// A memory map of fixed capacity: there is no heap yet when it is made.
class MemoryMap {
 public:
  static constexpr usize capacity = 128;

  /// Adds a range as firmware gave it. Empty ranges are left out, and what reaches past the last
  /// physical address is cut. False when the map is full.
  bool add(MemoryRange range);
  /// Sorts, cuts overlaps (the less usable kind wins) and joins neighbours of one kind. What no
  /// longer fits into the map's capacity is dropped from its end and counted.
  void normalise();
  /// Makes `[start, start + size)` reserved, whatever it was. For a normalised map, which stays so.
  void reserve(PhysAddr start, u64 size);

  std::span<const MemoryRange> ranges() const { return std::span(ranges_).first(count_); }
  u64 usable_bytes() const;
  usize dropped() const { return dropped_; }

 private:
  std::array<MemoryRange, capacity> ranges_{};
  usize count_ = 0;
  usize dropped_ = 0;
};

}  // namespace nacre::hw
