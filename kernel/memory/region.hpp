#pragma once

#include <expected>
#include <string_view>
#include <utility>

#include "kernel/memory/address_space.hpp"
#include "kernel/memory/virtual_ranges.hpp"

namespace nacre::memory {

/// Reserved addresses of which a prefix has memory, with guard pages on either side: stacks, and
/// linear memories that grow without moving. Context: task or boot.
class Region {
 public:
  /// Reserves `size` bytes (rounded up to pages) with `guard` bytes, whole pages, on either side;
  /// none has memory yet. Errors: OutOfMemory.
  static std::expected<Region, MapError> reserve(std::string_view name, u64 size,
                                                 u64 alignment = hw::page_size,
                                                 u64 guard = hw::page_size);

  Region(Region&& other) noexcept
      : range_(std::exchange(other.range_, nullptr)),
        committed_(std::exchange(other.committed_, 0)) {}
  Region& operator=(Region&& other) noexcept {
    if (this != &other) {
      release();
      range_ = std::exchange(other.range_, nullptr);
      committed_ = std::exchange(other.committed_, 0);
    }
    return *this;
  }
  ~Region() { release(); }

  /// Gives the first `size` bytes memory, zeroed where it is new; readable and writable. Whole
  /// aligned 2 MiB come in large pages, so a region that grows by such is best reserved with that
  /// alignment. Never shrinks. Errors: OutOfMemory, OutOfRange; then nothing changed.
  std::expected<void, MapError> commit(u64 size);

  /// How many bytes all regions together could still get.
  static u64 available();

  hw::VirtAddr start() const { return range_->start(); }
  hw::VirtAddr end() const { return range_->start() + range_->size; }
  u64 size() const { return range_->size; }
  u64 committed() const { return committed_; }

 private:
  explicit Region(VirtualRange& range) : range_(&range) {}
  void release();

  VirtualRange* range_;
  u64 committed_ = 0;
};

/// A stack of `size` bytes with guard pages below it: so many that no function's frame, whatever it
/// writes first, reaches past them.
std::expected<Region, MapError> create_stack(std::string_view name, u64 size);

}  // namespace nacre::memory
