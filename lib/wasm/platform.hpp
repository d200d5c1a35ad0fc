#pragma once

#include <expected>

#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::wasm {

/// Everything that the engine asks of its host, besides the heap behind `base::allocate`. One
/// implementation maps pages of a Linux process, another one those of the kernel.
///
/// Address space is reserved first and gets its memory later: what is reserved never moves, so that
/// a linear memory or a value stack can grow while others point into it.
class Platform {
 public:
  /// Sizes and addresses given to a platform are multiples of this.
  static constexpr base::usize page_size = 4096;

  /// Sets aside `size` bytes of address space, aligned to a page. Touching them is a fault.
  [[nodiscard]] virtual std::expected<base::u8*, base::OutOfMemory> reserve(base::usize size) = 0;
  /// Makes `size` bytes at `address`, inside one reservation and not committed before, readable,
  /// writable and zero. Errors: OutOfMemory, and then nothing was committed.
  [[nodiscard]] virtual std::expected<void, base::OutOfMemory> commit(base::u8* address,
                                                                      base::usize size) = 0;
  /// About how many bytes could be committed at the moment.
  virtual base::u64 available() const { return UINT64_MAX; }
  /// Gives a whole reservation back, with everything committed in it.
  virtual void release(base::u8* address, base::usize size) = 0;

 protected:
  ~Platform() = default;
};

/// One reservation, released when it dies.
class Reservation {
 public:
  static std::expected<Reservation, base::OutOfMemory> create(Platform& platform,
                                                              base::usize size) {
    auto const address = platform.reserve(size);
    if (!address) return std::unexpected(address.error());
    return Reservation(platform, *address, size);
  }
  Reservation(Reservation&& other) noexcept
      : platform_(other.platform_),
        address_(std::exchange(other.address_, nullptr)),
        size_(other.size_),
        committed_(other.committed_) {}
  Reservation& operator=(Reservation&&) = delete;
  ~Reservation() {
    if (address_ != nullptr) platform_->release(address_, size_);
  }

  base::u8* data() const { return address_; }
  base::usize size() const { return size_; }
  base::usize committed() const { return committed_; }

  /// Whether the host has as much memory left as committing the front up to `size` bytes takes.
  bool may_commit_to(base::usize size) const {
    return size <= committed_ || size - committed_ <= platform_->available();
  }
  /// Commits the front up to `size` bytes, rounded up to pages. Errors: OutOfMemory, also when
  /// `size` is more than was reserved.
  [[nodiscard]] std::expected<void, base::OutOfMemory> commit_to(base::usize size) {
    if (size <= committed_) return {};
    if (size > size_) return std::unexpected(base::OutOfMemory{});
    base::usize const rounded = base::align_up(size, Platform::page_size);
    if (auto const done = platform_->commit(address_ + committed_, rounded - committed_); !done)
      return done;
    committed_ = rounded;
    return {};
  }

 private:
  Reservation(Platform& platform, base::u8* address, base::usize size)
      : platform_(&platform), address_(address), size_(size) {}

  Platform* platform_;
  base::u8* address_;
  base::usize size_;
  base::usize committed_ = 0;
};

}  // namespace nacre::wasm
