#include "kernel/memory/frame_allocator.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/assert.hpp"

namespace nacre::memory {
namespace {

/// Firmware, option ROMs and BIOS data live here whatever the memory map says.
constexpr u64 first_managed = u64{1} << 20;

/// At most this part of the memory may go into describing it: a map may claim a range at any
/// address, and every frame below its end costs a byte.
constexpr u64 smallest_use = 16;

/// Whole frames.
struct Frames {
  hw::PhysAddr start;
  hw::PhysAddr end;
};
Frames managed_frames(const hw::MemoryRange& range) {
  if (range.kind != hw::MemoryKind::Usable) return {};
  u64 const start = base::align_up(std::max(range.start.value, first_managed), hw::page_size);
  u64 const end = base::align_down(range.end().value, hw::page_size);
  return {{start}, {std::max(start, end)}};
}

}  // namespace

std::expected<FrameAllocator, OutOfMemory> FrameAllocator::create(const hw::MemoryMap& map,
                                                                  PhysicalWindow window,
                                                                  hw::PhysAddr reachable) {
  u64 highest = 0;
  u64 usable = 0;
  for (auto const& range : map.ranges()) {
    auto const [start, end] = managed_frames(range);
    usable += end - start;
    if (end.value / hw::page_size <= usable / smallest_use) highest = std::max(highest, end.value);
  }
  u64 const frame_count = highest / hw::page_size;
  u64 const table_bytes = base::align_up(frame_count * sizeof(Frame), hw::page_size);

  // The last range that can hold it: low memory stays free for what needs that.
  hw::PhysAddr table{};
  for (auto const& range : map.ranges()) {
    auto const [start, end] = managed_frames(range);
    hw::PhysAddr const limit = std::min({end, reachable, hw::PhysAddr{highest}});
    if (start < limit && limit - start >= table_bytes) table = start;
  }
  if (frame_count == 0 || table.value == 0) return std::unexpected(OutOfMemory{});

  FrameAllocator allocator(window);
  allocator.frames_ = std::span(window.at<Frame>(table), frame_count);
  std::memset(allocator.frames_.data(), 0, table_bytes);
  allocator.add_usable(map, {}, reachable);
  return allocator;
}

void FrameAllocator::add_from(hw::PhysAddr reachable, const hw::MemoryMap& map) {
  add_usable(map, reachable, hw::MemoryMap::limit);
}

void FrameAllocator::add_usable(const hw::MemoryMap& map, hw::PhysAddr from, hw::PhysAddr to) {
  hw::PhysAddr const table = window_.physical(frames_.data());
  hw::PhysAddr const described{frames_.size() * hw::page_size};
  for (auto const& range : map.ranges()) {
    auto [start, end] = managed_frames(range);
    if (start == table) start = table + base::align_up(frames_.size(), hw::page_size);
    add_range(std::max(start, from), std::min({end, to, described}));
  }
}

void FrameAllocator::add_range(hw::PhysAddr start, hw::PhysAddr end) {
  while (start < end) {
    Order order = largest_order;
    while (start.value % order.bytes() != 0 || end - start < order.bytes()) --order.value;
    push_free(start, order);
    free_bytes_ += order.bytes();
    total_bytes_ += order.bytes();
    start = start + order.bytes();
  }
}

void FrameAllocator::push_free(hw::PhysAddr block, Order order) {
  Frame& head = frame(block);
  head.state = Frame::State::Free;
  head.order = order.value & 0xf;
  head.mark = 0;
  auto* const link = window_.at<FreeBlock>(block);
  FreeBlock*& list = free_lists_[order.value];
  link->previous = nullptr;
  link->next = list;
  if (list != nullptr) list->previous = link;
  list = link;
}

void FrameAllocator::remove_free(hw::PhysAddr block, Order order) {
  auto* const link = window_.at<FreeBlock>(block);
  (link->previous != nullptr ? link->previous->next : free_lists_[order.value]) = link->next;
  if (link->next != nullptr) link->next->previous = link->previous;
  frame(block).state = Frame::State::Interior;
}

std::expected<hw::PhysAddr, OutOfMemory> FrameAllocator::allocate(Order order) {
  if (order > largest_order) return std::unexpected(OutOfMemory{});
  Order found = order;
  while (found <= largest_order && free_lists_[found.value] == nullptr) ++found.value;
  if (found > largest_order) return std::unexpected(OutOfMemory{});

  hw::PhysAddr const block = window_.physical(free_lists_[found.value]);
  remove_free(block, found);
  while (found > order) {
    --found.value;
    push_free(block + found.bytes(), found);
  }
  Frame& head = frame(block);
  head.state = Frame::State::Allocated;
  head.order = order.value & 0xf;
  head.mark = 0;
  free_bytes_ -= order.bytes();
  return block;
}

std::expected<hw::PhysAddr, OutOfMemory> FrameAllocator::allocate_zeroed(Order order) {
  auto const block = allocate(order);
  if (block) std::memset(window_.at<u8>(*block), 0, order.bytes());
  return block;
}

void FrameAllocator::free(hw::PhysAddr block, Order order) {
  NACRE_ASSERT(frame(block).state == Frame::State::Allocated && frame(block).order == order.value);
  frame(block).state = Frame::State::Interior;
  frame(block).mark = 0;
  free_bytes_ += order.bytes();
  while (order < largest_order) {
    hw::PhysAddr const buddy{block.value ^ order.bytes()};
    if (buddy.value / hw::page_size >= frames_.size()) break;
    Frame const& other = frame(buddy);
    if (other.state != Frame::State::Free || other.order != order.value) break;
    remove_free(buddy, order);
    block = std::min(block, buddy);
    ++order.value;
  }
  push_free(block, order);
}

void FrameAllocator::set_mark(hw::PhysAddr block, u8 mark) { frame(block).mark = mark & 3; }
u8 FrameAllocator::mark(hw::PhysAddr block) const { return frame(block).mark; }
Order FrameAllocator::order_of(hw::PhysAddr block) const { return {frame(block).order}; }

}  // namespace nacre::memory
