#pragma once

#include <cstdlib>
#include <sys/mman.h>
#include <vector>

#include "kernel/memory/frame_allocator.hpp"

/// Physical memory for tests of kernel/memory.
namespace nacre::test {

using base::u64;
using base::u8;

/// Anonymous memory that stands for physical memory from address 0 on.
class PhysicalArena {
 public:
  explicit PhysicalArena(u64 size) : size_(size) {
    mapped_ = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped_ == MAP_FAILED) std::abort();
  }
  PhysicalArena(const PhysicalArena&) = delete;
  PhysicalArena& operator=(const PhysicalArena&) = delete;
  ~PhysicalArena() { ::munmap(mapped_, size_); }

  u64 size() const { return size_; }
  memory::PhysicalWindow window() const {
    return memory::PhysicalWindow({reinterpret_cast<u64>(mapped_)});
  }

 private:
  void* mapped_;
  u64 size_;
};

/// Frames over an arena of which everything is usable.
struct ArenaFrames {
  explicit ArenaFrames(u64 size) : arena(size), frames(*create(arena)) {}
  static std::expected<memory::FrameAllocator, base::OutOfMemory> create(
      const PhysicalArena& arena) {
    hw::MemoryMap map;
    map.add({{0}, arena.size(), hw::MemoryKind::Usable});
    return memory::FrameAllocator::create(map, arena.window());
  }

  PhysicalArena arena;
  memory::FrameAllocator frames;
};

/// Takes frames away until `left` single frames are free, scattered or not as they come; gives all
/// back at its end.
class FrameShortage {
 public:
  FrameShortage(memory::FrameAllocator& frames, u64 left) : frames_(frames) {
    while (auto const frame = frames.allocate(memory::single_frame)) taken_.push_back(*frame);
    for (; left > 0 && !taken_.empty(); --left) give_one();
  }
  FrameShortage(const FrameShortage&) = delete;
  FrameShortage& operator=(const FrameShortage&) = delete;
  ~FrameShortage() {
    while (!taken_.empty()) give_one();
  }

 private:
  void give_one() {
    frames_.free(taken_.back(), memory::single_frame);
    taken_.pop_back();
  }
  memory::FrameAllocator& frames_;
  std::vector<hw::PhysAddr> taken_;
};

}  // namespace nacre::test
