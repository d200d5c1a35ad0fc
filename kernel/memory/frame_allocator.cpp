#include "kernel/memory/frame_allocator.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/assert.hpp"

namespace nacre::memory {
namespace {

/// Firmware, option ROMs and BIOS data live here whatever the memory map says.
constexpr u64 first_managed = u64{1} << 20;

}  // namespace

std::expected<FrameAllocator, OutOfMemory> FrameAllocator::create(const hw::MemoryMap& map,
                                                                  PhysicalWindow window) {
  FrameAllocator allocator(window);
  auto const managed = [](const hw::MemoryRange& range) {
    u64 const start = base::align_up(std::max(range.start.value, first_managed), hw::page_size);
    u64 const end = base::align_down(range.end().value, hw::page_size);
    return std::pair(hw::PhysAddr{start}, hw::PhysAddr{std::max(start, end)});
  };
  auto const is_usable = [](const hw::MemoryRange& range) {
    return range.kind == hw::MemoryKind::Usable;
  };

  u64 highest = 0;
  for (auto const& range : map.ranges()) {
    if (is_usable(range)) highest = std::max(highest, managed(range).second.value);
  }
  u64 const frame_count = highest / hw::page_size;
  u64 const table_bytes = base::align_up(frame_count * sizeof(Frame), hw::page_size);

  hw::PhysAddr table{};
  for (auto const& range : map.ranges()) {
    if (!is_usable(range)) continue;
    auto const [start, end] = managed(range);
    if (end - start >= table_bytes) table = start;
  }
  if (table.value == 0) return std::unexpected(OutOfMemory{});
  allocator.frames_ = std::span(window.at<Frame>(table), frame_count);
  std::memset(allocator.frames_.data(), 0, table_bytes);

  for (auto const& range : map.ranges()) {
    if (!is_usable(range)) continue;
    auto [start, end] = managed(range);
    if (start == table) start = start + table_bytes;
    allocator.add_range(start, end);
  }
  allocator.total_bytes_ = allocator.free_bytes_;
  return allocator;
}

void FrameAllocator::add_range(hw::PhysAddr start, hw::PhysAddr end) {
  while (start < end) {
    Order order = largest_order;
    while (start.value % order.bytes() != 0 || end - start < order.bytes()) --order.value;
    push_free(start, order);
    free_bytes_ += order.bytes();
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
