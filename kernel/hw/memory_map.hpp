#pragma once

#include <array>
#include <expected>
#include <span>

#include "kernel/hw/address.hpp"

namespace nacre::hw {

/// What a range of physical memory is, the less usable the later. `InUse` is said by us, of memory
/// that holds the kernel, a module or boot information; the others by firmware. [acpi: "Address
/// Range Types"]
enum class MemoryKind : u8 { Usable, InUse, AcpiReclaimable, AcpiNvs, Reserved, Bad };

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
  /// No range reaches past this address: what the kernel has room to show in one piece.
  static constexpr PhysAddr limit{u64{1} << 46};

  /// Adds a range as firmware gave it. Empty ranges are left out, and what reaches past `limit` is
  /// cut. When the map is full, usable memory makes room for what is not usable: memory that nobody
  /// knows of is not used, but memory that must not be used may not be forgotten. False when
  /// something was left out.
  bool add(MemoryRange range);
  /// Sorts, cuts overlaps (the less usable kind wins) and joins neighbours of one kind. What no
  /// longer fits into the map's capacity is dropped from its end and counted.
  void normalise();
  /// Makes what is usable of `[start, start + size)` in use. For a normalised map, which stays so.
  void take(PhysAddr start, u64 size);

  std::span<const MemoryRange> ranges() const { return std::span(ranges_).first(count_); }
  u64 usable_bytes() const;
  usize dropped() const { return dropped_; }

 private:
  /// Drops the smallest usable range, if there is one.
  void drop_usable();

  std::array<MemoryRange, capacity> ranges_{};
  usize count_ = 0;
  usize dropped_ = 0;
  /// A range that is not usable was dropped: a usable one that comes later may cover it.
  bool incomplete_ = false;
};

}  // namespace nacre::hw
