#pragma once

#include <expected>

#include "lib/wasm/binary/types.hpp"
#include "lib/wasm/platform.hpp"

namespace nacre::wasm {

/// A linear memory. The whole of what 32 bits can address is reserved, and behind it a guard as
/// large as any static offset, so that compiled code needs no check; pages are committed as the
/// memory grows. It never moves. [wasm/core: "Memory Instances"]
class LinearMemory {
 public:
  static constexpr u64 reserved = u64{8} << 30;

  /// `host_pages` is the most that the host lets it grow to, in WebAssembly pages.
  /// Errors: OutOfMemory, also when the initial size is above that.
  static std::expected<LinearMemory, base::OutOfMemory> create(Platform& platform,
                                                               const MemoryType& type,
                                                               u32 host_pages);

  u8* data() const { return reservation_.data(); }
  /// In bytes.
  u64 size() const { return size_; }
  u32 pages() const { return static_cast<u32>(size_ / MemoryType::page_size); }
  /// What it is now: the current size as the minimum.
  MemoryType type() const { return {{pages(), maximum_}}; }
  /// Whether no limit stands against adding `pages` pages, and the host has as much memory now.
  bool may_grow(u32 pages) const;
  /// Takes the host's memory for the first `size` bytes of what is to be added, so that `grow` has
  /// less to do. False where the host has none left.
  bool prepare(u64 size);
  /// Adds `pages` zeroed pages; false where a limit or the host's memory stands against it.
  bool grow(u32 pages);

 private:
  LinearMemory(Reservation reservation, std::optional<u32> maximum, u32 host_pages)
      : reservation_(std::move(reservation)), maximum_(maximum), host_pages_(host_pages) {}

  Reservation reservation_;
  u64 size_ = 0;
  std::optional<u32> maximum_;
  u32 host_pages_;
};

}  // namespace nacre::wasm
