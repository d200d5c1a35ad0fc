#pragma once

#include <array>
#include <expected>
#include <span>

#include "kernel/hw/memory_map.hpp"
#include "kernel/memory/physical_window.hpp"
#include "lib/base/memory.hpp"

namespace nacre::memory {

using base::OutOfMemory;

/// A block of `1 << order` frames of 4 KiB, aligned to its size.
struct Order {
  u8 value = 0;
  friend constexpr auto operator<=>(Order, Order) = default;
  constexpr u64 bytes() const { return hw::page_size << value; }
  /// The smallest that holds `bytes`; one above the largest that there is when none does.
  static constexpr Order covering(u64 bytes);
};
inline constexpr Order single_frame{0};
inline constexpr Order large_frame{9};  // 2 MiB, one large page
inline constexpr Order largest_order{10};

constexpr Order Order::covering(u64 bytes) {
  Order order;
  while (order <= largest_order && order.bytes() < bytes) ++order.value;
  return order;
}

/// Physical memory in blocks of powers of two (a buddy allocator). Free blocks hold the links of
/// their lists themselves; one byte a frame, taken from the memory it describes, says what the
/// frame is. Context: task or boot; no interrupts.
class FrameAllocator {
 public:
  /// Takes over the usable ranges of a normalised `map` as far as they lie below `reachable`, the
  /// end of what `window` shows so far. Ranges so far above the rest that describing them would
  /// cost more than they are worth are left out for good. Errors: OutOfMemory when no range can
  /// hold the bytes that describe the frames.
  static std::expected<FrameAllocator, OutOfMemory> create(
      const hw::MemoryMap& map, PhysicalWindow window,
      hw::PhysAddr reachable = hw::MemoryMap::limit);
  /// Takes over the rest of the same `map`, from `reachable` on, once `window` shows it.
  void add_from(hw::PhysAddr reachable, const hw::MemoryMap& map);

  /// A block that nobody else has; its bytes are arbitrary. Errors: OutOfMemory.
  std::expected<hw::PhysAddr, OutOfMemory> allocate(Order order);
  /// The same, filled with zeros.
  std::expected<hw::PhysAddr, OutOfMemory> allocate_zeroed(Order order);
  /// Gives back a block that `allocate` gave with that order.
  void free(hw::PhysAddr block, Order order);

  /// A mark that the owner of an allocated block may set on its first frame, 0 to begin with.
  void set_mark(hw::PhysAddr block, u8 mark);
  u8 mark(hw::PhysAddr block) const;
  /// The order with which the block that starts at `block` was allocated.
  Order order_of(hw::PhysAddr block) const;

  u64 free_bytes() const { return free_bytes_; }
  u64 total_bytes() const { return total_bytes_; }
  PhysicalWindow window() const { return window_; }

 private:
  /// One byte a frame.
  struct Frame {
    enum class State : u8 { Unmanaged, Interior, Free, Allocated };
    u8 order : 4 = 0;
    State state : 2 = State::Unmanaged;
    u8 mark : 2 = 0;
  };
  static_assert(sizeof(Frame) == 1);
  struct FreeBlock {
    FreeBlock* next;
    FreeBlock* previous;
  };

  explicit FrameAllocator(PhysicalWindow window) : window_(window) {}
  Frame& frame(hw::PhysAddr at) { return frames_[at.value / hw::page_size]; }
  const Frame& frame(hw::PhysAddr at) const { return frames_[at.value / hw::page_size]; }
  void add_usable(const hw::MemoryMap& map, hw::PhysAddr from, hw::PhysAddr to);
  void add_range(hw::PhysAddr start, hw::PhysAddr end);
  void push_free(hw::PhysAddr block, Order order);
  void remove_free(hw::PhysAddr block, Order order);

  PhysicalWindow window_;
  std::span<Frame> frames_;
  std::array<FreeBlock*, largest_order.value + 1> free_lists_{};
  u64 free_bytes_ = 0;
  u64 total_bytes_ = 0;
};

}  // namespace nacre::memory
